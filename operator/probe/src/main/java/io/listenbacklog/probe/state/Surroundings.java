package io.listenbacklog.probe.state;

import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.probe.discover.ApplicationRecognizer;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.RecentRestorations;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * What the verbs of the engine share.
 *
 * @param clock for what people read
 * @param ticker monotonic nanoseconds, for what is measured
 */
public record Surroundings(
    NodeKernel kernel,
    ProcessIndex discovery,
    Journal journal,
    ApplicationRecognizer recogniser,
    Clock clock,
    LongSupplier ticker,
    Counters tally,
    RecurringErrors troubles,
    RecentRestorations restorations) {

  /** Now, for people. */
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Now, for measuring. */
  public long nanos() {
    return ticker.getAsLong();
  }
}
