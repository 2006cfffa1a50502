package io.listenbacklog.probe.report;

import io.listenbacklog.api.ContainerBacklogs;
import io.listenbacklog.api.PodBacklogs;
import io.listenbacklog.policy.assess.Demand;
import io.listenbacklog.policy.assess.Place;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NamespaceState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a status tells of the pods whose policy has {@code appConfig}: what their applications gave
 * their listeners by themselves. Others' listeners prove nothing of them.
 */
final class PodReports {
  private final ProcessIndex processIndex;
  private final ListenerReports listeners;

  PodReports(ProcessIndex processIndex, ListenerReports listeners) {
    this.processIndex = processIndex;
    this.listeners = listeners;
  }

  /**
   * Those of them that run and can be looked at as they should be, in the order of the spec.
   *
   * @param hidden the pods that cannot, by the uid of their cgroups
   * @return null: the spec asks for none
   */
  @Nullable List<PodBacklogs> of(
      NodeSpec spec, Collection<NamespaceState> namespaces, Set<String> hidden) {
    var found = new HashMap<String, Map<String, ContainerBacklogs>>();
    boolean asked = false;
    for (var each : spec.pods().entrySet()) {
      if (!each.getValue().appConfig()) continue;
      asked = true;
      boolean seen = processIndex.isThere(each.getKey()) && !hidden.contains(each.getKey());
      if (seen) found.put(each.getKey(), new TreeMap<>());
    }
    if (!asked) return null;
    for (var namespace : namespaces) {
      if (!Collections.disjoint(namespace.pods(), found.keySet())) count(namespace, spec, found);
    }
    var all = new ArrayList<PodBacklogs>(found.size());
    for (var each : spec.pods().entrySet()) {
      var containers = found.get(each.getKey());
      if (containers == null) continue;
      all.add(
          new PodBacklogs(each.getValue().pod().reference(), new ArrayList<>(containers.values())));
    }
    return all;
  }

  private void count(
      NamespaceState namespace, NodeSpec spec, Map<String, Map<String, ContainerBacklogs>> found) {
    for (var each : namespace.all()) {
      var pod = each.pod(spec);
      var containers = pod == null ? null : found.get(pod.cgroupUid());
      int least = pod == null ? 0 : least(pod, each.place());
      if (containers == null || least == 0) continue;
      var counts = listeners.byItself(namespace, each, least);
      if (counts != null) containers.merge(counts.container(), counts, ContainerBacklogs::plus);
    }
  }

  /** What is asked of it without overflows: how far it grew is nothing that was configured. */
  private static int least(GovernedPod pod, Place place) {
    return pod.requirement().on(place) instanceof Demand.AtLeast(int minimum, _) ? minimum : 0;
  }
}
