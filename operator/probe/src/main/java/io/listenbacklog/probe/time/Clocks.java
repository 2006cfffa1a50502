package io.listenbacklog.probe.time;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * Both clocks.
 *
 * @param timeOfDay for what people read; somebody may set it
 * @param ticker monotonic nanoseconds, for what is measured
 */
public record Clocks(Clock timeOfDay, LongSupplier ticker) {

  /** Now, for people: in milliseconds. */
  public Instant now() {
    return timeOfDay.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Now, for measuring: means something only by its difference to another. */
  public long nanos() {
    return ticker.getAsLong();
  }
}
