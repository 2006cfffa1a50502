package io.listenbacklog.probe.report;

import io.listenbacklog.api.PodReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Chooses what is told where not all of it can be: one thing of each pod before the second of any,
 * so that whatever one pod has to tell, it takes nothing from the others.
 *
 * <p>A namespace has a share as well, for room is not all that it can take from others: whenever
 * one pod comes to the node, etcd gets a new copy of everything, and the larger that is, the longer
 * each waits for its turn.
 *
 * @param most things at all
 * @param mostOfPod things of one pod
 * @param mostBytesOfPod JSON of one pod's things, as etcd holds it
 * @param sureOfPod things of each pod that its namespace's share does not limit
 * @param mostBytesOfNamespace JSON of all things of a namespace's pods; above it each of them has
 *     no more than these
 */
record FairShares(
    int most, int mostOfPod, int mostBytesOfPod, int sureOfPod, int mostBytesOfNamespace) {
  /**
   * What is chosen, in no order to speak of.
   *
   * @param worst those that come first are chosen first; it tells any two apart
   * @param room for all that is chosen
   */
  <T> List<T> of(
      Collection<T> all,
      Function<T, PodReference> pod,
      Comparator<T> worst,
      Measurements<T> measurements,
      StatusBudget room) {
    var chosen = new ArrayList<T>(Math.min(most, all.size()));
    List<Share<T>> waiting = shares(all, pod, worst);
    while (!waiting.isEmpty() && chosen.size() < most) {
      waiting.sort(Comparator.comparing(Share::next, worst));
      var left = new ArrayList<Share<T>>(waiting.size());
      for (Share<T> each : waiting) {
        if (chosen.size() == most) break;
        var measured = measurements.of(each.next());
        int bytes = measured.bytes() + 1; // and a comma
        boolean sure = each.taken < sureOfPod;
        if (!sure && each.ofNamespace.left() < bytes) continue; // so has its namespace
        if (!each.room.take(bytes) || !room.take(bytes)) continue; // this pod has had its share
        each.ofNamespace.take(Math.min(bytes, each.ofNamespace.left()));
        chosen.add(measured.thing());
        each.taken++;
        if (each.taken < mostOfPod && each.taken < each.things.size()) left.add(each);
      }
      waiting = left;
    }
    return chosen;
  }

  private <T> List<Share<T>> shares(
      Collection<T> all, Function<T, PodReference> pod, Comparator<T> worst) {
    Map<String, Share<T>> byPod = new HashMap<>();
    Map<String, StatusBudget> byNamespace = new HashMap<>();
    for (T each : all) {
      PodReference of = pod.apply(each);
      var share = byPod.get(of.uid());
      if (share == null) {
        var ofNamespace =
            byNamespace.computeIfAbsent(
                of.namespace(), _ -> new StatusBudget(mostBytesOfNamespace));
        share = new Share<>(new StatusBudget(mostBytesOfPod), ofNamespace);
        byPod.put(of.uid(), share);
      }
      share.things.add(each);
    }
    byPod.values().forEach(each -> each.things.sort(worst));
    return new ArrayList<>(byPod.values());
  }

  /** What one pod has to tell. */
  private static final class Share<T> {
    final List<T> things = new ArrayList<>();
    final StatusBudget room;

    /** What is left for all pods of its namespace. */
    final StatusBudget ofNamespace;

    private int taken;

    Share(StatusBudget room, StatusBudget ofNamespace) {
      this.room = room;
      this.ofNamespace = ofNamespace;
    }

    T next() {
      return things.get(taken);
    }
  }
}
