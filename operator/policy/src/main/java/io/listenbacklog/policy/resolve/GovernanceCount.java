package io.listenbacklog.policy.resolve;

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

  /** Adds a pod that these policies select, of which the first governs it. */
  void add(PodFacts pod, List<PolicyFacts> selectedBy) {
    if (selectedBy.isEmpty()) return;
    PolicyFacts governing = selectedBy.getFirst();
    add(governing, new Governance(1, 1, new TreeMap<>(), portNames(governing, pod)));
    var overshadowed = new TreeMap<>(Map.of(PolicyNames.full(governing.reference()), 1));
    for (PolicyFacts other : selectedBy.subList(1, selectedBy.size())) {
      add(other, new Governance(1, 0, overshadowed, new TreeSet<>()));
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
