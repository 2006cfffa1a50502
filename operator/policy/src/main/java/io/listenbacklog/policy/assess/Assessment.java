package io.listenbacklog.policy.assess;

import io.listenbacklog.api.Verdict;

/** The verdict on one listener. */
public sealed interface Assessment {

  /** Its port is exempt. */
  record ExemptListener() implements Assessment {}

  /**
   * No requirement applies to it, or it has the backlog it needs. {@code required} is 0 where
   * nothing is asked.
   */
  record Sufficient(int backlog, int required) implements Assessment {}

  /**
   * It has less than it needs.
   *
   * @param cause {@link Verdict#UNDERSIZED_BY_APPLICATION} or {@link
   *     Verdict#UNDERSIZED_BY_SOMAXCONN}
   */
  record Undersized(int backlog, int required, Verdict cause) implements Assessment {}

  /**
   * Judges a listener.
   *
   * @param demand what is asked of listeners on its port
   * @param backlog the limit the kernel holds
   * @param somaxconn of its network namespace, now. The kernel clamped the backlog to the value of
   *     the moment of {@code listen()}: a backlog of exactly somaxconn was capped by it, a lower
   *     one was asked for by the application.
   */
  static Assessment of(Demand demand, int backlog, int somaxconn) {
    return switch (demand) {
      case Demand.Exempt() -> new ExemptListener();
      case Demand.Nothing() -> new Sufficient(backlog, 0);
      case Demand.AtLeast(int minimum, _) when backlog >= minimum ->
          new Sufficient(backlog, minimum);
      case Demand.AtLeast(int minimum, _) ->
          new Undersized(
              backlog,
              minimum,
              backlog < somaxconn
                  ? Verdict.UNDERSIZED_BY_APPLICATION
                  : Verdict.UNDERSIZED_BY_SOMAXCONN);
    };
  }
}
