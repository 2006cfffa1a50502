package io.listenbacklog.policy.resolve;

import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.policy.resolve.annotation.PodAnnotations;
import io.listenbacklog.policy.resolve.annotation.PodProblems;
import io.listenbacklog.policy.resolve.limit.Clamp;
import io.listenbacklog.policy.resolve.limit.Limits;
import io.listenbacklog.policy.resolve.limit.PodClamps;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Which requirement holds for which pod, given all policies and namespaces, within the limits of
 * the installation. It never changes: a new policy, or a new label of a namespace, makes a new
 * Resolver, which is cheap; a change of pods needs no more than {@link #resolveNode} for their
 * node. Safe for use by several threads.
 */
public final class Resolver {
  /** The label of each namespace, also of one that the informer has not delivered yet. */
  private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

  private static final Comparator<NodePod> BY_NAME =
      Comparator.comparing(NodePod::namespace)
          .thenComparing(NodePod::name)
          .thenComparing(NodePod::uid);

  private static final Comparator<PodReference> BY_NAMESPACE_AND_NAME =
      Comparator.comparing(pod -> pod.namespace() + "/" + pod.name());

  private final Limits limits;
  private final List<CompiledPolicy> policies;
  private final Map<String, Map<String, String>> namespaceLabels = new HashMap<>();

  /** The policies whose pods may be in a namespace, by precedence: made when first asked for. */
  private final Map<String, List<CompiledPolicy>> byNamespace = new ConcurrentHashMap<>();

  public Resolver(
      Limits limits, Collection<PolicyFacts> policies, Collection<NamespaceFacts> namespaces) {
    this.limits = limits;
    var beyond = PolicyFacts.beyond(policies);
    this.policies =
        policies.stream()
            .filter(policy -> !beyond.contains(policy.reference().uid()))
            .sorted(PolicyFacts.PRECEDENCE)
            .map(policy -> CompiledPolicy.of(policy, limits))
            .filter(CompiledPolicy::isValid)
            .toList();
    namespaces.forEach(each -> namespaceLabels.put(each.name(), each.labels()));
  }

  /** What holds for a pod. For one that has finished, or is not of Linux, nothing does. */
  public PodResolution resolve(PodFacts pod) {
    if (pod.finished() || pod.otherSystem()) return PodResolution.NOTHING;
    List<CompiledPolicy> selecting = selecting(pod);
    boolean ignoresOwn =
        limits.annotations() == Limits.Annotations.IGNORE && !pod.annotations().isEmpty();
    var own = ignoresOwn ? PodAnnotations.NONE : PodAnnotations.parse(pod.annotations());
    List<Clamp> ignored = ignoresOwn ? List.of(new Clamp.AllAnnotations()) : List.of();
    if (selecting.isEmpty() && !own.asksForSomething()) {
      return new PodResolution(null, List.of(), own.problems(), ignored);
    }
    var effective =
        EffectiveRequirement.of(
            selecting.isEmpty() ? null : selecting.getFirst(), own, pod.ports(), limits);
    return new PodResolution(
        effective.requirement(),
        selecting.stream().map(CompiledPolicy::policy).toList(),
        effective.problems(),
        joined(effective.clamps(), ignored));
  }

  private static List<Clamp> joined(List<Clamp> one, List<Clamp> other) {
    if (one.isEmpty()) return other;
    if (other.isEmpty()) return one;
    return Stream.concat(one.stream(), other.stream()).toList();
  }

  /**
   * What holds for the pods of a node.
   *
   * @param pods all of that node and of no other, in any order
   */
  public NodeResolution resolveNode(Collection<PodFacts> pods) {
    var podsByRequirement = new HashMap<NodeRequirement, List<NodePod>>();
    var governance = new GovernanceCount();
    var problems = new ArrayList<PodProblems>();
    var clamps = new ArrayList<PodClamps>();
    var resolved = new LinkedHashMap<PodFacts, PodResolution>();
    for (PodFacts pod : StaticPods.withoutImpostors(pods)) {
      PodResolution resolution = resolve(pod);
      resolved.put(pod, resolution);
      if (resolution.requirement() != null) {
        podsByRequirement
            .computeIfAbsent(resolution.requirement(), _ -> new ArrayList<>())
            .add(pod.onNode());
      }
    }
    var room = SpecRoom.of(podsByRequirement);
    resolved.forEach(
        (pod, resolution) -> {
          boolean isLeftOut = room.leftOut().contains(pod.uid());
          governance.add(pod, resolution, isLeftOut);
          if (!resolution.problems().isEmpty()) {
            problems.add(new PodProblems(pod.reference(), resolution.problems()));
          }
          var cut =
              isLeftOut
                  ? joined(resolution.clamps(), List.of(new Clamp.NodeIsFull()))
                  : resolution.clamps();
          if (!cut.isEmpty()) {
            clamps.add(new PodClamps(pod.reference(), resolution.policy(), cut));
          }
        });
    problems.sort(Comparator.comparing(PodProblems::pod, BY_NAMESPACE_AND_NAME));
    clamps.sort(Comparator.comparing(PodClamps::pod, BY_NAMESPACE_AND_NAME));
    return new NodeResolution(spec(room.pods()), governance.byPolicy(), problems, clamps);
  }

  private static NodeBacklogSpec spec(Map<NodeRequirement, List<NodePod>> podsByRequirement) {
    return new NodeBacklogSpec(
        podsByRequirement.entrySet().stream()
            .sorted(Map.Entry.comparingByKey(RequirementOrder.POLICY_THEN_CONTENT))
            .map(each -> each.getKey().withPods(each.getValue().stream().sorted(BY_NAME).toList()))
            .toList());
  }

  private List<CompiledPolicy> selecting(PodFacts pod) {
    var selecting = new ArrayList<CompiledPolicy>();
    for (CompiledPolicy each : byNamespace.computeIfAbsent(pod.namespace(), this::candidates)) {
      if (each.pods().matches(pod.labels())) selecting.add(each);
    }
    return selecting;
  }

  private List<CompiledPolicy> candidates(String namespace) {
    Map<String, String> labels = new HashMap<>();
    labels.put(NAMESPACE_NAME, namespace);
    labels.putAll(namespaceLabels.getOrDefault(namespace, Map.of()));
    return policies.stream()
        .filter(
            each ->
                each.policy().isClusterWide()
                    ? each.namespaces().matches(labels)
                    : namespace.equals(each.policy().reference().namespace()))
        .toList();
  }
}
