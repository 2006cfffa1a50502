package io.listenbacklog.kernel.threads;

import org.jspecify.annotations.Nullable;

/**
 * What a thread does at one moment.
 *
 * @param pid of its process, in the PID namespace of the node
 * @param thread its own id, there too
 * @param name its comm, at most 15 characters, cleaned
 * @param call the system call it waits in; null: in none, or not known
 */
public record ThreadFacts(
    int pid, int thread, String name, Condition condition, @Nullable BlockedCall call) {

  /** The state of a thread. */
  public enum Condition {
    /** It runs on a CPU, or waits for one. */
    RUNNING,
    /** It sleeps until something happens. */
    SLEEPING,
    /** It sleeps and not even a signal wakes it: for a disk, mostly. */
    UNINTERRUPTIBLE,
    /** It was stopped, by a signal or a debugger. */
    STOPPED,
    /** Its cgroup is frozen. */
    FROZEN
  }

  /** Whether this is the first thread of its process. */
  public boolean isMain() {
    return pid == thread;
  }
}
