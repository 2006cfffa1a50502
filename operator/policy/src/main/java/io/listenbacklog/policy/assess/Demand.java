package io.listenbacklog.policy.assess;

/** What a requirement asks of the listeners on one port. */
public sealed interface Demand {

  /**
   * A backlog of at least {@code minimum}, and growth after overflows.
   *
   * @param minimum 1 to 65535; 0: none, only overflows raise it
   * @param maximum how far it may grow, 1 to 65535; not above {@code minimum}: it never grows
   */
  record AtLeast(int minimum, int maximum) implements Demand {

    /** Without growth. */
    public AtLeast(int minimum) {
      this(minimum, 0);
    }
  }

  /** Nothing, and they are never changed: the port is exempt. */
  record Exempt() implements Demand {}

  /** Nothing: neither the port nor the pod has a minimum. */
  record Nothing() implements Demand {}
}
