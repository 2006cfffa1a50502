package io.listenbacklog.probe.engine;

import io.listenbacklog.api.Hindrance;
import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.probe.discover.Discovery;
import io.listenbacklog.probe.journal.Journal;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the verbs of the engine share.
 *
 * @param clock for what people read
 * @param ticker monotonic nanoseconds, for what is measured
 */
record Surroundings(
    NodeKernel kernel,
    Discovery discovery,
    Journal journal,
    Recogniser recogniser,
    Clock clock,
    LongSupplier ticker,
    Tally tally,
    Troubles troubles,
    Restorations restorations) {

  /** Now, for people. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Now, for measuring. */
  long nanos() {
    return ticker.getAsLong();
  }

  /** A hindrance; one that lasts keeps the moment when it began. */
  Hindrance hindrance(@Nullable Hindrance before, String reason, String message) {
    if (before == null || !before.reason().equals(reason)) {
      return new Hindrance(reason, message, now());
    }
    return new Hindrance(reason, message, before.since());
  }
}
