package io.listenbacklog.policy.status;

import static java.util.Objects.requireNonNullElse;

import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeBacklogStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node, as far as the status of a policy looks at it.
 *
 * @param probeReady whether a probe pod on it is Ready
 * @param generation of its NodeBacklog; 0: it has none yet
 * @param status null: its probe has written none yet
 */
public record NodeFacts(
    boolean probeReady, long generation, NodeBacklogSpec spec, @Nullable NodeBacklogStatus status) {

  private static final NodeBacklogSpec NOTHING = new NodeBacklogSpec(List.of());

  public static NodeFacts of(NodeBacklog node, boolean probeReady) {
    return new NodeFacts(
        probeReady,
        node.getMetadata().getGeneration(),
        requireNonNullElse(node.getSpec(), NOTHING),
        node.getStatus());
  }

  /** Of a node that has no NodeBacklog yet. */
  public static NodeFacts withoutNodeBacklog(boolean probeReady) {
    return new NodeFacts(probeReady, 0, NOTHING, null);
  }

  /** Whether its probe has taken up the spec as it is now. */
  boolean isUpToDate() {
    return status != null
        && status.observedGeneration() != null
        && status.observedGeneration() == generation;
  }
}
