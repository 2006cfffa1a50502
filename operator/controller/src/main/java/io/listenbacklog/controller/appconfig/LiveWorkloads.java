package io.listenbacklog.controller.appconfig;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.appconfig.plan.Progress;
import io.listenbacklog.appconfig.plan.Workload.Rolling;
import io.listenbacklog.appconfig.plan.Workload.Strategy;
import io.listenbacklog.appconfig.plan.Workload.Unsuited;
import io.listenbacklog.controller.appconfig.LiveWorkload.Marks;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes {@link LiveWorkload}s of what the API server answers. */
final class LiveWorkloads {
  /** Of a Deployment that says nothing else (pkg/apis/apps/v1/defaults.go). */
  static final int DEFAULT_PROGRESS_DEADLINE = 600;

  static final String DEFAULT_UNAVAILABLE = "25%";

  static final String PAUSED = "spec.paused";

  /** For kinds whose controllers know no deadline: this, and so much again for each pod. */
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  private static final Duration DEADLINE_OF_A_POD = Duration.ofMinutes(2);

  /** A workload that takes longer keeps others from their turn. */
  private static final Duration LONGEST_DEADLINE = Duration.ofHours(1);

  static LiveWorkload of(WorkloadId id, HasMetadata object) {
    return switch (object) {
      case Deployment deployment -> of(id, deployment);
      case StatefulSet set -> of(id, set);
      case DaemonSet set -> of(id, set);
      case GenericKubernetesResource rollout -> LiveRollouts.of(id, rollout);
      default -> throw new IllegalArgumentException("no workload: " + object.getKind());
    };
  }

  static PodTemplateSpec template(HasMetadata object) {
    return switch (object) {
      case Deployment deployment -> deployment.getSpec().getTemplate();
      case StatefulSet set -> set.getSpec().getTemplate();
      case DaemonSet set -> set.getSpec().getTemplate();
      case GenericKubernetesResource rollout -> LiveRollouts.template(rollout);
      default -> throw new IllegalArgumentException("no workload: " + object.getKind());
    };
  }

  private static LiveWorkload of(WorkloadId id, Deployment object) {
    var spec = object.getSpec();
    var status = requireNonNullElse(object.getStatus(), new DeploymentStatus());
    int replicas = requireNonNullElse(spec.getReplicas(), 1);
    boolean late =
        status.getConditions().stream()
            .anyMatch(
                each ->
                    each.getType().equals("Progressing")
                        && "ProgressDeadlineExceeded".equals(each.getReason()));
    // Its controller's word counts; where that says nothing for long, ours does.
    long deadline =
        requireNonNullElse(spec.getProgressDeadlineSeconds(), DEFAULT_PROGRESS_DEADLINE);
    Strategy strategy;
    if (spec.getStrategy() != null && "Recreate".equals(spec.getStrategy().getType())) {
      strategy = new Unsuited("Its strategy is Recreate, which ends all pods at once.");
    } else {
      var rolling = spec.getStrategy() == null ? null : spec.getStrategy().getRollingUpdate();
      IntOrString away = rolling == null ? null : rolling.getMaxUnavailable();
      IntOrString more = rolling == null ? null : rolling.getMaxSurge();
      int unavailable =
          of(requireNonNullElse(away, new IntOrString(DEFAULT_UNAVAILABLE)), replicas, false);
      int surge =
          of(requireNonNullElse(more, new IntOrString(DEFAULT_UNAVAILABLE)), replicas, true);
      // Were both 0 nothing could go on: its controller takes 1 then.
      strategy = new Rolling(unavailable == 0 && surge == 0 ? 1 : unavailable);
    }
    return make(
        id,
        object.getMetadata(),
        spec.getTemplate(),
        spec.getSelector(),
        new Progress(
            replicas,
            number(status.getUpdatedReplicas()),
            number(status.getReplicas()),
            number(status.getAvailableReplicas()),
            isSeen(object.getMetadata(), status.getObservedGeneration()),
            Boolean.TRUE.equals(spec.getPaused()) ? PAUSED : "",
            "",
            false,
            late,
            deadline(Duration.ofSeconds(deadline), replicas),
            null),
        strategy);
  }

  private static LiveWorkload of(WorkloadId id, StatefulSet object) {
    var spec = object.getSpec();
    var status = requireNonNullElse(object.getStatus(), new StatefulSetStatus());
    int replicas = requireNonNullElse(spec.getReplicas(), 1);
    var strategy = spec.getUpdateStrategy();
    var rolling = strategy == null ? null : strategy.getRollingUpdate();
    Strategy how;
    if (strategy != null && "OnDelete".equals(strategy.getType())) {
      how =
          new Unsuited(
              "Its strategy is OnDelete: its pods are only replaced when somebody deletes them.");
    } else if (rolling != null && number(rolling.getPartition()) > 0) {
      how = new Unsuited("Its strategy has a partition: not all of its pods would be replaced.");
    } else {
      IntOrString away = rolling == null ? null : rolling.getMaxUnavailable();
      how = new Rolling(away == null ? 1 : Math.max(1, of(away, replicas, true)));
    }
    return make(
        id,
        object.getMetadata(),
        spec.getTemplate(),
        spec.getSelector(),
        Progress.ofNumbers(
            replicas,
            updated(status, replicas),
            number(status.getReplicas()),
            number(status.getAvailableReplicas()),
            isSeen(object.getMetadata(), status.getObservedGeneration()),
            deadline(DEADLINE, replicas)),
        how);
  }

  /** When all are of one revision its controller has counted none of them as updated. */
  private static int updated(StatefulSetStatus status, int replicas) {
    boolean done =
        status.getUpdateRevision() != null
            && status.getUpdateRevision().equals(status.getCurrentRevision());
    return done
        ? Math.min(replicas, number(status.getReplicas()))
        : number(status.getUpdatedReplicas());
  }

  private static LiveWorkload of(WorkloadId id, DaemonSet object) {
    var spec = object.getSpec();
    var status = requireNonNullElse(object.getStatus(), new DaemonSetStatus());
    int pods = number(status.getDesiredNumberScheduled());
    var strategy = spec.getUpdateStrategy();
    Strategy how;
    if (strategy != null && "OnDelete".equals(strategy.getType())) {
      how =
          new Unsuited(
              "Its strategy is OnDelete: its pods are only replaced when somebody deletes them.");
    } else {
      var rolling = strategy == null ? null : strategy.getRollingUpdate();
      IntOrString away = rolling == null ? null : rolling.getMaxUnavailable();
      IntOrString more = rolling == null ? null : rolling.getMaxSurge();
      boolean surges = more != null && of(more, pods, true) > 0;
      how = new Rolling(surges ? 0 : away == null ? 1 : Math.max(1, of(away, pods, true)));
    }
    return make(
        id,
        object.getMetadata(),
        spec.getTemplate(),
        spec.getSelector(),
        Progress.ofNumbers(
            pods,
            number(status.getUpdatedNumberScheduled()),
            number(status.getCurrentNumberScheduled()),
            number(status.getNumberAvailable()),
            isSeen(object.getMetadata(), status.getObservedGeneration()),
            deadline(DEADLINE, pods)),
        how);
  }

  private static LiveWorkload make(
      WorkloadId id,
      ObjectMeta metadata,
      PodTemplateSpec template,
      LabelSelector selector,
      Progress progress,
      Strategy strategy) {
    return make(id, metadata, template, selector, "", progress, strategy);
  }

  /**
   * @param selector null: not known
   * @param podHash empty: all its pods count
   */
  static LiveWorkload make(
      WorkloadId id,
      ObjectMeta metadata,
      PodTemplateSpec template,
      @Nullable LabelSelector selector,
      String podHash,
      Progress progress,
      Strategy strategy) {
    var annotations = metadata.getAnnotations();
    var labels = metadata.getLabels();
    String memory = annotations == null ? null : annotations.get(AnnotationKeys.APP_CONFIG);
    return new LiveWorkload(
        id,
        metadata.getUid(),
        metadata.getResourceVersion(),
        template,
        Templates.facts(template.getSpec()),
        selector,
        podHash,
        progress,
        strategy,
        Writers.of(metadata),
        new Marks(
            annotations != null && !annotations.isEmpty(),
            labels != null && !labels.isEmpty(),
            memory != null,
            labels != null && labels.containsKey(KubernetesWorkloads.LABEL),
            claims(metadata)),
        Memories.read(memory).orElse(null));
  }

  /** Places in {@code metadata.managedFields} of what is said to be ours, last first. */
  static List<Integer> claims(ObjectMeta metadata) {
    var managers =
        metadata.getManagedFields().stream().map(ManagedFieldsEntry::getManager).toList();
    return IntStream.range(0, managers.size())
        .filter(at -> KubernetesWorkloads.MANAGER.equals(managers.get(at)))
        .boxed()
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /** With so many pods. */
  static Duration deadline(Duration ofAll, int pods) {
    Duration deadline = ofAll.plus(DEADLINE_OF_A_POD.multipliedBy(pods));
    return deadline.compareTo(LONGEST_DEADLINE) < 0 ? deadline : LONGEST_DEADLINE;
  }

  private static boolean isSeen(ObjectMeta metadata, @Nullable Long observed) {
    return observed != null
        && metadata.getGeneration() != null
        && observed >= metadata.getGeneration();
  }

  /** A number, or per cent of so many. */
  static int of(IntOrString value, int many, boolean up) {
    if (value.getIntVal() != null) return value.getIntVal();
    String text = value.getStrVal();
    if (text == null || !text.matches("[0-9]{1,3}%")) return many;
    int percent = Integer.parseInt(text.substring(0, text.length() - 1));
    return up ? Math.ceilDiv(many * percent, 100) : many * percent / 100;
  }

  private static int number(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  private LiveWorkloads() {}
}
