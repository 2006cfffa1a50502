package io.listenbacklog.controller.appconfig;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.appconfig.plan.PodTemplate;
import io.listenbacklog.appconfig.plan.Workload.Strategy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A workload as the API server has it.
 *
 * @param resourceVersion a write of another one is refused
 * @param raw the template as it is, for what the facts leave out
 * @param facts what of it matters
 * @param marks what our patches find
 * @param memory what we left on it; null: nothing, or nothing that can be read
 */
record LiveWorkload(
    WorkloadId id,
    String uid,
    String resourceVersion,
    PodTemplateSpec raw,
    PodTemplate facts,
    LabelSelector selector,
    int replicas,
    int updated,
    int pods,
    int available,
    boolean seen,
    boolean paused,
    boolean deadlineExceeded,
    Duration deadline,
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
}
