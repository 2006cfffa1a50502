package io.listenbacklog.kernel.process;

import java.util.List;

/**
 * What a process is. Strings are untrusted: control characters are removed, the length is bounded,
 * nothing else is guaranteed.
 *
 * @param pid of the thread group, in the PID namespace of the node
 * @param command its comm, at most 15 characters
 * @param executable where {@code /proc/PID/exe} leads; empty where it cannot be read
 * @param arguments at most 64, together at most 4 KiB
 * @param containerName as in the pod's spec, from the mount of its termination log; empty where
 *     unknown
 * @param goRuntime whether it is a Go program, as far as its signal handlers show
 */
public record ProcessFacts(
    int pid,
    String command,
    String executable,
    List<String> arguments,
    String containerName,
    boolean goRuntime) {

  public ProcessFacts {
    arguments = List.copyOf(arguments);
  }
}
