package io.listenbacklog.policy.assess;

import io.listenbacklog.api.Growth;
import io.listenbacklog.api.Remedy;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the backlog of one listener grows after overflows: it doubles, once in ten seconds at most,
 * and what it grew to is what it needs from then on, as long as it lives.
 *
 * @param target what it grew to, or is about to; 0: it did not
 * @param maximum the most that it may grow to, as its requirement said at the last step
 * @param due whether a step was taken that has not taken effect yet
 * @param attempts connection attempts that were dropped since the last step took effect
 * @param nextNanos no step is taken before this moment, on the clock that {@code nanos} is of
 * @param last the last step that took effect; null: there was none
 */
public record BacklogGrowth(
    int target, int maximum, boolean due, long attempts, long nextNanos, @Nullable Growth last) {

  private static final long PACE_NANOS = Duration.ofSeconds(10).toNanos();

  /** It has not grown, and may from now on. */
  public static BacklogGrowth none(long nanos) {
    return new BacklogGrowth(0, 0, false, 0, nanos, null);
  }

  /** An earlier probe let it grow. */
  public BacklogGrowth recall(Growth earlier) {
    if (target != 0) return this;
    return new BacklogGrowth(earlier.to(), earlier.maximum(), due, attempts, nextNanos, earlier);
  }

  /**
   * It overflowed: takes the next step if its requirement lets it grow, there is a step to take,
   * and it is time.
   *
   * @param place where it listens
   * @param backlog what the kernel holds; one below what it needs is to be raised to that first
   * @param dropped connection attempts
   */
  public BacklogGrowth overflowed(
      Requirement requirement, Place place, int backlog, long dropped, long nanos) {
    if (!requirement.allows(Remedy.RELISTEN)) return this;
    if (!(requirement.on(place) instanceof Demand.AtLeast demand)) return this;
    long all = attempts + dropped;
    int next = demand.grownTo(target).growthFrom(backlog);
    if (next == 0 || nanos - nextNanos < 0) {
      return new BacklogGrowth(target, maximum, due, all, nextNanos, last);
    }
    return new BacklogGrowth(next, demand.maximum(), true, all, nanos + PACE_NANOS, last);
  }

  /** A raise took effect: of a step that was due it was that one, or a part of it. */
  public BacklogGrowth raised(int from, int to, Instant at) {
    if (!due) return this;
    var step = new Growth(from, to, maximum, attempts, at);
    return new BacklogGrowth(target, maximum, to < target, 0, nextNanos, step);
  }

  /** Nothing lets it grow any more. */
  public BacklogGrowth end() {
    boolean nothing = target == 0 && !due && attempts == 0 && last == null;
    return nothing ? this : new BacklogGrowth(0, maximum, false, 0, nextNanos, null);
  }
}
