package io.listenbacklog.controller.appconfig;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.appconfig.plan.Change;
import io.listenbacklog.appconfig.plan.ConfigMapFacts;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.appconfig.plan.PodTemplate;
import io.listenbacklog.appconfig.plan.Situation;
import io.listenbacklog.appconfig.plan.Workload.Rolling;
import io.listenbacklog.controller.failure.ApiFailure;
import io.listenbacklog.policy.resolve.selector.LabelMatch;
import io.listenbacklog.policy.text.CleanText;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link Workloads} by an API server. */
final class KubernetesWorkloads implements Workloads {
  /** Field manager of what is written into workloads, so that it can be told from all else. */
  static final String MANAGER = ApiGroup.CONTROLLER + "-app-config";

  /** Label of workloads that have a memory, by which they are found when their policy is gone. */
  static final String LABEL = AnnotationKeys.APP_CONFIG;

  static final String LABEL_VALUE = "changed";
  private static final long PAGE = 150;
  private static final int MOST_ERROR_BYTES = 300;

  private final KubernetesClient client;
  private final Rights rights;
  private final WorkloadResources resources;
  private final WorkloadWriter writer;

  /** Of ReplicaSets by uid; what they are of never changes. */
  private final Map<String, Optional<WorkloadId>> ofReplicaSets = new HashMap<>();

  private static final int MOST_REPLICA_SETS = 10_000;

  KubernetesWorkloads(KubernetesClient client, Rights rights, Clock clock) {
    this.client = client;
    this.rights = rights;
    resources = new WorkloadResources(client, rights.namespaces(), clock);
    writer = new WorkloadWriter(resources);
  }

  @Override
  public List<String> missingRights(String namespace) {
    return rights.missing(namespace);
  }

  @Override
  public List<String> missingRights(WorkloadId workload) {
    return rights.missing(workload.namespace(), workload.kind());
  }

  @Override
  public Optional<LiveWorkload> get(WorkloadId id) {
    HasMetadata found = resources.at(id).get();
    return found == null || found.getMetadata().getDeletionTimestamp() != null
        ? Optional.empty()
        : Optional.of(live(id, found));
  }

  @Override
  public List<LiveWorkload> marked() {
    var all = new ArrayList<LiveWorkload>();
    for (WorkloadKind kind : WorkloadKind.values()) {
      for (HasMetadata each : resources.labelled(kind, LABEL)) {
        var metadata = each.getMetadata();
        if (metadata.getDeletionTimestamp() != null) continue;
        all.add(live(new WorkloadId(kind, metadata.getNamespace(), metadata.getName()), each));
      }
    }
    return all;
  }

  private LiveWorkload live(WorkloadId id, HasMetadata object) {
    if (!(object instanceof GenericKubernetesResource rollout)) {
      return LiveWorkloads.of(id, object);
    }
    var elsewhere = LiveRollouts.elsewhere(rollout);
    return elsewhere == null
        ? LiveRollouts.of(id, rollout)
        : LiveRollouts.of(id, rollout, elsewhere, template(id.namespace(), elsewhere));
  }

  /** Null: of a kind that is not read, or it is gone. */
  private @Nullable PodTemplateSpec template(String namespace, LiveRollouts.Elsewhere of) {
    var apps = client.apps();
    return switch (of.kind()) {
      case "Deployment" -> {
        var found = apps.deployments().inNamespace(namespace).withName(of.name()).get();
        yield found == null ? null : found.getSpec().getTemplate();
      }
      case "ReplicaSet" -> {
        var found = apps.replicaSets().inNamespace(namespace).withName(of.name()).get();
        yield found == null ? null : found.getSpec().getTemplate();
      }
      default -> null;
    };
  }

  @Override
  public List<OwnedPod> pods(String namespace) {
    var all = new ArrayList<OwnedPod>();
    String next = "";
    do {
      var options =
          new ListOptionsBuilder()
              .withLimit(PAGE)
              .withContinue(next.isEmpty() ? null : next)
              .build();
      var page = client.pods().inNamespace(namespace).list(options);
      page.getItems().forEach(each -> all.add(owned(each)));
      next = requireNonNullElse(page.getMetadata().getContinue(), "");
    } while (!next.isEmpty());
    return all;
  }

  private OwnedPod owned(Pod pod) {
    var metadata = pod.getMetadata();
    OwnerReference owner = controllerOf(pod);
    WorkloadId workload = owner == null ? null : workload(metadata.getNamespace(), owner);
    String other =
        owner == null ? "Pod/" + metadata.getName() : owner.getKind() + "/" + owner.getName();
    return new OwnedPod(
        metadata.getUid(),
        metadata.getName(),
        workload,
        workload == null ? other : "",
        workload == null ? Templates.facts(pod.getSpec()) : new PodTemplate(List.of(), List.of()));
  }

  private @Nullable WorkloadId workload(String namespace, OwnerReference owner) {
    if (owner.getKind().equals("ReplicaSet")
        && owner.getApiVersion().equals(WorkloadKind.DEPLOYMENT.apiVersion())) {
      if (ofReplicaSets.size() >= MOST_REPLICA_SETS) ofReplicaSets.clear();
      return ofReplicaSets
          .computeIfAbsent(owner.getUid(), _ -> ofReplicaSet(namespace, owner.getName()))
          .orElse(null);
    }
    return known(namespace, owner).orElse(null);
  }

  private Optional<WorkloadId> ofReplicaSet(String namespace, String name) {
    ReplicaSet set = client.apps().replicaSets().inNamespace(namespace).withName(name).get();
    OwnerReference owner = set == null ? null : controllerOf(set);
    return owner == null ? Optional.empty() : known(namespace, owner);
  }

  private Optional<WorkloadId> known(String namespace, OwnerReference owner) {
    var kind = WorkloadKind.of(owner.getApiVersion(), owner.getKind());
    kind.ifPresent(resources::seen);
    return kind.map(each -> new WorkloadId(each, namespace, owner.getName()));
  }

  private static @Nullable OwnerReference controllerOf(HasMetadata of) {
    return of.getMetadata().getOwnerReferences().stream()
        .filter(each -> Boolean.TRUE.equals(each.getController()))
        .findFirst()
        .orElse(null);
  }

  @Override
  public List<Situation.Pod> pods(LiveWorkload workload) {
    if (workload.selector() == null) return List.of();
    return client
        .pods()
        .inNamespace(workload.id().namespace())
        .withLabelSelector(workload.selector())
        .list()
        .getItems()
        .stream()
        .filter(each -> isOf(each, workload))
        .filter(each -> each.getMetadata().getDeletionTimestamp() == null)
        .filter(workload.podsThatCount())
        .map(LivePods::of)
        .toList();
  }

  private boolean isOf(Pod pod, LiveWorkload workload) {
    OwnerReference owner = controllerOf(pod);
    return owner != null && workload.id().equals(workload(pod.getMetadata().getNamespace(), owner));
  }

  @Override
  public List<String> blockedBy(LiveWorkload workload) {
    Map<String, String> labels =
        requireNonNullElse(workload.raw().getMetadata().getLabels(), Map.of());
    return client
        .policy()
        .v1()
        .podDisruptionBudget()
        .inNamespace(workload.id().namespace())
        .list()
        .getItems()
        .stream()
        .filter(each -> selects(each.getSpec().getSelector(), labels))
        .filter(each -> !allows(each, atATime(workload)))
        .map(each -> each.getMetadata().getName())
        .sorted()
        .toList();
  }

  /** How many pods its rollout may take away at a time, one at least. */
  private static int atATime(LiveWorkload workload) {
    return workload.strategy() instanceof Rolling(int pods) ? Math.max(1, pods) : 1;
  }

  /** As the API server answers an eviction: not by a status that is not of the current spec. */
  private static boolean allows(PodDisruptionBudget budget, int pods) {
    var status = budget.getStatus();
    if (status == null || status.getDisruptionsAllowed() == null) return false;
    Long generation = budget.getMetadata().getGeneration();
    Long observed = status.getObservedGeneration();
    boolean stale = generation != null && observed != null && observed < generation;
    return !stale && status.getDisruptionsAllowed() >= pods;
  }

  /** In policy/v1 an empty selector selects all pods, and none selects none. */
  private static boolean selects(@Nullable LabelSelector selector, Map<String, String> labels) {
    return selector != null && LabelMatch.of(selector).matches(labels);
  }

  @Override
  public Optional<ConfigMapFacts> configMap(String namespace, String name) {
    ConfigMap found = client.configMaps().inNamespace(namespace).withName(name).get();
    return Optional.ofNullable(found)
        .map(
            each ->
                new ConfigMapFacts(
                    requireNonNullElse(each.getData(), Map.of()),
                    requireNonNullElse(each.getBinaryData(), Map.of())));
  }

  @Override
  public void apply(
      LiveWorkload workload,
      PodTemplate target,
      List<Change> touched,
      Map<String, ConfigMapFacts> configMaps,
      Memory memory) {
    configMaps.forEach((name, facts) -> make(workload, name, facts));
    writer.apply(workload, target, touched, memory);
  }

  @Override
  public void keep(LiveWorkload workload, Map<String, ConfigMapFacts> configMaps) {
    configMaps.forEach(
        (name, facts) -> {
          if (configMap(workload.id().namespace(), name).isEmpty()) make(workload, name, facts);
        });
  }

  @Override
  public void undo(LiveWorkload workload, PodTemplate target, Memory memory) {
    writer.undo(workload, target, memory);
  }

  @Override
  public void remember(LiveWorkload workload, @Nullable Memory memory) {
    writer.remember(workload, memory);
  }

  private void make(LiveWorkload workload, String name, ConfigMapFacts facts) {
    var configMap =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(workload.id().namespace())
            .addToLabels(LABEL, LABEL_VALUE)
            .addNewOwnerReference()
            .withApiVersion(workload.id().kind().apiVersion())
            .withKind(workload.id().kind().kind())
            .withName(workload.id().name())
            .withUid(workload.uid())
            .endOwnerReference()
            .endMetadata()
            .withImmutable(true)
            .withData(facts.data())
            .withBinaryData(facts.binaryData())
            .build();
    try {
      client.resource(configMap).create();
    } catch (KubernetesClientException e) {
      // Its name says what is in it, and it cannot be changed: unless somebody took the name.
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) throw e;
      if (configMap(workload.id().namespace(), name).filter(facts::equals).isPresent()) return;
      throw new KubernetesClientException(
          "there is a ConfigMap %s that holds something else".formatted(name));
    }
  }

  /** What the API server said, for a status. */
  static String said(KubernetesClientException e) {
    String message = e.getStatus() == null ? ApiFailure.text(e) : e.getStatus().getMessage();
    return CleanText.of(requireNonNullElse(message, "no reason"), MOST_ERROR_BYTES);
  }
}
