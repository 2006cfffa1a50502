package io.listenbacklog.probe.budget;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How much time the step that runs now has left. */
public final class StepBudget {
  private final LongSupplier ticker;
  private final long lengthNanos;
  private long endNanos;
  private long number;

  public StepBudget(LongSupplier ticker, Duration length) {
    this.ticker = ticker;
    lengthNanos = length.toNanos();
    begin();
  }

  /** A step begins. */
  public void begin() {
    number++;
    endNanos = ticker.getAsLong() + lengthNanos;
  }

  /** What comes now has as much time at least as what came before it, and half of a step. */
  public void leaveHalf() {
    long now = ticker.getAsLong();
    long took = now - (endNanos - lengthNanos);
    endNanos = Math.max(endNanos, now + Math.max(took, lengthNanos / 2));
  }

  /** Whether what is left to do has to wait for a later step. */
  public boolean spent() {
    return ticker.getAsLong() - endNanos >= 0;
  }

  /** Which step this is: what was done or read in it need not be done again in it. */
  public long number() {
    return number;
  }
}
