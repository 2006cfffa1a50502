package io.listenbacklog.policy.status;

import io.listenbacklog.api.BacklogPolicySpec;
import io.listenbacklog.api.BacklogPolicyStatus;
import io.listenbacklog.api.ConditionTypes;
import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.WorstListener;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.policy.resolve.PolicyCoverage;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.status.ConditionTexts.Said;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status of a policy, made from what holds and from what the probes report. */
public final class PolicyStatuses {
  private static final NodeFacts NOT_HEARD_OF = NodeFacts.withoutNodeBacklog(false);

  private final WorstListeners worstListeners;

  public PolicyStatuses(Explanations texts) {
    this.worstListeners = new WorstListeners(texts);
  }

  /**
   * The status that a policy has now.
   *
   * @param governance what the policy has of the pods of each node, by the node's name; nodes
   *     without pods of it may be missing
   * @param nodes what is known of the nodes, by name; others than those of {@code governance} are
   *     not looked at, and one that is missing has no probe
   * @param previous the status it has; null: none yet. A condition whose status is the same keeps
   *     its transition time.
   */
  public BacklogPolicyStatus of(
      PolicyFacts policy,
      Map<String, PolicyCoverage> governance,
      Map<String, NodeFacts> nodes,
      @Nullable BacklogPolicyStatus previous,
      Instant now) {
    PolicyCoverage sum =
        governance.values().stream().reduce(PolicyCoverage.NONE, PolicyCoverage::plus);
    List<PolicyOnNode> onNodes =
        governance.entrySet().stream()
            .filter(node -> node.getValue().governed() > 0)
            .sorted(Map.Entry.comparingByKey())
            .map(
                node ->
                    new PolicyOnNode(
                        policy.reference(),
                        node.getKey(),
                        node.getValue().governed(),
                        node.getValue().ready(),
                        node.getValue().leftOut(),
                        nodes.getOrDefault(node.getKey(), NOT_HEARD_OF)))
            .toList();
    ListenerCounts reported = counts(onNodes);
    ListenerCounts counts = reported.plus(ListenerCounts.unobservable(unseen(onNodes)));
    List<WorstListener> worst =
        worstListeners.of(onNodes.stream().flatMap(PolicyOnNode::listeners));
    Said observed = observed(sum.governed(), onNodes, reported);
    Said compliant = compliant(sum.governed(), observed, onNodes);
    Said healthy = healthy(sum.governed(), observed, onNodes);
    var conditions = new Conditions(policy.reference().generation(), previous, now);
    return new BacklogPolicyStatus(
        policy.reference().generation(),
        List.of(
            conditions.of(ConditionTypes.ACCEPTED, accepted(policy, sum, onNodes.size())),
            conditions.of(ConditionTypes.OBSERVED, observed),
            conditions.of(ConditionTypes.COMPLIANT, compliant),
            conditions.of(ConditionTypes.HEALTHY, healthy)),
        sum.governed(),
        counts,
        worst);
  }

  /** The status of a policy that does not hold, for its namespace has too many. */
  public BacklogPolicyStatus ofTooMany(
      PolicyFacts policy, @Nullable BacklogPolicyStatus previous, Instant now) {
    var conditions = new Conditions(policy.reference().generation(), previous, now);
    Said nothing = ConditionTexts.nothingToObserve();
    return new BacklogPolicyStatus(
        policy.reference().generation(),
        List.of(
            conditions.of(ConditionTypes.ACCEPTED, ConditionTexts.tooManyPolicies()),
            conditions.of(ConditionTypes.OBSERVED, nothing),
            conditions.of(ConditionTypes.COMPLIANT, nothing),
            conditions.of(ConditionTypes.HEALTHY, nothing)),
        0,
        ListenerCounts.NONE,
        List.of());
  }

  private static Said accepted(PolicyFacts policy, PolicyCoverage governance, int nodes) {
    if (!policy.selectorProblems().isEmpty()) {
      return ConditionTexts.selectorInvalid(policy.selectorProblems());
    }
    if (governance.selected() == 0) return ConditionTexts.selectsNothing();
    if (governance.governed() == 0) return ConditionTexts.overshadowed(governance);
    Said said = governing(policy, governance, nodes);
    boolean cut = !governance.clamps().isEmpty() || governance.podsCut() > 0;
    return cut ? ConditionTexts.clamped(said, governance) : said;
  }

  private static Said governing(PolicyFacts policy, PolicyCoverage governance, int nodes) {
    List<String> unknownNames =
        policy.portNames().stream().filter(name -> !governance.portNames().contains(name)).toList();
    if (!unknownNames.isEmpty()) return ConditionTexts.portNameUnknown(unknownNames, governance);
    return asksForNothing(policy.spec())
        ? ConditionTexts.governingButAskingNothing(governance, nodes)
        : ConditionTexts.governing(governance, nodes);
  }

  private static boolean asksForNothing(BacklogPolicySpec spec) {
    return spec.minimum() == null
        && spec.maximum() == null
        && spec.ports().isEmpty()
        && (spec.sysctls() == null
            || (spec.sysctls().somaxconn() == null && spec.sysctls().tcpMaxSynBacklog() == null));
  }

  private static Said observed(int pods, List<PolicyOnNode> nodes, ListenerCounts counts) {
    if (nodes.isEmpty()) return ConditionTexts.nothingToObserve();
    var withoutProbe = nodes.stream().filter(node -> !node.facts().probeReady()).toList();
    if (!withoutProbe.isEmpty()) {
      int unseen = withoutProbe.stream().mapToInt(PolicyOnNode::governed).sum();
      return ConditionTexts.probeNotReady(names(withoutProbe), unseen, pods);
    }
    var pending = nodes.stream().filter(node -> !node.isTakenUp()).toList();
    if (!pending.isEmpty()) return ConditionTexts.probePending(names(pending));
    int leftOut = nodes.stream().mapToInt(PolicyOnNode::leftOut).sum();
    if (leftOut > 0) return ConditionTexts.podsLeftOut(leftOut, pods);
    if (counts.unobservable() > 0) {
      return ConditionTexts.podsUnobservable(counts.unobservable(), pods);
    }
    var missing = nodes.stream().filter(node -> node.unseen() > 0).toList();
    if (!missing.isEmpty()) {
      return ConditionTexts.podsUnseen(names(missing), unseen(missing), pods);
    }
    return ConditionTexts.observed(pods, nodes.size());
  }

  private static int unseen(List<PolicyOnNode> nodes) {
    return nodes.stream()
        .filter(node -> node.facts().probeReady() && node.isTakenUp())
        .mapToInt(PolicyOnNode::unseen)
        .sum();
  }

  /**
   * What is seen to be too small counts also where not all is seen; that all suffices, only if all
   * is. What a probe that is gone said last does not count, nor what one says of an earlier spec.
   */
  private static Said compliant(int pods, Said observed, List<PolicyOnNode> nodes) {
    if (pods == 0) return ConditionTexts.nothingToObserve();
    var seen =
        nodes.stream().filter(node -> node.facts().probeReady() && node.isTakenUp()).toList();
    ListenerCounts counts = counts(seen);
    if (counts.undersized() > 0) {
      Optional<NodeListener> widestGap =
          WorstListeners.widestGap(seen.stream().flatMap(PolicyOnNode::listeners));
      return ConditionTexts.undersized(counts, widestGap, observed);
    }
    if (!observed.isTrue()) return ConditionTexts.notObserved(observed.reason());
    if (counts.total() == 0) return ConditionTexts.noListeners(pods);
    return ConditionTexts.compliant(counts);
  }

  /** A symptom that is seen counts also where not all is; that there is none, only if all is. */
  private static Said healthy(int pods, Said observed, List<PolicyOnNode> nodes) {
    if (pods == 0) return ConditionTexts.nothingToObserve();
    // Without a probe nobody takes back what it reported last.
    var seen = nodes.stream().filter(node -> node.facts().probeReady()).toList();
    ListenerCounts counts = counts(seen);
    if (counts.stalled() + counts.overflowing() + counts.flooded() > 0) {
      return ConditionTexts.unhealthy(
          counts, WorstListeners.sickest(seen.stream().flatMap(PolicyOnNode::listeners)));
    }
    if (!observed.isTrue()) return ConditionTexts.notObserved(observed.reason());
    if (counts.total() == 0) return ConditionTexts.noListeners(pods);
    return ConditionTexts.healthy(counts);
  }

  private static ListenerCounts counts(List<PolicyOnNode> nodes) {
    return nodes.stream()
        .map(PolicyOnNode::counts)
        .reduce(ListenerCounts.NONE, ListenerCounts::plus);
  }

  private static List<String> names(List<PolicyOnNode> nodes) {
    return nodes.stream().map(PolicyOnNode::node).toList();
  }
}
