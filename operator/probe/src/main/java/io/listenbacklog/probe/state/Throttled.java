package io.listenbacklog.probe.state;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something whose numbers change with each sweep, as the status tells it: when it begins, then at
 * most every 30 seconds, for each status is a write to the API. Paces are measured by a clock that
 * nobody sets.
 */
final class Throttled<T> {
  private static final long PACE_NANOS = Duration.ofSeconds(30).toNanos();

  private @Nullable T seen;
  private @Nullable T told;
  private boolean paced;
  private long toldNanos;
  private long seenNanos;

  /** As it was seen last; null: it was not yet. */
  @Nullable T seen() {
    return seen;
  }

  /** As the status tells it; null: it was not seen yet. */
  @Nullable T told() {
    return told;
  }

  /** It was seen. */
  void see(T now, long nanos) {
    seen = now;
    seenNanos = nanos;
    refresh(nanos);
  }

  /** An earlier probe saw it last at this moment, and told of it; what is seen next is news. */
  void recall(T earlier, long nanos) {
    seen = earlier;
    told = earlier;
    seenNanos = nanos;
  }

  /** For how long it was not seen again. */
  long quietNanos(long nanos) {
    return nanos - seenNanos;
  }

  /** Tells what was seen meanwhile, if it is time. */
  void refresh(long nanos) {
    if (paced && nanos - toldNanos < PACE_NANOS) return;
    if (seen == null || seen.equals(told)) return;
    told = seen;
    paced = true;
    toldNanos = nanos;
  }
}
