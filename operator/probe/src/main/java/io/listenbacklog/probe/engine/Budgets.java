package io.listenbacklog.probe.engine;

import java.time.Duration;

/**
 * What the probe may spend, whatever strangers do on its node: in all, and on one pod. A pod that
 * asks for more waits, or is told to be over its share; it takes nothing from another.
 *
 * @param step how long one step of the loop may last, 20 ms: what a birth may have to wait for.
 *     What is longer, such as the judgement of thousands of listeners, goes on in later steps
 * @param descriptorsOfPod file descriptors that may be looked at in search of who holds the
 *     listeners of one pod: each costs some 2 µs. A pod with 9,000 listeners is searched at once;
 *     one whose 500 processes hold 65,536 each takes 2 % of a core, and not a minute of the loop
 * @param descriptors the same for all pods together: 10 % of a core
 */
record Budgets(Duration step, Rate descriptorsOfPod, Rate descriptors) {

  /** What a probe has. */
  static final Budgets STANDARD =
      new Budgets(Duration.ofMillis(20), new Rate(10_000, 200_000), new Rate(50_000, 400_000));

  /**
   * An amount that comes again with time.
   *
   * @param aSecond that comes again
   * @param most that is there after a while without use
   */
  record Rate(long aSecond, long most) {}
}
