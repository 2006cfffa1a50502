package io.listenbacklog.probe.budget;

import io.listenbacklog.probe.budget.Budgets.Rate;

/**
 * An amount that comes again with time, and is spent: by more than is left once, for the price of a
 * thing is known when it is done, and then nothing until that has come again.
 */
public final class Account {
  private static final long SECOND_NANOS = 1_000_000_000;

  private final Rate rate;
  private double left;
  private long asOfNanos;

  /** One that is full. */
  public Account(Rate rate, long now) {
    this.rate = rate;
    left = rate.most();
    asOfNanos = now;
  }

  private void refill(long now) {
    double came = (double) (now - asOfNanos) * rate.aSecond() / SECOND_NANOS;
    left = Math.min((double) rate.most(), left + came);
    asOfNanos = now;
  }

  /** How long it takes until something may be spent; 0: it may now. */
  public long waitNanos(long now) {
    refill(now);
    return left > 0 ? 0 : (long) ((1 - left) / rate.aSecond() * SECOND_NANOS);
  }

  /** Something was spent. */
  public void spend(long amount, long now) {
    refill(now);
    left -= amount;
  }

  boolean isHalfFull(long now) {
    refill(now);
    return left > rate.most() / 2.0;
  }

  boolean isFull(long now) {
    refill(now);
    return left >= rate.most();
  }
}
