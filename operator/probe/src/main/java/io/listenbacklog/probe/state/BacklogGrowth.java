package io.listenbacklog.probe.state;

import io.listenbacklog.api.Growth;
import io.listenbacklog.policy.assess.Demand;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the backlog of one listener grows after overflows: it doubles, once in ten seconds at most,
 * and what it grew to is what it needs from then on, as long as it lives.
 */
public final class BacklogGrowth {
  private static final long PACE_NANOS = Duration.ofSeconds(10).toNanos();

  private int target;
  private int maximum;
  private boolean due;
  private long attempts;
  private long nextNanos;
  private @Nullable Growth told;

  BacklogGrowth(long nanos) {
    nextNanos = nanos;
  }

  /** What it grew to, or is about to; 0: it did not. */
  public int target() {
    return target;
  }

  /** The last step that took effect; null: there was none. */
  public @Nullable Growth told() {
    return told;
  }

  /** An earlier probe let it grow. */
  public void remember(Growth earlier) {
    if (target != 0) return;
    told = earlier;
    target = earlier.to();
    maximum = earlier.maximum();
  }

  /**
   * It overflowed: takes the next step if there is one to take, and it is time.
   *
   * @param dropped attempts
   * @param backlog what the kernel holds; one below what it needs is to be raised to that first
   */
  public void overflowed(Demand.AtLeast demand, int backlog, long dropped, long nanos) {
    attempts += dropped;
    int next = demand.grownTo(target).growthFrom(backlog);
    if (next == 0 || nanos - nextNanos < 0) return;
    nextNanos = nanos + PACE_NANOS;
    target = next;
    due = true;
    maximum = demand.maximum();
  }

  /** A raise took effect; true if that was the step that was due, or a part of it. */
  public boolean took(int from, int to, Instant at) {
    if (!due) return false;
    told = new Growth(from, to, maximum, attempts, at);
    attempts = 0;
    due = to < target;
    return true;
  }

  /** Nothing lets it grow any more. */
  public void forget() {
    target = 0;
    due = false;
    attempts = 0;
    told = null;
  }
}
