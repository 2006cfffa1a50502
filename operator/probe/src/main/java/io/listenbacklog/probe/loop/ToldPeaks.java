package io.listenbacklog.probe.loop;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether a longer queue is reason enough to publish a status. Queues flicker: one connection more
 * than ever before would be a new copy of the whole object in etcd at each sweep, of a busy
 * listener for hours. A peak that grew by an eighth of the backlog is, so that no listener has more
 * than nine of them while its backlog stays; any other goes with the next status, as it is then.
 */
final class ToldPeaks {
  private static final int PARTS_OF_BACKLOG = 8;

  private ToldPeaks() {}

  /**
   * Whether nothing needs to be published.
   *
   * @param told what was published last; null: nothing
   */
  static boolean isTold(@Nullable NodeBacklogStatus told, NodeBacklogStatus now) {
    if (told == null) return false;
    if (told.equals(now)) return true;
    return withoutListeners(told).equals(withoutListeners(now))
        && areTold(told.listeners(), now.listeners());
  }

  private static boolean areTold(List<NodeListener> told, List<NodeListener> now) {
    if (told.size() != now.size()) return false;
    for (int i = 0; i < told.size(); i++) {
      if (!isTold(told.get(i), now.get(i))) return false;
    }
    return true;
  }

  private static boolean isTold(NodeListener told, NodeListener now) {
    if (Objects.equals(told.peak(), now.peak())) return told.equals(now);
    return !hasGrown(told, now) && told.equals(now.withPeak(told.peak()));
  }

  private static boolean hasGrown(NodeListener told, NodeListener now) {
    long more = (long) connections(now) - connections(told);
    return more > 0 && more * PARTS_OF_BACKLOG >= now.backlog();
  }

  private static int connections(NodeListener listener) {
    return listener.peak() == null ? 0 : listener.peak().connections();
  }

  private static NodeBacklogStatus withoutListeners(NodeBacklogStatus status) {
    return new NodeBacklogStatus(
        status.observedGeneration(),
        status.bootId(),
        status.capabilities(),
        status.policies(),
        List.of(),
        status.sysctls(),
        status.restorations(),
        status.pods(),
        status.omitted());
  }
}
