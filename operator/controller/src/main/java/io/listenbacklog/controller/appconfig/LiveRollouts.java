package io.listenbacklog.controller.appconfig;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.listenbacklog.appconfig.plan.Progress;
import io.listenbacklog.appconfig.plan.Workload.Rolling;
import io.listenbacklog.appconfig.plan.Workload.Strategy;
import io.listenbacklog.appconfig.plan.Workload.TemplateElsewhere;
import io.listenbacklog.appconfig.plan.Workload.Unsuited;
import io.listenbacklog.policy.text.CleanText;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link LiveWorkload}s of Rollouts of Argo Rollouts (pkg/apis/rollouts/v1alpha1/types.go
 * there, as of 1.9; {@code status.phase} came with 1.0).
 */
final class LiveRollouts {
  /** Which template a pod of a Rollout is of, as {@code status.currentPodHash} has it. */
  static final String POD_HASH = "rollouts-pod-template-hash";

  private static final String HEALTHY = "Healthy";
  private static final int MOST_MESSAGE_BYTES = 300;

  /**
   * Without progress, a pause or a step that takes as long as it takes. Argo Rollouts has a
   * deadline of its own and says when it is over.
   */
  private static final Duration DEADLINE = Duration.ofHours(1);

  /** Steps of a canary that Argo Rollouts sets no deadline either (isIndefiniteStep). */
  private static final List<String> WITHOUT_DEADLINE = List.of("experiment", "analysis", "plugin");

  private final GenericKubernetesResource rollout;

  private LiveRollouts(GenericKubernetesResource rollout) {
    this.rollout = rollout;
  }

  /** The object that a Rollout takes its pod template from ({@code spec.workloadRef}). */
  record Elsewhere(String kind, String name) {
    @Override
    public String toString() {
      return kind + " " + name;
    }
  }

  /** Null: it has its own. */
  static @Nullable Elsewhere elsewhere(GenericKubernetesResource rollout) {
    var object = new LiveRollouts(rollout);
    if (!(object.at("spec", "workloadRef") instanceof Map<?, ?>)) return null;
    return new Elsewhere(
        object.text("spec", "workloadRef", "kind"), object.text("spec", "workloadRef", "name"));
  }

  /** Its own; an empty one where it has none, or it cannot be read. */
  static PodTemplateSpec template(GenericKubernetesResource rollout) {
    PodTemplateSpec own = new LiveRollouts(rollout).as(PodTemplateSpec.class, "spec", "template");
    return own == null || own.getSpec() == null ? none() : own;
  }

  private static PodTemplateSpec none() {
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .build();
  }

  /** One with a pod template of its own. */
  static LiveWorkload of(WorkloadId id, GenericKubernetesResource rollout) {
    PodTemplateSpec template = template(rollout);
    var object = new LiveRollouts(rollout);
    return template.getSpec().getContainers().isEmpty()
        ? object.live(id, none(), new Unsuited("Its pod template cannot be read."))
        : object.live(id, template, object.strategy());
  }

  /**
   * One whose pod template is another object's.
   *
   * @param template null: it is not known
   */
  static LiveWorkload of(
      WorkloadId id,
      GenericKubernetesResource rollout,
      Elsewhere elsewhere,
      @Nullable PodTemplateSpec template) {
    return new LiveRollouts(rollout)
        .live(
            id, template == null ? none() : template, new TemplateElsewhere(elsewhere.toString()));
  }

  private LiveWorkload live(WorkloadId id, PodTemplateSpec template, Strategy strategy) {
    return LiveWorkloads.make(
        id,
        rollout.getMetadata(),
        template,
        as(LabelSelector.class, "spec", "selector"),
        text("status", "currentPodHash"),
        progress(),
        strategy);
  }

  private Progress progress() {
    int replicas = number(1, "spec", "replicas");
    String unfinished = unfinished();
    boolean seen = isSeen();
    boolean isOver = seen && unfinished.isEmpty();
    String paused = paused();
    // Of a blue-green Rollout the old pods stay for a while, or for long, after it is over.
    int available = number(0, "status", "availableReplicas");
    return new Progress(
        replicas,
        number(0, "status", "updatedReplicas"),
        isOver ? replicas : number(0, "status", "replicas"),
        isOver ? Math.min(available, replicas) : available,
        seen,
        paused,
        unfinished,
        !paused.isEmpty() || isInStepWithoutDeadline(),
        isFailed(),
        DEADLINE,
        progressed());
  }

  /** A string there, which in versions before 0.10 was a hash. */
  private boolean isSeen() {
    Long generation = rollout.getMetadata().getGeneration();
    String observed = text("status", "observedGeneration");
    return generation != null
        && observed.matches("[0-9]{1,18}")
        && Long.parseLong(observed) == generation;
  }

  private String unfinished() {
    String phase = text("status", "phase");
    if (is("status", "abort")) return "Argo Rollouts aborted it" + message();
    if (phase.isEmpty()) return "Argo Rollouts has not told its phase yet";
    if (!phase.equals(HEALTHY)) return "Argo Rollouts says %s%s".formatted(phase, message());
    boolean promoted = text("status", "stableRS").equals(text("status", "currentPodHash"));
    return promoted ? "" : "Argo Rollouts has not promoted it fully";
  }

  private String message() {
    String message = CleanText.of(text("status", "message"), MOST_MESSAGE_BYTES);
    return message.isEmpty() ? "" : ": " + message;
  }

  private boolean isFailed() {
    return is("status", "abort") || text("status", "phase").equals("Degraded");
  }

  private String paused() {
    if (is("spec", "paused")) return LiveWorkloads.PAUSED;
    return at("status", "pauseConditions") instanceof List<?> all
            && !all.isEmpty()
            && all.getFirst() instanceof Map<?, ?> first
        ? CleanText.of(String.valueOf(first.get("reason")), MOST_MESSAGE_BYTES)
        : "";
  }

  private boolean isInStepWithoutDeadline() {
    return at("spec", "strategy", "canary", "steps") instanceof List<?> steps
        && at("status", "currentStepIndex") instanceof Integer index
        && index >= 0
        && index < steps.size()
        && steps.get(index) instanceof Map<?, ?> step
        && WITHOUT_DEADLINE.stream().anyMatch(step::containsKey);
  }

  private @Nullable Instant progressed() {
    if (!(at("status", "conditions") instanceof List<?> conditions)) return null;
    for (Object each : conditions) {
      if (each instanceof Map<?, ?> condition
          && "Progressing".equals(condition.get("type"))
          && condition.get("lastUpdateTime") instanceof String at) {
        try {
          return Instant.parse(at);
        } catch (DateTimeParseException e) {
          return null;
        }
      }
    }
    return null;
  }

  private Strategy strategy() {
    // The new pods are all there before the first of the old ones goes.
    if (at("spec", "strategy", "blueGreen") != null) return new Rolling(0);
    boolean beside =
        at("spec", "strategy", "canary", "trafficRouting") != null
            && !is("spec", "strategy", "canary", "dynamicStableScale");
    if (beside) return new Rolling(0);
    int replicas = number(1, "spec", "replicas");
    int unavailable = LiveWorkloads.of(count("maxUnavailable"), replicas, false);
    int surge = LiveWorkloads.of(count("maxSurge"), replicas, true);
    return new Rolling(unavailable == 0 && surge == 0 ? 1 : unavailable);
  }

  private IntOrString count(String field) {
    Object value = at("spec", "strategy", "canary", field);
    if (value instanceof Integer number) return new IntOrString(number);
    return new IntOrString(value instanceof String text ? text : LiveWorkloads.DEFAULT_UNAVAILABLE);
  }

  // What the API server answered, of whose schema not all is sure

  private @Nullable Object at(Object... path) {
    return rollout.get(path);
  }

  private String text(Object... path) {
    return at(path) instanceof String text ? text : "";
  }

  private boolean is(Object... path) {
    return Boolean.TRUE.equals(at(path));
  }

  private int number(int otherwise, Object... path) {
    return at(path) instanceof Integer number ? number : otherwise;
  }

  private <T> @Nullable T as(Class<T> type, Object... path) {
    if (!(at(path) instanceof Map<?, ?> map)) return null;
    try {
      return Serialization.unmarshal(Serialization.asJson(map), type);
    } catch (IllegalArgumentException | KubernetesClientException e) {
      return null;
    }
  }
}
