package io.listenbacklog.policy.assess;

import org.jspecify.annotations.Nullable;

/** What a requirement asks of the listeners on one port. */
public sealed interface Demand {

  /**
   * What two numbers of a policy ask for.
   *
   * @param minimum null: none
   * @param maximum null: it never grows
   */
  static Demand of(@Nullable Integer minimum, @Nullable Integer maximum) {
    if (minimum == null && maximum == null) return new Nothing();
    return new AtLeast(minimum == null ? 0 : minimum, maximum == null ? 0 : maximum);
  }

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

    /** What is asked of a listener that grew: it needs that much from then on. */
    public AtLeast grownTo(int backlog) {
      return backlog <= minimum ? this : new AtLeast(backlog, maximum);
    }

    /**
     * What a listener grows to after an overflow: twice its backlog, never more than the maximum.
     *
     * @param backlog what the kernel holds
     * @return 0: it does not grow. The maximum is reached, or it has less than it needs, which is
     *     to be had first, or its backlog is 0: the application accepts nothing on purpose.
     */
    public int growthFrom(int backlog) {
      if (backlog <= 0 || backlog < minimum || backlog >= maximum) return 0;
      return (int) Math.min(maximum, 2L * backlog);
    }
  }

  /** Nothing, and they are never changed: the port, the path or loopback is exempt. */
  record Exempt() implements Demand {}

  /** Nothing: neither the port nor the pod has a minimum. */
  record Nothing() implements Demand {}
}
