package io.listenbacklog.catalogue;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What an application is recognised by.
 *
 * @param executable where {@code /proc/PID/exe} leads; empty where unknown
 * @param arguments its command line, perhaps cut
 * @param container the name of its container; empty where unknown
 * @param goRuntime whether it is a Go program
 * @param mapped the base names of the files it has mapped; read only where nothing else decides
 */
public record Program(
    String executable,
    List<String> arguments,
    String container,
    boolean goRuntime,
    Supplier<Set<String>> mapped) {

  /** What /proc/PID/exe has at its end when the file was replaced since (proc_pid_exe(5)). */
  private static final String DELETED = " (deleted)";

  public Program {
    arguments = List.copyOf(arguments);
  }

  /** The base name of its executable; of its first argument where that is unknown. */
  String name() {
    String path = executable;
    if (path.isEmpty() && !arguments.isEmpty()) path = arguments.getFirst();
    if (path.endsWith(DELETED)) path = path.substring(0, path.length() - DELETED.length());
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Its arguments with a space between. */
  String commandLine() {
    return String.join(" ", arguments);
  }
}
