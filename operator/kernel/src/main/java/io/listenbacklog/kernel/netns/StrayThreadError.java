package io.listenbacklog.kernel.netns;

/**
 * A thread entered a network namespace and cannot leave it. Whatever it asks the kernel from now on
 * is answered for the wrong namespace: it must end. So this is an Error, which nobody mistakes for
 * the failure of one visit.
 */
public final class StrayThreadError extends Error {
  private static final long serialVersionUID = 1;

  /**
   * A thread that took another user's credentials and cannot drop them: it must end, too.
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
