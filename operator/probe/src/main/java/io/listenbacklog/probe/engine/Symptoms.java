package io.listenbacklog.probe.engine;

import io.listenbacklog.api.Overflow;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.SynFlood;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a listener besides its backlog, as the status tells it: while it lasts, and
 * for five minutes after it was seen last, so that Healthy means five quiet minutes.
 */
final class Symptoms {
  /** How long a symptom that is over is told. */
  static final Duration MEMORY = Duration.ofMinutes(5);

  private @Nullable Overflow overflow;
  private @Nullable Stall stall;
  private @Nullable SynFlood synFlood;

  @Nullable Overflow overflow() {
    return overflow;
  }

  @Nullable Stall stall() {
    return stall;
  }

  @Nullable SynFlood synFlood() {
    return synFlood;
  }

  void tell(Overflow seen) {
    overflow = seen;
  }

  void tell(Stall seen) {
    stall = seen;
  }

  void tell(SynFlood seen) {
    synFlood = seen;
  }

  /** Whether there is any. */
  boolean any() {
    return overflow != null || stall != null || synFlood != null;
  }

  /** Forgets what has been over for five minutes; true if there was something to forget. */
  boolean forget(Instant now) {
    var before = now.minus(MEMORY);
    boolean forgot = false;
    if (overflow != null && overflow.last().isBefore(before)) {
      overflow = null;
      forgot = true;
    }
    if (stall != null && stall.until() != null && stall.until().isBefore(before)) {
      stall = null;
      forgot = true;
    }
    if (synFlood != null && synFlood.last().isBefore(before)) {
      synFlood = null;
      forgot = true;
    }
    return forgot;
  }
}
