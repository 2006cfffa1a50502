package io.listenbacklog.probe.engine;

import io.listenbacklog.api.Restoration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;

/** What was undone in the last ten minutes, the newest 500 at most. */
final class Restorations {
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final int MOST = 500;

  private final ArrayDeque<Restoration> recent = new ArrayDeque<>();

  void add(Restoration restoration) {
    if (recent.size() == MOST) recent.removeFirst();
    recent.addLast(restoration);
  }

  /** Takes over what an earlier probe had undone. */
  void addAll(Collection<Restoration> earlier) {
    earlier.stream().filter(each -> !recent.contains(each)).forEach(this::add);
  }

  /** The oldest first. */
  List<Restoration> at(Instant now) {
    recent.removeIf(each -> each.at().plus(KEPT).isBefore(now));
    return List.copyOf(recent);
  }
}
