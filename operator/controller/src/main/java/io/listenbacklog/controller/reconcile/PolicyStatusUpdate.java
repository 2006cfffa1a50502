package io.listenbacklog.controller.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.listenbacklog.api.BacklogPolicyStatus;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.Policy;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.NodeState;
import io.listenbacklog.policy.resolve.PolicyCoverage;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.status.AppConfigConditions;
import io.listenbacklog.policy.status.AppConfigView;
import io.listenbacklog.policy.status.NodeFacts;
import io.listenbacklog.policy.status.PolicyStatuses;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the status of a policy of either kind should be, from what the informers have seen. */
public final class PolicyStatusUpdate {
  /** How soon to reconcile again while the informers are not synced. */
  private static final Duration NOT_YET = Duration.ofMillis(200);

  /**
   * A reconciliation that takes longer has many nodes; it is followed by a pause of this many times
   * its duration.
   */
  private static final long LONG_NANOS = Duration.ofMillis(20).toNanos();

  private static final int REST = 10;

  private final LongSupplier nanoTime = System::nanoTime;

  /** Until when policies pause whose last reconciliation took long, by uid. */
  private final Map<String, Long> restUntil = new ConcurrentHashMap<>();

  private final NamespaceTurns turns = new NamespaceTurns(nanoTime);

  private final Cluster cluster;
  private final PolicyStatuses statuses;
  private final Function<String, @Nullable AppConfigView> appConfig;
  private final Clock clock;

  /**
   * @param appConfig what became of a policy's {@code appConfig}, by its uid; null: not known yet
   */
  public PolicyStatusUpdate(
      Cluster cluster,
      PolicyStatuses statuses,
      Function<String, @Nullable AppConfigView> appConfig,
      Clock clock) {
    this.cluster = cluster;
    this.statuses = statuses;
    this.appConfig = appConfig;
    this.clock = clock;
  }

  /**
   * Patches the status to what it should be, if it differs.
   *
   * @param empty makes an object of its kind
   */
  <P extends Policy<?>> UpdateControl<P> reconcile(P policy, PolicyFacts facts, Supplier<P> empty) {
    if (!cluster.isOpen()) return UpdateControl.<P>noUpdate().rescheduleAfter(NOT_YET);
    String uid = facts.reference().uid();
    Duration turn = turns.take(facts.reference().namespace(), uid);
    if (!turn.isZero()) return UpdateControl.<P>noUpdate().rescheduleAfter(turn);
    long begun = nanoTime.getAsLong();
    Long rest = restUntil.get(uid);
    if (rest != null && rest - begun > 0) {
      return UpdateControl.<P>noUpdate().rescheduleAfter(Duration.ofNanos(rest - begun));
    }
    var judged = changed(facts, policy.getStatus());
    rest(uid, nanoTime.getAsLong() - begun);
    return judged
        .map(status -> UpdateControl.patchStatus(withStatus(policy, status, empty.get())))
        .orElseGet(UpdateControl::noUpdate);
  }

  /** What takes long is done less often. */
  private void rest(String uid, long tookNanos) {
    if (tookNanos < LONG_NANOS) {
      restUntil.remove(uid);
    } else {
      restUntil.put(uid, nanoTime.getAsLong() + REST * tookNanos);
    }
  }

  /** What is applied: whose status it is, the status, and nothing else. */
  private static <P extends Policy<?>> P withStatus(P policy, BacklogPolicyStatus status, P fresh) {
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(policy.getMetadata().getName())
            .withNamespace(policy.getMetadata().getNamespace())
            .build());
    fresh.setStatus(status);
    return fresh;
  }

  /** The status it should have; empty: unchanged. */
  Optional<BacklogPolicyStatus> changed(
      PolicyFacts policy, @Nullable BacklogPolicyStatus previous) {
    String uid = policy.reference().uid();
    if (cluster.isTooMany(uid)) {
      var tooMany = statuses.ofTooMany(policy, previous, clock.instant());
      return tooMany.equals(previous) ? Optional.empty() : Optional.of(tooMany);
    }
    var governance = new HashMap<String, PolicyCoverage>();
    var nodes = new HashMap<String, NodeFacts>();
    for (NodeState each : cluster.nodesOf(uid)) {
      governance.put(each.node(), each.resolution().governance().get(uid));
      nodes.put(each.node(), facts(each));
    }
    Instant now = clock.instant();
    BacklogPolicyStatus status =
        AppConfigConditions.added(
            statuses.of(policy, governance, nodes, previous, now),
            policy,
            appConfig.apply(uid),
            previous,
            now);
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
