package io.listenbacklog.probe.report;

import io.listenbacklog.api.QueuePeak;
import io.listenbacklog.probe.state.ListenerState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The longest queue that was ever seen of a listener, for people. */
final class Peaks {
  private Peaks() {}

  /**
   * Reads it off.
   *
   * @param now by the clock for people
   * @param nanos the same moment by the one for measuring
   * @return with the second in which it was seen; null: nobody was ever seen to wait
   */
  static @Nullable QueuePeak of(ListenerState listener, Instant now, long nanos) {
    int peak = listener.queueWatch.peak();
    if (peak == 0) return null;
    var at = now.minusNanos(nanos - listener.queueWatch.peakNanos());
    return new QueuePeak(peak, Instant.ofEpochSecond(at.getEpochSecond()));
  }
}
