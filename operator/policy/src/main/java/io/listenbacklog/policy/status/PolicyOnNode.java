package io.listenbacklog.policy.status;

import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a node with pods of a policy reports of it.
 *
 * @param governed how many pods of it the policy governs; at least one
 * @param ready how many of these are ready
 * @param leftOut how many of these have no room in the NodeBacklog
 */
record PolicyOnNode(
    PolicyReference policy, String node, int governed, int ready, int leftOut, NodeFacts facts) {
  /** More listeners than a node has; the sum over all nodes cannot overflow. */
  private static final int MOST_LISTENERS = 100_000;

  /** Whether the probe works with the policy as it is now, for all these pods that have room. */
  boolean isTakenUp() {
    int podsInSpec =
        facts.spec().requirements().stream()
            .filter(requirement -> policy.equals(requirement.policy()))
            .mapToInt(requirement -> requirement.pods().size())
            .sum();
    return podsInSpec == governed - leftOut && facts.isUpToDate();
  }

  /**
   * How many of its pods are ready without a visible process: whatever the reason, their listeners
   * are unknown.
   */
  int unseen() {
    var status = facts.status();
    if (status == null) return 0;
    int seen =
        status.policies().stream()
            .filter(counts -> isMine(counts.policy()))
            .mapToInt(counts -> plausible(counts.pods()))
            .sum();
    return Math.max(0, ready - seen);
  }

  /** As last reported, of whichever generation of the policy. */
  ListenerCounts counts() {
    var leftOut = ListenerCounts.unobservable(plausible(this.leftOut));
    return facts.status() == null ? leftOut : reported(facts.status()).plus(leftOut);
  }

  private ListenerCounts reported(NodeBacklogStatus status) {
    return status.policies().stream()
        .filter(counts -> isMine(counts.policy()))
        .map(counts -> plausible(counts.listeners()))
        .reduce(ListenerCounts.NONE, (some, more) -> plausible(some.plus(more)));
  }

  /** A probe may write any number: one node must not outweigh the others. */
  private static ListenerCounts plausible(ListenerCounts reported) {
    return new ListenerCounts(
        plausible(reported.total()),
        plausible(reported.undersized()),
        plausible(reported.remedied()),
        plausible(reported.exempt()),
        plausible(reported.unobservable()),
        plausible(reported.overflowing()),
        plausible(reported.stalled()),
        plausible(reported.flooded()));
  }

  private static int plausible(int reported) {
    return Math.clamp(reported, 0, MOST_LISTENERS);
  }

  /**
   * Those undersized, remedied or with a symptom, as last reported: of the pods that the policy
   * governs there, for a probe may name any.
   */
  Stream<NodeListener> listeners() {
    if (facts.status() == null || facts.status().listeners().isEmpty()) return Stream.empty();
    Set<PodReference> pods =
        facts.spec().requirements().stream()
            .filter(requirement -> isMine(requirement.policy()))
            .flatMap(requirement -> requirement.pods().stream())
            .map(NodePod::reference)
            .collect(Collectors.toSet());
    return facts.status().listeners().stream()
        .filter(listener -> isMine(listener.policy()) && pods.contains(listener.pod()));
  }

  private boolean isMine(@Nullable PolicyReference other) {
    return other != null && other.uid().equals(policy.uid());
  }
}
