package io.listenbacklog.controller.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * The nodes that have governed pods and no probe that is ready, and since when. It remembers what
 * this controller has seen itself: for the next one the time begins anew.
 */
final class UnwatchedNodes {
  private final Map<String, Instant> since = new HashMap<>();

  /** Tells how it is with a node now; while it stays unwatched, it is so since it became so. */
  void put(String node, boolean unwatched, Instant now) {
    if (unwatched) {
      since.putIfAbsent(node, now);
    } else {
      since.remove(node);
    }
  }

  int count() {
    return since.size();
  }

  /** How long the one has been so that has been longest; zero where there is none. */
  Duration longest(Instant now) {
    return since.values().stream()
        .min(Comparator.naturalOrder())
        .map(first -> Duration.between(first, now))
        .orElse(Duration.ZERO);
  }
}
