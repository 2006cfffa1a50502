package io.listenbacklog.probe.state;

import io.listenbacklog.api.Hindrance;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What keeps a remedy from being applied, as the status tells it, and when it is tried again. */
public final class RetryState {
  /** How long nothing is tried again that was refused. */
  private static final long PAUSE_NANOS = Duration.ofSeconds(30).toNanos();

  private @Nullable Hindrance hindrance;
  private long nextTryNanos;

  RetryState(long nanos) {
    nextTryNanos = nanos;
  }

  /** Null: nothing does. */
  public @Nullable Hindrance hindrance() {
    return hindrance;
  }

  /**
   * Something does; one thing that lasts keeps the moment when it began.
   *
   * @return whether it is another thing than before
   */
  public boolean hindered(String reason, String message, Instant now) {
    var before = hindrance;
    boolean lasts = before != null && before.reason().equals(reason);
    hindrance = new Hindrance(reason, message, lasts && before != null ? before.since() : now);
    return !lasts;
  }

  /** Nothing does any more. */
  public void unhindered() {
    hindrance = null;
  }

  /**
   * An earlier probe told of it. It began then, also where this probe met it by itself before it
   * could read the status.
   *
   * @param mayLast whether what was told may still hold, though it was not met again yet
   */
  public void resume(@Nullable Hindrance told, boolean mayLast) {
    if (told == null) return;
    if (hindrance == null) {
      if (mayLast) hindrance = told;
    } else if (hindrance.reason().equals(told.reason())) {
      hindrance = new Hindrance(hindrance.reason(), hindrance.message(), told.since());
    }
  }

  /**
   * The kernel has refused it, or there is no room for it: it is not tried again before a pause is
   * over.
   */
  public void refused(long nanos) {
    nextTryNanos = nanos + PAUSE_NANOS;
  }

  /** Whether it may be tried (again). */
  public boolean isDue(long nanos) {
    return nanos - nextTryNanos >= 0;
  }
}
