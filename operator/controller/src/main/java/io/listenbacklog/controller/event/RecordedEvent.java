package io.listenbacklog.controller.event;

import io.listenbacklog.policy.event.kind.Series;
import java.time.Duration;
import java.time.Instant;

/**
 * What the API server holds of an Event that was written before.
 *
 * @param event the name of its Event
 * @param count how often that says it was seen
 * @param last when it was seen last, by that Event
 */
record RecordedEvent(String event, int count, Instant last) {
  /** In place of what is not written, and will not be: there are enough Events like it. */
  static final RecordedEvent HELD = new RecordedEvent("", 0, Instant.EPOCH);

  /** In place of what is not written yet: there are enough Events of its namespace for now. */
  static final RecordedEvent DELAYED = new RecordedEvent("-", 0, Instant.EPOCH);

  /** How far behind an Event may be while nothing gets much worse. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** What ends and begins again all the time is not reported each time. */
  static final Duration PAUSE = Duration.ofSeconds(30);

  /**
   * Whether its Event is to be updated. What goes on is repeated at growing intervals: when it was
   * seen twice as often, when it is over, and otherwise every five minutes, which also keeps the
   * API server from forgetting the Event. The count never goes back.
   */
  boolean isBehind(Series series) {
    if (series.count() <= count) return false;
    var since = Duration.between(last, series.last());
    return series.count() / 2 >= count || since.compareTo(series.ended() ? PAUSE : PATIENCE) >= 0;
  }
}
