package io.listenbacklog.policy.report;

import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.PolicyReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a node that has pods of a policy says of it.
 *
 * @param governed how many pods of it the policy governs; at least one
 */
record PolicyOnNode(PolicyReference policy, String node, int governed, NodeFacts facts) {

  /** Whether the probe works with the policy as it is now, for all these pods. */
  boolean isTakenUp() {
    int podsInSpec =
        facts.spec().requirements().stream()
            .filter(requirement -> policy.equals(requirement.policy()))
            .mapToInt(requirement -> requirement.pods().size())
            .sum();
    return podsInSpec == governed && facts.isUpToDate();
  }

  /** As last reported, of whichever generation of the policy. */
  ListenerCounts counts() {
    if (facts.status() == null) return ListenerCounts.NONE;
    return facts.status().policies().stream()
        .filter(counts -> isMine(counts.policy()))
        .map(counts -> counts.listeners())
        .reduce(ListenerCounts.NONE, ListenerCounts::plus);
  }

  /** Those undersized, remedied or with a symptom, as last reported. */
  Stream<NodeListener> listeners() {
    if (facts.status() == null) return Stream.empty();
    return facts.status().listeners().stream().filter(listener -> isMine(listener.policy()));
  }

  private boolean isMine(@Nullable PolicyReference other) {
    return other != null && other.uid().equals(policy.uid());
  }
}
