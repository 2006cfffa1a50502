package io.listenbacklog.policy.assess;

/** What a requirement asks of the listeners on one port. */
public sealed interface Demand {

  /** A backlog of at least {@code minimum}, 1 to 65535. */
  record AtLeast(int minimum) implements Demand {}

  /** Nothing, and they are never changed: the port is exempt. */
  record Exempt() implements Demand {}

  /** Nothing: neither the port nor the pod has a minimum. */
  record Nothing() implements Demand {}
}
