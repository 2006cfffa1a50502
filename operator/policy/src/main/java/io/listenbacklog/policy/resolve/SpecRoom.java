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
 * @param pods of those that have room, by requirement
 * @param leftOut the uids of the others: nothing holds for them
 */
record SpecRoom(Map<NodeRequirement, List<NodePod>> pods, Set<String> leftOut) {
  /**
   * Bytes of JSON. An object of etcd may have 1,572,864; the probe fills 1,150,000 with its status,
   * the API server some with metadata.
   */
  static final int BYTES = 400_000;

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
    return bytes <= BYTES ? new SpecRoom(all, Set.of()) : shared(all);
  }

  private static SpecRoom shared(Map<NodeRequirement, List<NodePod>> all) {
    var chosen = new LinkedHashMap<NodeRequirement, List<NodePod>>();
    var leftOut = new HashSet<String>();
    int left = BYTES;
    for (Wish each : inTurn(wishes(all))) {
      int bytes = SpecSize.of(each.pod());
      if (!chosen.containsKey(each.requirement())) bytes += SpecSize.of(each.requirement());
      if (bytes > left) {
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
