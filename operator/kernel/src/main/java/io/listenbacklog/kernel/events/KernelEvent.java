package io.listenbacklog.kernel.events;

/** An event that the kernel reported as it happened. */
public sealed interface KernelEvent {

  /**
   * A TCP socket is about to listen. It may take some microseconds until a look-up finds it, and
   * the attempt may still fail.
   *
   * @param thread that called listen(), in the PID namespace of the node
   * @param port 1 to 65535
   */
  record ListenerBorn(int thread, int port) implements KernelEvent {}

  /**
   * A cgroup was created: soon there may be a container in it.
   *
   * @param path from the root of its hierarchy
   */
  record CgroupMade(String path) implements KernelEvent {}

  /** The kernel dropped events: only a sweep finds what they were about. */
  record EventsLost() implements KernelEvent {}
}
