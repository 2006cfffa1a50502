package io.listenbacklog.controller.event;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A rate limit, with bursts. */
final class TokenBucket {
  private static final long SECOND = 1_000_000_000L;

  private final long intervalNanos;
  private final long burstNanos;
  private final LongSupplier nanoTime;

  /** When the bucket would be full again if nothing more were taken. */
  private long paidUntil;

  /**
   * @param nanoTime a monotonic clock
   */
  TokenBucket(int perSecond, int burst, LongSupplier nanoTime) {
    intervalNanos = SECOND / perSecond;
    burstNanos = intervalNanos * burst;
    this.nanoTime = nanoTime;
    paidUntil = nanoTime.getAsLong();
  }

  /** Takes one; how long to wait before doing it. */
  synchronized Duration take() {
    long now = nanoTime.getAsLong();
    if (paidUntil - now < 0) paidUntil = now;
    paidUntil += intervalNanos;
    return Duration.ofNanos(Math.max(0, paidUntil - now - burstNanos));
  }
}
