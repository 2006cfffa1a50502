package io.listenbacklog.controller.appconfig;

import io.listenbacklog.controller.appconfig.GovernedPods.Governed;
import io.listenbacklog.controller.appconfig.Requests.UnownedPod;
import io.listenbacklog.controller.appconfig.Workloads.OwnedPod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds the workloads that policies ask something of: by the owners of the pods they govern. */
final class RequestResolver {
  private final Workloads workloads;
  private final AppConfigSettings settings;

  /** What pods are of, by uid; of governed pods alone. */
  private final Map<String, OwnedPod> owners = new HashMap<>();

  RequestResolver(Workloads workloads, AppConfigSettings settings) {
    this.workloads = workloads;
    this.settings = settings;
  }

  Requests requests(List<RequestingPolicy> policies) {
    var notGranted = new HashMap<String, String>();
    var governed = new HashMap<RequestingPolicy, List<Governed>>();
    for (RequestingPolicy each : policies) governed.put(each, granted(each, notGranted));
    readOwners(governed.values());
    var byWorkload = new HashMap<WorkloadId, List<WorkloadRequest>>();
    var unowned = new HashMap<String, SortedMap<String, UnownedPod>>();
    for (RequestingPolicy policy : policies) {
      var pods = new HashMap<WorkloadId, List<Governed>>();
      var others = new TreeMap<String, UnownedPod>();
      for (Governed pod : governed.getOrDefault(policy, List.of())) {
        OwnedPod of = owners.get(pod.uid());
        if (of == null) continue; // It is gone by now, or newer than what was read.
        if (of.owner() != null) {
          String missing = missing(pod.namespace(), workloads.missingRights(of.owner()));
          if (!missing.isEmpty()) {
            notGranted.putIfAbsent(policy.uid(), missing);
            continue;
          }
          pods.computeIfAbsent(of.owner(), _ -> new ArrayList<>()).add(pod);
        } else {
          others.putIfAbsent(of.other(), new UnownedPod(pod, of.template()));
        }
      }
      pods.forEach(
          (workload, these) ->
              byWorkload
                  .computeIfAbsent(workload, _ -> new ArrayList<>())
                  .add(new WorkloadRequest(policy, these)));
      unowned.put(policy.uid(), others);
    }
    return new Requests(byWorkload, unowned, notGranted);
  }

  /** Its pods where the operator may do what is needed. */
  private List<Governed> granted(RequestingPolicy policy, Map<String, String> notGranted) {
    var granted = new ArrayList<Governed>();
    for (Governed pod : policy.pods().all()) {
      String missing = missing(pod.namespace());
      if (missing.isEmpty()) granted.add(pod);
      else notGranted.putIfAbsent(policy.uid(), missing);
    }
    return granted;
  }

  private String missing(String namespace) {
    if (!settings.covers(namespace)) {
      return "changes of workloads in namespace %s (appConfig.namespaces)".formatted(namespace);
    }
    return missing(namespace, workloads.missingRights(namespace));
  }

  private static String missing(String namespace, List<String> missing) {
    return missing.isEmpty()
        ? ""
        : "%s in namespace %s".formatted(String.join(", ", missing), namespace);
  }

  /** A pod's owner never changes: only namespaces with pods not seen before are read. */
  private void readOwners(Iterable<List<Governed>> governed) {
    Set<String> uids = new HashSet<>();
    var unknown = new TreeSet<String>();
    for (List<Governed> pods : governed) {
      for (Governed pod : pods) {
        uids.add(pod.uid());
        if (!owners.containsKey(pod.uid())) unknown.add(pod.namespace());
      }
    }
    owners.keySet().retainAll(uids);
    for (String namespace : unknown) {
      for (OwnedPod each : workloads.pods(namespace)) {
        if (uids.contains(each.uid())) owners.put(each.uid(), each);
      }
    }
  }
}
