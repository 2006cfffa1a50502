package io.listenbacklog.controller.appconfig;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.appconfig.plan.Change;
import io.listenbacklog.appconfig.plan.ConfigMapFacts;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.appconfig.plan.PodTemplate;
import io.listenbacklog.appconfig.plan.Situation.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Workloads, and what belongs to them, in the API. Reading is on demand, for there are few of which
 * anything is asked.
 *
 * <p>All methods throw {@link KubernetesClientException} where the API server refuses or is away; a
 * write of a workload that changed since it was read is refused so.
 */
interface Workloads {

  /** What the operator may not do there that it needs; empty: nothing. */
  List<String> missingRights(String namespace);

  /** What it may not do beyond that with a workload of a kind that not each cluster has. */
  List<String> missingRights(WorkloadId workload);

  /** Empty: there is none. */
  Optional<LiveWorkload> get(WorkloadId id);

  /** Those that have a memory. */
  List<LiveWorkload> marked();

  /** What pods are of. */
  List<OwnedPod> pods(String namespace);

  /** The pods of a workload that are there. */
  List<Pod> pods(LiveWorkload workload);

  /**
   * PodDisruptionBudgets that allow fewer pods to be away now than the workload's rollout takes.
   */
  List<String> blockedBy(LiveWorkload workload);

  /** Empty: there is none. */
  Optional<ConfigMapFacts> configMap(String namespace, String name);

  /**
   * Makes the ConfigMaps, tries the change without writing it, and then writes it and the memory.
   *
   * @param target what the template is to be
   * @param touched the places of it that are ours
   */
  void apply(
      LiveWorkload workload,
      PodTemplate target,
      List<Change> touched,
      Map<String, ConfigMapFacts> configMaps,
      Memory memory);

  /**
   * Makes those of the ConfigMaps anew that somebody deleted: without them the workload's next pods
   * would not start.
   */
  void keep(LiveWorkload workload, Map<String, ConfigMapFacts> configMaps);

  /** Writes what the template is to be, and the memory. */
  void undo(LiveWorkload workload, PodTemplate target, Memory memory);

  /**
   * Writes the memory.
   *
   * @param memory null: there is to be none
   */
  void remember(LiveWorkload workload, @Nullable Memory memory);

  /**
   * A pod and what it is of.
   *
   * @param owner the workload; null: none that can be changed
   * @param other where there is no such workload, what there is: {@code Job/x}, {@code Pod/x}
   * @param template of that other
   */
  record OwnedPod(
      String uid, String name, @Nullable WorkloadId owner, String other, PodTemplate template) {}
}
