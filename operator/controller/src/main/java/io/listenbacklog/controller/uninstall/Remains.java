package io.listenbacklog.controller.uninstall;

import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.OnDelete;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is still to be undone on a node whose NodeBacklog asks for nothing any more.
 *
 * @param takenUp whether its probe has seen that nothing is asked for any more
 * @param remedies that are to be restored and are not yet
 * @param probeReady whether there is a probe that can do it
 */
record Remains(String node, boolean takenUp, int remedies, boolean probeReady) {

  static Remains of(NodeBacklog backlog, boolean probeReady) {
    NodeBacklogStatus status = backlog.getStatus();
    String node = backlog.getMetadata().getName();
    if (status == null) return new Remains(node, false, 0, probeReady);
    boolean takenUp =
        Objects.equals(status.observedGeneration(), backlog.getMetadata().getGeneration());
    long remedies =
        Stream.concat(
                status.listeners().stream().filter(each -> isToBeRestored(each.remedy())),
                status.sysctls().stream().filter(each -> isToBeRestored(each.remedy())))
            .count();
    return new Remains(node, takenUp, (int) remedies, probeReady);
  }

  private static boolean isToBeRestored(@Nullable AppliedRemedy remedy) {
    return remedy != null && remedy.onDelete() == OnDelete.RESTORE;
  }

  /** Whether nothing is left to do. A node without a probe and without remedies needs nothing. */
  boolean isDone() {
    return remedies == 0 && (takenUp || !probeReady);
  }

  /** Such as {@code node-1: 3 remedies, no ready probe}. */
  @Override
  public String toString() {
    return node + ": " + remedies + " remedies, " + (probeReady ? "a" : "no") + " ready probe";
  }
}
