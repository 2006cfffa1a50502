package io.listenbacklog.probe.remedy;

import io.listenbacklog.probe.time.Clocks;
import java.time.Duration;

/**
 * Whether anything new may be raised. A spec that an earlier probe had kept may be a week old: what
 * it asks for may be asked for no more. So with it alone what is raised is kept, or put back, and
 * nothing is raised until the API has answered, or does not for a minute: a node whose API is away
 * is not left alone for that.
 */
public final class RaisePermit {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();

  private final Clocks clocks;
  private final long startedNanos;
  private boolean apiAnswered;

  public RaisePermit(Clocks clocks) {
    this.clocks = clocks;
    startedNanos = clocks.nanos();
  }

  public void apiAnswered() {
    apiAnswered = true;
  }

  public boolean isGiven() {
    return apiAnswered || clocks.nanos() - startedNanos >= PATIENCE_NANOS;
  }
}
