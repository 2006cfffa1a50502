package io.listenbacklog.policy.event;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands until a test sets it. */
public final class Ticking extends Clock {
  private volatile Instant now;

  public Ticking(Instant now) {
    this.now = now;
  }

  /** It is so late now. */
  public void set(Instant time) {
    now = time;
  }

  /** So much time passes. */
  public void pass(Duration time) {
    now = now.plus(time);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return now;
  }
}
