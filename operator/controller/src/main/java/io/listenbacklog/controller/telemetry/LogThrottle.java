package io.listenbacklog.controller.telemetry;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Trouble that goes on is said when it begins and then now and again, not at each try. */
public final class LogThrottle {
  private static final Duration NOW_AND_AGAIN = Duration.ofMinutes(5);

  private final Clock clock;
  private @Nullable Instant said;

  public LogThrottle(Clock clock) {
    this.clock = clock;
  }

  /** Whether to say it. */
  public synchronized boolean isNews() {
    Instant now = clock.instant();
    if (said != null && said.plus(NOW_AND_AGAIN).isAfter(now)) return false;
    said = now;
    return true;
  }

  /** The next one is news again. */
  public synchronized void over() {
    said = null;
  }
}
