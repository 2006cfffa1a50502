package io.listenbacklog.probe.engine;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * How often a value that we raised was set back by somebody else. After the first raise there are
 * three more tries in ten minutes; then hands off, for good: two programs that overwrite each other
 * help nobody.
 */
final class Contest {
  /** Tries after the first raise. */
  static final int TRIES = 3;

  private static final long WINDOW_NANOS = Duration.ofMinutes(10).toNanos();

  private final ArrayDeque<Long> setBackNanos = new ArrayDeque<>(TRIES + 1);
  private boolean lost;

  /** Somebody has set the value back. */
  void setBack(long now) {
    while (!setBackNanos.isEmpty() && now - setBackNanos.getFirst() >= WINDOW_NANOS) {
      setBackNanos.removeFirst();
    }
    if (setBackNanos.size() == TRIES) lost = true;
    else setBackNanos.addLast(now);
  }

  /** It was lost before: an earlier probe gave it up. */
  void lose() {
    lost = true;
  }

  /** Whether it was set back once too often. */
  boolean lost() {
    return lost;
  }
}
