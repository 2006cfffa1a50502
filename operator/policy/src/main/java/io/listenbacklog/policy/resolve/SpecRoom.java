package io.listenbacklog.policy.resolve;

import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which pods of a node have room in its NodeBacklog. Usually all have: it takes hundreds of pods
 * whose annotations each differ at dozens of ports to fill it. Then the namespaces get equal
 * shares, byte by byte, and in each the smallest pods come first: a pod that takes much is left
 * out, and one that takes little is not, whatever others do.
 *
 * <p>What the pods of one namespace ask for is bounded also where there is room for it: each write
 * of a NodeBacklog is a whole new copy, and the larger it is, the longer the next new pod waits for
 * its own, whoever's it is.
 *
 * @param pods of those that have room, by requirement
 * @param leftOut the uids of the others: nothing holds for them
 */
record SpecRoom(Map<NodeRequirement, List<NodePod>> pods, Set<String> leftOut) {
  /**
   * Bytes of JSON. An object of etcd may have 1,572,864; the probe fills 1,150,000 with its status,
   * the API server some with metadata.
   */
  static final int BYTES = 400_000;

  /**
   * Bytes of the different requirements of one namespace's pods, without the pods themselves: some
   * 300 that differ in a number, 21 with 64 rules each.
   */
  static final int BYTES_OF_NAMESPACE = 120_000;

  /** A pod that wants to be in, and what it takes. */
  private record Wish(NodeRequirement requirement, NodePod pod, int bytes) {}

  private static final Comparator<Wish> LEAST_FIRST =
      Comparator.comparingInt(Wish::bytes).thenComparing(each -> each.pod().uid());

  static SpecRoom of(Map<NodeRequirement, List<NodePod>> all) {
    long bytes = 0;
    for (var each : all.entrySet()) {
      bytes += SpecSize.of(each.getKey());
      for (NodePod pod : each.getValue()) bytes += SpecSize.of(pod);
    }
    return bytes <= BYTES && isModest(all) ? new SpecRoom(all, Set.of()) : shared(all);
  }

  /** Whether no namespace asks for more than its share. */
  private static boolean isModest(Map<NodeRequirement, List<NodePod>> all) {
    var asked = new HashMap<String, Integer>();
    all.forEach(
        (requirement, pods) -> {
          int bytes = SpecSize.of(requirement);
          pods.stream()
              .map(NodePod::namespace)
              .distinct()
              .forEach(namespace -> asked.merge(namespace, bytes, Integer::sum));
        });
    return asked.values().stream().allMatch(each -> each <= BYTES_OF_NAMESPACE);
  }

  /** What is left for each namespace: a requirement counts once in each whose pods have it. */
  private static final class NamespaceShares {
    private final Map<String, Set<NodeRequirement>> taken = new HashMap<>();
    private final Map<String, Integer> left = new HashMap<>();

    /** Takes what the requirement of a pod needs; false: there is no room for it. */
    boolean take(NodeRequirement requirement, NodePod pod) {
      var ofNamespace = taken.computeIfAbsent(pod.namespace(), _ -> new HashSet<>());
      if (ofNamespace.contains(requirement)) return true;
      int rest = left.getOrDefault(pod.namespace(), BYTES_OF_NAMESPACE) - SpecSize.of(requirement);
      if (rest < 0) return false;
      left.put(pod.namespace(), rest);
      ofNamespace.add(requirement);
      return true;
    }
  }

  private static SpecRoom shared(Map<NodeRequirement, List<NodePod>> all) {
    var chosen = new LinkedHashMap<NodeRequirement, List<NodePod>>();
    var leftOut = new HashSet<String>();
    var shares = new NamespaceShares();
    int left = BYTES;
    for (Wish each : inTurn(wishes(all))) {
      int bytes = SpecSize.of(each.pod());
      if (!chosen.containsKey(each.requirement())) bytes += SpecSize.of(each.requirement());
      if (bytes > left || !shares.take(each.requirement(), each.pod())) {
        leftOut.add(each.pod().uid());
        continue;
      }
      left -= bytes;
      chosen.computeIfAbsent(each.requirement(), _ -> new ArrayList<>()).add(each.pod());
    }
    return new SpecRoom(chosen, leftOut);
  }

  /** Pods that need the same share what that takes. */
  private static List<Wish> wishes(Map<NodeRequirement, List<NodePod>> all) {
    var wishes = new ArrayList<Wish>();
    all.forEach(
        (requirement, pods) -> {
          int share = Math.ceilDiv(SpecSize.of(requirement), pods.size());
          for (NodePod pod : pods) wishes.add(new Wish(requirement, pod, share + SpecSize.of(pod)));
        });
    wishes.sort(LEAST_FIRST);
    return wishes;
  }

  /** By what the pods of a namespace take up to and with each. */
  private static List<Wish> inTurn(List<Wish> leastFirst) {
    record Turn(Wish wish, long upTo) {}
    var ofNamespace = new HashMap<String, Long>();
    var turns = new ArrayList<Turn>();
    for (Wish each : leastFirst) {
      String namespace = each.pod().namespace();
      turns.add(new Turn(each, ofNamespace.merge(namespace, (long) each.bytes(), Long::sum)));
    }
    turns.sort(Comparator.comparingLong(Turn::upTo)); // of two alike that which takes least
    return turns.stream().map(Turn::wish).toList();
  }
}
