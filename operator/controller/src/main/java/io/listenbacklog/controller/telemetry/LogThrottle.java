package io.listenbacklog.controller.telemetry;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Logs an ongoing problem when it begins and then every five minutes, not at each attempt. */
public final class LogThrottle {
  private static final Duration NOW_AND_AGAIN = Duration.ofMinutes(5);

  private final Clock clock;
  private @Nullable Instant said;

  public LogThrottle(Clock clock) {
    this.clock = clock;
  }

  /** Whether to log it now. */
  public synchronized boolean isNews() {
    Instant now = clock.instant();
    if (said != null && said.plus(NOW_AND_AGAIN).isAfter(now)) return false;
    said = now;
    return true;
  }

  /** The problem is gone: the next one is logged at once. */
  public synchronized void over() {
    said = null;
  }
}
