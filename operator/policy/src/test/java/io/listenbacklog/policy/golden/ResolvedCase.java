package io.listenbacklog.policy.golden;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.groupingBy;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.policy.PolicyNames;
import io.listenbacklog.policy.resolve.NamespaceFacts;
import io.listenbacklog.policy.resolve.NodeResolution;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.PolicyCoverage;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.resolve.Resolver;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the policies, namespaces and pods of a case resolve to.
 *
 * @param nodes those that have pods, by name
 */
record ResolvedCase(List<PolicyFacts> policies, Map<String, NodeResolution> nodes) {

  static ResolvedCase of(GoldenCase golden) {
    var policies =
        Stream.concat(
                golden.of(BacklogPolicy.class).map(PolicyFacts::of),
                golden.of(ClusterBacklogPolicy.class).map(PolicyFacts::of))
            .toList();
    var resolver =
        new Resolver(
            golden.limits(),
            policies,
            golden.of(Namespace.class).map(ResolvedCase::facts).toList());
    var nodes = new TreeMap<String, NodeResolution>();
    golden
        .of(Pod.class)
        .filter(pod -> !Pods.isProbe(pod))
        .map(PodFacts::of)
        .collect(groupingBy(pod -> requireNonNull(pod.nodeName())))
        .forEach((node, pods) -> nodes.put(node, resolver.resolveNode(pods)));
    return new ResolvedCase(policies, nodes);
  }

  private static NamespaceFacts facts(Namespace namespace) {
    return new NamespaceFacts(
        namespace.getMetadata().getName(),
        requireNonNullElse(namespace.getMetadata().getLabels(), Map.of()));
  }

  /** What a policy has of the pods of each node that it selects any of. */
  Map<String, PolicyCoverage> governance(PolicyFacts policy) {
    var byNode = new TreeMap<String, PolicyCoverage>();
    nodes.forEach(
        (node, resolution) -> {
          var governance = resolution.governance().get(policy.reference().uid());
          if (governance != null) byNode.put(node, governance);
        });
    return byNode;
  }

  /** What each policy has of the pods, and what is wrong with its selectors: for people. */
  String policiesAsText() {
    return policies.stream()
        .sorted(PolicyFacts.PRECEDENCE)
        .map(policy -> asText(policy, governance(policy)) + "\n")
        .collect(Collectors.joining());
  }

  private static String asText(PolicyFacts policy, Map<String, PolicyCoverage> byNode) {
    var sum = byNode.values().stream().reduce(PolicyCoverage.NONE, PolicyCoverage::plus);
    return PolicyNames.full(policy.reference())
        + ": selects %d, governs %d".formatted(sum.selected(), sum.governed())
        + (sum.clamps().isEmpty() ? "" : ", cut " + sum.clamps())
        + (sum.podsCut() == 0 ? "" : ", annotations cut of %d".formatted(sum.podsCut()))
        + (sum.overshadowedBy().isEmpty() ? "" : ", overshadowed by " + sum.overshadowedBy())
        + (policy.portNames().isEmpty() ? "" : ", port names found " + sum.portNames())
        + (policy.selectorProblems().isEmpty() ? "" : ", invalid " + policy.selectorProblems());
  }

  /** What is wrong with annotations, a line each. */
  String problemsAsText() {
    return nodes.values().stream()
        .flatMap(node -> node.problems().stream())
        .flatMap(
            pod ->
                pod.problems().stream()
                    .map(
                        problem ->
                            "%s/%s %s: \"%s\" %s%n"
                                .formatted(
                                    pod.pod().namespace(),
                                    pod.pod().name(),
                                    problem.key(),
                                    problem.value(),
                                    problem.problem())))
        .collect(Collectors.joining());
  }

  /** What the limits cut, a line each. */
  String clampsAsText() {
    return nodes.values().stream()
        .flatMap(node -> node.clamps().stream())
        .flatMap(
            pod ->
                pod.clamps().stream()
                    .map(
                        clamp ->
                            "%s/%s: %s%n"
                                .formatted(pod.pod().namespace(), pod.pod().name(), clamp)))
        .collect(Collectors.joining());
  }
}
