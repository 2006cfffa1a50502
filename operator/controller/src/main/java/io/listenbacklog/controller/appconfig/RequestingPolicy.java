package io.listenbacklog.controller.appconfig;

import static java.util.Objects.requireNonNullElse;

import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.AppConfigStatus;
import io.listenbacklog.api.Policy;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.policy.resolve.PolicyFacts;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A policy with rules for applications' configuration ({@code spec.appConfig}).
 *
 * @param paused by {@code kubectl backlog pause}
 * @param previous {@code status.appConfig} as the API has it
 * @param pods those that it governs
 */
record RequestingPolicy(
    PolicyFacts facts, boolean paused, List<AppConfigStatus> previous, GovernedPods pods) {

  RequestingPolicy {
    previous = List.copyOf(previous);
  }

  /** All of them, in a fixed order. */
  static List<RequestingPolicy> of(Cluster cluster) {
    return Stream.concat(
            cluster
                .policies()
                .values()
                .filter(each -> each.getSpec() != null && !each.getSpec().appConfig().isEmpty())
                .map(each -> of(each, PolicyFacts.of(each), cluster)),
            cluster
                .clusterPolicies()
                .values()
                .filter(each -> each.getSpec() != null && !each.getSpec().appConfig().isEmpty())
                .map(each -> of(each, PolicyFacts.of(each), cluster)))
        .sorted(Comparator.comparing(RequestingPolicy::uid))
        .toList();
  }

  private static RequestingPolicy of(Policy<?> policy, PolicyFacts facts, Cluster cluster) {
    var annotations =
        requireNonNullElse(policy.getMetadata().getAnnotations(), Map.<String, String>of());
    String uid = facts.reference().uid();
    return new RequestingPolicy(
        facts,
        "true".equals(annotations.get(AnnotationKeys.PAUSED)),
        policy.getStatus() == null ? List.of() : policy.getStatus().appConfig(),
        new GovernedPods(uid, cluster.nodesOf(uid)));
  }

  PolicyReference reference() {
    return facts.reference();
  }

  String uid() {
    return reference().uid();
  }

  /** A workload as the policy's status names it. */
  String nameOf(WorkloadId workload) {
    return facts.isClusterWide() ? workload.longName() : workload.shortName();
  }

  /** What is no workload that can be changed, as the policy's status names it. */
  String nameOf(String namespace, String kindAndName) {
    return facts.isClusterWide() ? namespace + "/" + kindAndName : kindAndName;
  }
}
