package io.listenbacklog.probe.report;

import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.PolicyCounts;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NamespaceState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a status tells of each policy: how many pods and listeners it governs, and how they are. */
final class PolicyReports {
  private final ProcessIndex processIndex;
  private final ListenerReports listeners;

  PolicyReports(ProcessIndex processIndex, ListenerReports listeners) {
    this.processIndex = processIndex;
    this.listeners = listeners;
  }

  /**
   * The policies of a spec, in its order.
   *
   * @param hidden the pods that cannot be looked at, by the uid of their cgroups
   */
  List<PolicyCounts> of(NodeSpec spec, Collection<NamespaceState> namespaces, Set<String> hidden) {
    var listeners = new LinkedHashMap<PolicyReference, ListenerCounts>();
    for (var policy : spec.policies()) listeners.put(policy, ListenerCounts.NONE);
    for (var namespace : namespaces) count(namespace, spec, listeners);
    var pods = new HashMap<PolicyReference, Integer>();
    for (GovernedPod pod : spec.pods().values()) {
      var policy = pod.requirement().policy();
      if (policy == null) continue;
      if (processIndex.isThere(pod.cgroupUid())) pods.merge(policy, 1, Integer::sum);
      if (hidden.contains(pod.cgroupUid())) {
        listeners.merge(policy, ListenerCounts.unobservable(1), ListenerCounts::plus);
      }
    }
    for (var each : spec.unread().values()) {
      var policy = each.policy();
      if (policy == null) continue;
      if (processIndex.isThere(each.pod().uidInCgroups())) pods.merge(policy, 1, Integer::sum);
      listeners.merge(policy, ListenerCounts.unobservable(1), ListenerCounts::plus);
    }
    var all = new ArrayList<PolicyCounts>();
    listeners.forEach(
        (policy, counts) ->
            all.add(new PolicyCounts(policy, pods.getOrDefault(policy, 0), counts)));
    return all;
  }

  /** Those of one policy that follow each other, and count alike, as most do, are added at once. */
  private void count(
      NamespaceState namespace, NodeSpec spec, Map<PolicyReference, ListenerCounts> to) {
    PolicyReference policy = null;
    var last = ListenerCounts.NONE;
    int times = 0;
    for (var each : namespace.all()) {
      var pod = each.pod(spec);
      var its = pod == null ? null : pod.requirement().policy();
      if (pod == null || its == null || pod.ignores(each.place())) continue;
      var counts = listeners.counts(namespace, each);
      if (policy != null && policy.equals(its) && last.equals(counts)) {
        times++;
        continue;
      }
      if (policy != null) to.merge(policy, last.times(times), ListenerCounts::plus);
      policy = its;
      last = counts;
      times = 1;
    }
    if (policy != null) to.merge(policy, last.times(times), ListenerCounts::plus);
  }
}
