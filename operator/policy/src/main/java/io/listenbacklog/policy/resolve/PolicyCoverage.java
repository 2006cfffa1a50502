package io.listenbacklog.policy.resolve;

import io.listenbacklog.policy.resolve.limit.Clamp;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a policy has of the pods of one node, or, summed up, of several.
 *
 * @param selected pods that it selects
 * @param governed those of them that it governs
 * @param overshadowedBy by which policies the others are governed, and how many each; named as
 *     people do, such as {@code BacklogPolicy openstack/strict}
 * @param portNames the names of container ports in its {@code ports} that some governed pod has
 * @param clamps what the installation's limits cut of the policy itself
 * @param podsCut how many of the governed pods have annotations of which the limits cut something
 * @param ready how many of the governed pods are ready, so that processes of them run; those left
 *     out do not count
 * @param leftOut how many of the governed pods have no room in the NodeBacklog of their node, so
 *     that they are not observed
 */
public record PolicyCoverage(
    int selected,
    int governed,
    SortedMap<String, Integer> overshadowedBy,
    SortedSet<String> portNames,
    List<Clamp> clamps,
    int podsCut,
    int ready,
    int leftOut) {

  /** Of a policy that selects no pod. */
  public static final PolicyCoverage NONE =
      new PolicyCoverage(0, 0, new TreeMap<>(), new TreeSet<>(), List.of(), 0, 0, 0);

  public PolicyCoverage {
    overshadowedBy = Collections.unmodifiableSortedMap(new TreeMap<>(overshadowedBy));
    portNames = Collections.unmodifiableSortedSet(new TreeSet<>(portNames));
    clamps = List.copyOf(clamps);
  }

  /** The sum of both: of other pods of the same policy. */
  public PolicyCoverage plus(PolicyCoverage other) {
    var overshadowing = new TreeMap<>(overshadowedBy);
    other.overshadowedBy.forEach((by, pods) -> overshadowing.merge(by, pods, Integer::sum));
    var names = new TreeSet<>(portNames);
    names.addAll(other.portNames);
    return new PolicyCoverage(
        selected + other.selected,
        governed + other.governed,
        overshadowing,
        names,
        clamps.isEmpty() ? other.clamps : clamps, // The same for each pod that it governs.
        podsCut + other.podsCut,
        ready + other.ready,
        leftOut + other.leftOut);
  }
}
