package io.listenbacklog.policy.resolve;

import static java.util.stream.Collectors.groupingBy;

import io.listenbacklog.policy.PolicyNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts, pod by pod, what each policy has of them. */
final class GovernanceCount {
  private final Map<String, Governance> byPolicy = new HashMap<>();

  /** Adds a pod to the policies that select it, of which the first governs it. */
  void add(PodFacts pod, PodResolution resolution) {
    List<PolicyFacts> selectedBy = resolution.selectedBy();
    if (selectedBy.isEmpty()) return;
    PolicyFacts governing = selectedBy.getFirst();
    Map<Clamp.Asker, List<Clamp>> clamps =
        resolution.clamps().stream().collect(groupingBy(Clamp::by));
    add(
        governing,
        new Governance(
            1,
            1,
            new TreeMap<>(),
            portNames(governing, pod),
            clamps.getOrDefault(Clamp.Asker.POLICY, List.of()),
            clamps.containsKey(Clamp.Asker.ANNOTATIONS) ? 1 : 0,
            pod.ready() ? 1 : 0));
    var overshadowed = new TreeMap<>(Map.of(PolicyNames.full(governing.reference()), 1));
    for (PolicyFacts other : selectedBy.subList(1, selectedBy.size())) {
      add(other, new Governance(1, 0, overshadowed, new TreeSet<>(), List.of(), 0, 0));
    }
  }

  /** By the policies' uids. */
  Map<String, Governance> byPolicy() {
    return byPolicy;
  }

  private void add(PolicyFacts policy, Governance pod) {
    byPolicy.merge(policy.reference().uid(), pod, Governance::plus);
  }

  private static SortedSet<String> portNames(PolicyFacts policy, PodFacts pod) {
    var names = new TreeSet<String>();
    for (PodFacts.NamedPort port : pod.ports()) {
      if (policy.portNames().contains(port.name())) names.add(port.name());
    }
    return names;
  }
}
