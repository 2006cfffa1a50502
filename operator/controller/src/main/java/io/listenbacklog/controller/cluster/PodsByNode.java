package io.listenbacklog.controller.cluster;

import io.listenbacklog.api.PodReference;
import io.listenbacklog.policy.resolve.PodFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The pods that are scheduled, by their node. */
final class PodsByNode {
  /** By node, then by namespace and name. */
  private final Map<String, Map<String, PodFacts>> pods = new HashMap<>();

  void put(PodFacts pod) {
    String node = pod.nodeName();
    if (node != null) pods.computeIfAbsent(node, _ -> new HashMap<>()).put(key(pod), pod);
  }

  void remove(PodFacts pod) {
    String node = pod.nodeName();
    Map<String, PodFacts> there = node == null ? null : pods.get(node);
    if (node == null || there == null) return;
    there.remove(key(pod));
    if (there.isEmpty()) pods.remove(node);
  }

  /** All of a node, in no order. */
  List<PodFacts> on(String node) {
    return List.copyOf(pods.getOrDefault(node, Map.of()).values());
  }

  Optional<PodFacts> get(String node, PodReference pod) {
    PodFacts known = pods.getOrDefault(node, Map.of()).get(pod.namespace() + "/" + pod.name());
    return Optional.ofNullable(known).filter(each -> each.uid().equals(pod.uid()));
  }

  /** The nodes that have pods. */
  List<String> nodes() {
    return List.copyOf(pods.keySet());
  }

  /** The nodes that have a pod of which something is true. */
  List<String> nodesWithAny(Predicate<PodFacts> isTrue) {
    var found = new ArrayList<String>();
    pods.forEach(
        (node, there) -> {
          if (there.values().stream().anyMatch(isTrue)) found.add(node);
        });
    return found;
  }

  private static String key(PodFacts pod) {
    return pod.namespace() + "/" + pod.name();
  }
}
