package io.listenbacklog.kernel.netns;

/**
 * A thread went into a network namespace and cannot leave it. What it asks the kernel from now on
 * would be answered for the wrong namespace: it must end. So this is no exception, which somebody
 * on the way might take for the failure of one visit.
 */
public final class StrayThreadError extends Error {
  private static final long serialVersionUID = 1;

  /**
   * A thread that acted as another user and cannot be itself again: it must end for that, too.
   *
   * @param what it cannot do
   */
  public StrayThreadError(String what, Exception cause) {
    super(what, cause);
  }

  /** Names the thread; the cause names the system call. */
  public StrayThreadError(Thread thread, Exception cause) {
    super("thread %s cannot leave a network namespace".formatted(thread.getName()), cause);
  }
}
