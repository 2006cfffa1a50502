package io.listenbacklog.policy.status;

import io.listenbacklog.api.BacklogPolicySpec;
import io.listenbacklog.api.BacklogPolicyStatus;
import io.listenbacklog.api.Loopback;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.PolicyCoverage;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.resolve.Resolver;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A BacklogPolicy that observes all pods of its namespace and asks for 64, and what is on the
 * nodes.
 */
public final class OnePolicy {
  private final PolicyFacts policy;
  private final Instant now;
  private final Resolver resolver;
  private final Map<String, PolicyCoverage> governance = new LinkedHashMap<>();
  private final Map<String, NodeFacts> nodes = new LinkedHashMap<>();

  public OnePolicy(PolicyReference reference, Instant now) {
    this.now = now;
    policy =
        new PolicyFacts(
            reference,
            now,
            null,
            new BacklogPolicySpec(
                Mode.OBSERVE,
                0,
                null,
                64,
                null,
                List.of(),
                Loopback.GOVERN,
                UnixListeners.OBSERVE,
                List.of(Remedy.RELISTEN),
                null,
                null,
                OnDelete.RESTORE),
            false);
    resolver = new Resolver(Limits.DEFAULT, List.of(policy), List.of());
  }

  /** A node with a ready probe that has told this of the pods. */
  public void node(String name, List<PodFacts> pods, NodeBacklogStatus told) {
    var resolution = resolver.resolveNode(pods);
    governance.put(name, resolution.governance().get(policy.reference().uid()));
    nodes.put(name, new NodeFacts(true, 1, resolution.spec(), told));
  }

  public BacklogPolicyStatus status(@Nullable BacklogPolicyStatus previous) {
    return new PolicyStatuses(new Explanations(Catalogue.standard()))
        .of(policy, governance, nodes, previous, now);
  }
}
