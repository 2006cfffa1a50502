package io.listenbacklog.controller.appconfig;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.appconfig.plan.PodTemplate;
import io.listenbacklog.appconfig.plan.Progress;
import io.listenbacklog.appconfig.plan.Workload.Strategy;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A workload as the API server has it.
 *
 * @param resourceVersion a write of another one is refused
 * @param raw the template as it is, for what the facts leave out
 * @param facts what of it matters
 * @param selector null: not known, as of a template that is elsewhere
 * @param podHash of a Rollout: the label of the pods of its newest template, for others stay beside
 *     them for a while; empty: all pods count
 * @param progress how far its own controller is with its pods
 * @param marks what our patches find
 * @param memory what we left on it; null: nothing, or nothing that can be read
 */
record LiveWorkload(
    WorkloadId id,
    String uid,
    String resourceVersion,
    PodTemplateSpec raw,
    PodTemplate facts,
    @Nullable LabelSelector selector,
    String podHash,
    Progress progress,
    Strategy strategy,
    List<String> writers,
    Marks marks,
    @Nullable Memory memory) {

  /**
   * Which of our marks it has, and whether there is a place for them.
   *
   * @param claims places in {@code metadata.managedFields} of what is said to be ours, last first
   */
  record Marks(
      boolean annotations,
      boolean labels,
      boolean annotation,
      boolean label,
      List<Integer> claims) {
    Marks {
      claims = List.copyOf(claims);
    }
  }

  LiveWorkload {
    writers = List.copyOf(writers);
  }

  /**
   * Which of its pods count: of a Rollout those of the newest template, for old ones may stay
   * beside them, and serve nothing, for as long as it says.
   */
  Predicate<Pod> podsThatCount() {
    return pod -> {
      if (podHash.isEmpty()) return true;
      var labels = pod.getMetadata().getLabels();
      return labels != null && podHash.equals(labels.get(LiveRollouts.POD_HASH));
    };
  }

  /** How many pods it is to have. */
  int replicas() {
    return progress.replicas();
  }
}
