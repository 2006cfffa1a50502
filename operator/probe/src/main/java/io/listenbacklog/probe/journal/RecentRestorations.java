package io.listenbacklog.probe.journal;

import io.listenbacklog.api.Restoration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was undone in the last ten minutes, 500 at most: of the pod of which there is most the
 * oldest goes first, so that no pod takes the place of another.
 */
public final class RecentRestorations {
  public static final int MOST = 500;

  /** More are not counted. */
  private static final int MOST_COUNTED = 10_000;

  private static final Duration KEPT = Duration.ofMinutes(10);

  private final ArrayDeque<Restoration> recent = new ArrayDeque<>();
  private final Map<String, Integer> countByPod = new HashMap<>();

  /** When those were undone that were dropped. */
  private final ArrayDeque<Instant> dropped = new ArrayDeque<>();

  public void add(Restoration restoration) {
    recent.addLast(restoration);
    countByPod.merge(uid(restoration), 1, Integer::sum);
    if (recent.size() > MOST) dropOne();
  }

  private void dropOne() {
    String most =
        countByPod.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    for (var all = recent.iterator(); all.hasNext(); ) {
      var each = all.next();
      if (!uid(each).equals(most)) continue;
      all.remove();
      uncount(each);
      if (dropped.size() < MOST_COUNTED) dropped.addLast(each.at());
      return;
    }
  }

  /** Takes over what an earlier probe had undone. */
  public void addAll(Collection<Restoration> earlier) {
    earlier.stream().filter(each -> !recent.contains(each)).forEach(this::add);
  }

  /** The oldest first. */
  public List<Restoration> at(Instant now) {
    recent.removeIf(
        each -> {
          boolean old = isOld(each.at(), now);
          if (old) uncount(each);
          return old;
        });
    dropped.removeIf(each -> isOld(each, now));
    return List.copyOf(recent);
  }

  /** How many of the last ten minutes are not among them. */
  public int dropped() {
    return dropped.size();
  }

  private static boolean isOld(Instant at, Instant now) {
    return at.plus(KEPT).isBefore(now);
  }

  private void uncount(Restoration gone) {
    countByPod.computeIfPresent(uid(gone), (_, count) -> count == 1 ? null : count - 1);
  }

  private static String uid(Restoration restoration) {
    return restoration.pod().uid();
  }
}
