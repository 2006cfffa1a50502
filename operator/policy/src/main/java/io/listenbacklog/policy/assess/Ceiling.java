package io.listenbacklog.policy.assess;

/**
 * What net.core.somaxconn was when an application set a backlog. The kernel clamps the backlog at
 * that moment (__sys_listen(), net/socket.c) and does not record it, and somaxconn may have been
 * written since.
 */
public final class Ceiling {
  private Ceiling() {}

  /**
   * Known where it was seen, and where the backlog itself shows it.
   *
   * @param backlog that the application set, as far as somaxconn allowed
   * @param seen whether the listener is so new that somaxconn was the same then
   * @param now net.core.somaxconn; 0: not known
   * @param beforeOurRaise what it was before we raised it; 0: we did not
   * @return 0: not known
   */
  public static int of(int backlog, boolean seen, int now, int beforeOurRaise) {
    if (beforeOurRaise != 0 && backlog == beforeOurRaise) return beforeOurRaise;
    boolean hasAllThereIs = backlog == now;
    return seen || hasAllThereIs ? now : 0;
  }
}
