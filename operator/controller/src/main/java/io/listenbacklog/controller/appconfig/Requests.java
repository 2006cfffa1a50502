package io.listenbacklog.controller.appconfig;

import io.listenbacklog.appconfig.plan.PodTemplate;
import io.listenbacklog.controller.appconfig.GovernedPods.Governed;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What all policies ask, by the pods that they govern.
 *
 * @param byWorkload of workloads that can be changed
 * @param unowned by policy uid: pods of something else, one each, by its kind and name
 * @param notGranted by policy uid: what the operator may not do there; absent: nothing is missing
 */
record Requests(
    Map<WorkloadId, List<WorkloadRequest>> byWorkload,
    Map<String, SortedMap<String, UnownedPod>> unowned,
    Map<String, String> notGranted) {

  /**
   * A governed pod of no workload that can be changed.
   *
   * @param template of the pod, or of what made it
   */
  record UnownedPod(Governed pod, PodTemplate template) {}

  Set<WorkloadId> workloads() {
    return byWorkload.keySet();
  }

  List<WorkloadRequest> of(WorkloadId workload) {
    return byWorkload.getOrDefault(workload, List.of());
  }

  SortedMap<String, UnownedPod> unowned(RequestingPolicy policy) {
    return unowned.getOrDefault(policy.uid(), new TreeMap<>());
  }

  /** Empty: nothing. */
  String notGranted(RequestingPolicy policy) {
    return notGranted.getOrDefault(policy.uid(), "");
  }
}
