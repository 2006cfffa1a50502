package io.listenbacklog.probe.engine;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something whose numbers change with each sweep, as the status tells it: when it begins, then at
 * most every 30 seconds, for each status is a write to the API.
 */
final class Paced<T> {
  private static final Duration PACE = Duration.ofSeconds(30);

  private @Nullable T seen;
  private @Nullable T told;
  private @Nullable Instant toldAt;

  /** As it was seen last; null: it is not there. */
  @Nullable T seen() {
    return seen;
  }

  /** As the status tells it; null: it is not there. */
  @Nullable T told() {
    return told;
  }

  /** It was seen. */
  void see(T now, Instant at) {
    seen = now;
    refresh(at);
  }

  /** An earlier probe told of it; what is seen next is news. */
  void recall(T earlier) {
    if (seen != null) return;
    seen = earlier;
    told = earlier;
  }

  /** Tells what was seen meanwhile, if it is time. */
  void refresh(Instant now) {
    if (toldAt != null && now.isBefore(toldAt.plus(PACE))) return;
    if (seen == null || seen.equals(told)) return;
    told = seen;
    toldAt = now;
  }

  /** It is not there any more. */
  void forget() {
    seen = null;
    told = null;
    toldAt = null;
  }
}
