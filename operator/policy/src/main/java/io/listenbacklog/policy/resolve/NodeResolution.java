package io.listenbacklog.policy.resolve;

import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.policy.resolve.annotation.PodProblems;
import io.listenbacklog.policy.resolve.limit.PodClamps;
import java.util.List;
import java.util.Map;

/**
 * What holds for the pods of a node.
 *
 * @param spec for the node's NodeBacklog
 * @param governance of each policy that selects a pod of the node, by the policy's uid
 * @param problems of those pods that have any, by namespace and name
 * @param clamps of those pods that have any, by namespace and name
 */
public record NodeResolution(
    NodeBacklogSpec spec,
    Map<String, PolicyCoverage> governance,
    List<PodProblems> problems,
    List<PodClamps> clamps) {

  /** Of a node without pods. */
  public static final NodeResolution NOTHING =
      new NodeResolution(new NodeBacklogSpec(List.of()), Map.of(), List.of(), List.of());

  public NodeResolution {
    governance = Map.copyOf(governance);
    problems = List.copyOf(problems);
    clamps = List.copyOf(clamps);
  }
}
