package io.listenbacklog.probe.telemetry;

import java.util.concurrent.atomic.AtomicLong;

/** What the probe counted since it started; written by the loop, read by anyone. */
public final class Counters {
  public final AtomicLong births = new AtomicLong();
  public final AtomicLong birthsOfPods = new AtomicLong();
  public final AtomicLong birthsLeft = new AtomicLong();
  public final AtomicLong eventsLost = new AtomicLong();
  public final AtomicLong sweeps = new AtomicLong();
  public final AtomicLong sweepNanos = new AtomicLong();
  public final AtomicLong lastSweepNanos = new AtomicLong();
  public final AtomicLong backlogsRaised = new AtomicLong();
  public final AtomicLong grown = new AtomicLong();
  public final AtomicLong sysctlsRaised = new AtomicLong();
  public final AtomicLong restored = new AtomicLong();
  public final AtomicLong stalls = new AtomicLong();
  public final AtomicLong refused = new AtomicLong();
  public final AtomicLong errors = new AtomicLong();
  public final AtomicLong statusWrites = new AtomicLong();
  public final AtomicLong statusFailures = new AtomicLong();
  public final AtomicLong statusBytes = new AtomicLong();
  public final AtomicLong omittedListeners = new AtomicLong();
}
