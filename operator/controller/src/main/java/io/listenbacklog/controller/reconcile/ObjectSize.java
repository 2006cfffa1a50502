package io.listenbacklog.controller.reconcile;

import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.policy.resolve.SpecSize;
import org.jspecify.annotations.Nullable;

/**
 * About how many bytes a NodeBacklog has in etcd: what it holds, times what one such thing has as
 * JSON with names of the usual length.
 */
final class ObjectSize {
  private static final int OBJECT = 3_000;
  private static final int LISTENER = 750;

  /** A probe lists no more than this one by one. */
  private static final int MOST_LISTENERS = 1_200;

  private static final int SYSCTL = 450;
  private static final int RESTORATION = 250;
  private static final int COUNTS = 400;
  private static final int POD = 230;

  /**
   * @param there the object as it is; null: there is none, so it has no status
   */
  static int of(NodeBacklogSpec spec, @Nullable NodeBacklog there) {
    int bytes = OBJECT + SpecSize.of(spec);
    NodeBacklogStatus status = there == null ? null : there.getStatus();
    if (status == null) return bytes;
    return bytes
        + LISTENER * listeners(status)
        + SYSCTL * status.sysctls().size()
        + RESTORATION * status.restorations().size()
        + COUNTS * status.policies().size()
        + POD * (status.pods() == null ? 0 : status.pods().size());
  }

  /**
   * Those that are well since long are counted, and not kept by this controller; those that are
   * left out, for their pod has more than its share, are counted too, and are not in the object.
   */
  private static int listeners(NodeBacklogStatus status) {
    long counted = 0;
    for (var each : status.policies()) {
      counted += each.listeners().remedied() + each.listeners().undersized();
    }
    if (status.omitted() != null) counted -= status.omitted().listeners();
    return (int) Math.max(status.listeners().size(), Math.min(counted, MOST_LISTENERS));
  }

  private ObjectSize() {}
}
