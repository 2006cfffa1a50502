package io.listenbacklog.controller.policy;

import io.listenbacklog.api.BacklogPolicyStatus;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.NodeState;
import io.listenbacklog.policy.report.NodeFacts;
import io.listenbacklog.policy.report.PolicyStatuses;
import io.listenbacklog.policy.resolve.Governance;
import io.listenbacklog.policy.resolve.PolicyFacts;
import java.time.Clock;
import java.util.HashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the status of a policy of either kind should be, from what the informers have seen. */
public final class PolicyJudgement {
  private final Cluster cluster;
  private final PolicyStatuses statuses;
  private final Clock clock;

  public PolicyJudgement(Cluster cluster, PolicyStatuses statuses, Clock clock) {
    this.cluster = cluster;
    this.statuses = statuses;
    this.clock = clock;
  }

  /** Whether there is enough to judge by. */
  boolean isPossible() {
    return cluster.isOpen();
  }

  /** The status it should have; empty: it has it. */
  Optional<BacklogPolicyStatus> changed(
      PolicyFacts policy, @Nullable BacklogPolicyStatus previous) {
    String uid = policy.reference().uid();
    var governance = new HashMap<String, Governance>();
    var nodes = new HashMap<String, NodeFacts>();
    for (NodeState each : cluster.nodesOf(uid)) {
      governance.put(each.node(), each.resolution().governance().get(uid));
      nodes.put(each.node(), facts(each));
    }
    BacklogPolicyStatus status = statuses.of(policy, governance, nodes, previous, clock.instant());
    return status.equals(previous) ? Optional.empty() : Optional.of(status);
  }

  private static NodeFacts facts(NodeState node) {
    NodeBacklog backlog = node.backlog();
    if (backlog == null) return NodeFacts.withoutNodeBacklog(node.probeReady());
    NodeBacklogSpec spec = node.resolution().spec();
    if (spec.equals(backlog.getSpec())) return NodeFacts.of(backlog, node.probeReady());
    // What holds by now has not been written yet. It will be the next generation, of which no probe
    // can have a report: what the probe says of the last one is no verdict on this policy.
    return new NodeFacts(
        node.probeReady(), backlog.getMetadata().getGeneration() + 1, spec, backlog.getStatus());
  }
}
