package io.listenbacklog.policy.resolve;

import static java.util.stream.Collectors.groupingBy;

import io.listenbacklog.policy.PolicyNames;
import io.listenbacklog.policy.resolve.limit.Clamp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts, pod by pod, what each policy has of them. */
final class GovernanceCount {
  private final Map<String, PolicyCoverage> byPolicy = new HashMap<>();

  /**
   * Pods that other policies govern: by which, and how many. A pod can have hundreds of policies.
   */
  private final Map<String, TreeMap<String, Integer>> overshadowed = new HashMap<>();

  /**
   * Adds a pod to the policies that select it, of which the first governs it.
   *
   * @param isLeftOut whether there is no room for it in the NodeBacklog
   */
  void add(PodFacts pod, PodResolution resolution, boolean isLeftOut) {
    List<PolicyFacts> selectedBy = resolution.selectedBy();
    if (selectedBy.isEmpty()) return;
    PolicyFacts governing = selectedBy.getFirst();
    Map<Clamp.Source, List<Clamp>> clamps =
        resolution.clamps().stream().collect(groupingBy(Clamp::by));
    add(
        governing,
        new PolicyCoverage(
            1,
            1,
            new TreeMap<>(),
            portNames(governing, pod),
            clamps.getOrDefault(Clamp.Source.POLICY, List.of()),
            clamps.containsKey(Clamp.Source.ANNOTATIONS) ? 1 : 0,
            pod.ready() && !isLeftOut ? 1 : 0,
            isLeftOut ? 1 : 0));
    if (selectedBy.size() == 1) return;
    String by = PolicyNames.full(governing.reference());
    for (PolicyFacts other : selectedBy.subList(1, selectedBy.size())) {
      overshadowed
          .computeIfAbsent(other.reference().uid(), _ -> new TreeMap<>())
          .merge(by, 1, Integer::sum);
    }
  }

  /** By the policies' uids. */
  Map<String, PolicyCoverage> byPolicy() {
    overshadowed.forEach(
        (uid, by) -> {
          int pods = by.values().stream().mapToInt(Integer::intValue).sum();
          var others = new PolicyCoverage(pods, 0, by, new TreeSet<>(), List.of(), 0, 0, 0);
          byPolicy.merge(uid, others, PolicyCoverage::plus);
        });
    overshadowed.clear();
    return byPolicy;
  }

  private void add(PolicyFacts policy, PolicyCoverage pod) {
    byPolicy.merge(policy.reference().uid(), pod, PolicyCoverage::plus);
  }

  private static SortedSet<String> portNames(PolicyFacts policy, PodFacts pod) {
    var names = new TreeSet<String>();
    for (PodFacts.NamedPort port : pod.ports()) {
      if (policy.portNames().contains(port.name())) names.add(port.name());
    }
    return names;
  }
}
