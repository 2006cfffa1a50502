package io.listenbacklog.controller.appconfig;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.appconfig.plan.Change;
import io.listenbacklog.appconfig.plan.ConfigMapFacts;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.appconfig.plan.PodTemplate;
import io.listenbacklog.appconfig.plan.Situation;
import io.listenbacklog.appconfig.plan.Workload.Rolling;
import io.listenbacklog.policy.resolve.selector.LabelMatch;
import io.listenbacklog.policy.text.CleanText;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@link Workloads} by an API server. */
final class KubernetesWorkloads implements Workloads {
  /** Field manager of what is written into workloads, so that it can be told from all else. */
  static final String MANAGER = ApiGroup.CONTROLLER + "-app-config";

  /** Label of workloads that have a memory, by which they are found when their policy is gone. */
  static final String LABEL = AnnotationKeys.APP_CONFIG;

  private static final String LABEL_VALUE = "changed";
  private static final long PAGE = 150;
  private static final int MOST_ERROR_BYTES = 300;
  private static final int UNPROCESSABLE = 422;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;
  private final Rights rights;

  /** Of ReplicaSets by uid; what they are of never changes. */
  private final Map<String, Optional<WorkloadId>> ofReplicaSets = new HashMap<>();

  private static final int MOST_REPLICA_SETS = 10_000;

  KubernetesWorkloads(KubernetesClient client, Rights rights) {
    this.client = client;
    this.rights = rights;
  }

  @Override
  public List<String> missingRights(String namespace) {
    return rights.missing(namespace);
  }

  @Override
  public Optional<LiveWorkload> get(WorkloadId id) {
    HasMetadata found =
        client.resources(id.kind().type()).inNamespace(id.namespace()).withName(id.name()).get();
    return found == null || found.getMetadata().getDeletionTimestamp() != null
        ? Optional.empty()
        : Optional.of(LiveWorkloads.of(id, found));
  }

  @Override
  public List<LiveWorkload> marked() {
    var all = new ArrayList<LiveWorkload>();
    for (WorkloadKind kind : WorkloadKind.values()) {
      for (HasMetadata each : marked(kind)) {
        var metadata = each.getMetadata();
        if (metadata.getDeletionTimestamp() != null) continue;
        all.add(
            LiveWorkloads.of(
                new WorkloadId(kind, metadata.getNamespace(), metadata.getName()), each));
      }
    }
    return all;
  }

  private List<? extends HasMetadata> marked(WorkloadKind kind) {
    var resources = client.resources(kind.type());
    if (rights.namespaces().isEmpty()) {
      return listed(() -> resources.inAnyNamespace().withLabel(LABEL).list().getItems());
    }
    var all = new ArrayList<HasMetadata>();
    for (String each : rights.namespaces()) {
      all.addAll(listed(() -> resources.inNamespace(each).withLabel(LABEL).list().getItems()));
    }
    return all;
  }

  /** None where they may not be listed: of that, {@link #missingRights} tells. */
  private static List<? extends HasMetadata> listed(
      Supplier<List<? extends HasMetadata>> workloads) {
    try {
      return workloads.get();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) throw e;
      return List.of();
    }
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
        && owner.getApiVersion().equals(WorkloadKind.API_VERSION)) {
      if (ofReplicaSets.size() >= MOST_REPLICA_SETS) ofReplicaSets.clear();
      return ofReplicaSets
          .computeIfAbsent(owner.getUid(), _ -> ofReplicaSet(namespace, owner.getName()))
          .orElse(null);
    }
    return WorkloadKind.of(owner.getApiVersion(), owner.getKind())
        .map(kind -> new WorkloadId(kind, namespace, owner.getName()))
        .orElse(null);
  }

  private Optional<WorkloadId> ofReplicaSet(String namespace, String name) {
    ReplicaSet set = client.apps().replicaSets().inNamespace(namespace).withName(name).get();
    OwnerReference owner = set == null ? null : controllerOf(set);
    if (owner == null) return Optional.empty();
    return WorkloadKind.of(owner.getApiVersion(), owner.getKind())
        .map(kind -> new WorkloadId(kind, namespace, owner.getName()));
  }

  private static @Nullable OwnerReference controllerOf(HasMetadata of) {
    return of.getMetadata().getOwnerReferences().stream()
        .filter(each -> Boolean.TRUE.equals(each.getController()))
        .findFirst()
        .orElse(null);
  }

  @Override
  public List<Situation.Pod> pods(LiveWorkload workload) {
    return client
        .pods()
        .inNamespace(workload.id().namespace())
        .withLabelSelector(workload.selector())
        .list()
        .getItems()
        .stream()
        .filter(each -> isOf(each, workload))
        .filter(each -> each.getMetadata().getDeletionTimestamp() == null)
        .map(KubernetesWorkloads::pod)
        .toList();
  }

  private boolean isOf(Pod pod, LiveWorkload workload) {
    OwnerReference owner = controllerOf(pod);
    return owner != null && workload.id().equals(workload(pod.getMetadata().getNamespace(), owner));
  }

  private static Situation.Pod pod(Pod pod) {
    List<ContainerStatus> statuses =
        pod.getStatus() == null
            ? List.of()
            : Stream.concat(
                    pod.getStatus().getContainerStatuses().stream(),
                    pod.getStatus().getInitContainerStatuses().stream())
                .toList();
    boolean ready =
        pod.getStatus() != null
            && pod.getStatus().getConditions().stream()
                .anyMatch(
                    each -> each.getType().equals("Ready") && each.getStatus().equals("True"));
    return new Situation.Pod(
        pod.getMetadata().getName(),
        Instant.parse(pod.getMetadata().getCreationTimestamp()),
        ready,
        statuses.stream()
            .mapToInt(each -> requireNonNullElse(each.getRestartCount(), 0))
            .max()
            .orElse(0),
        statuses.stream()
            .map(KubernetesWorkloads::crash)
            .filter(each -> !each.isEmpty())
            .findFirst()
            .orElse(""),
        statuses.stream()
            .map(KubernetesWorkloads::ended)
            .filter(Objects::nonNull)
            .max(Instant::compareTo)
            .orElse(null));
  }

  /** Whether it is down, and not for the first time. */
  private static String crash(ContainerStatus status) {
    var state = status.getState();
    if (state == null) return "";
    if (state.getWaiting() != null && "CrashLoopBackOff".equals(state.getWaiting().getReason())) {
      var last = status.getLastState() == null ? null : status.getLastState().getTerminated();
      return last == null
          ? "container %s crashes again and again".formatted(status.getName())
          : "container %s ended with exit code %d".formatted(status.getName(), last.getExitCode());
    }
    if (state.getTerminated() != null && state.getTerminated().getExitCode() != 0) {
      return "container %s ended with exit code %d"
          .formatted(status.getName(), state.getTerminated().getExitCode());
    }
    return "";
  }

  private static @Nullable Instant ended(ContainerStatus status) {
    var last = status.getLastState() == null ? null : status.getLastState().getTerminated();
    return last == null || last.getFinishedAt() == null
        ? null
        : Instant.parse(last.getFinishedAt());
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
    HasMetadata wanted =
        object(
            workload, Memories.write(memory), Templates.applied(workload.raw(), target, touched));
    var resource = client.resource(wanted);
    HasMetadata tried =
        resource.dryRun(true).fieldManager(MANAGER).forceConflicts().serverSideApply();
    PodTemplate result = Templates.facts(LiveWorkloads.template(tried).getSpec());
    for (Change each : touched) {
      if (each.isIn(target) && !each.isIn(result)) {
        throw new KubernetesClientException(
            "what was tried without writing it came back otherwise (%s): an admission webhook changes it"
                .formatted(each.place()));
      }
    }
    resource.fieldManager(MANAGER).forceConflicts().serverSideApply();
  }

  private void make(LiveWorkload workload, String name, ConfigMapFacts facts) {
    var configMap =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(workload.id().namespace())
            .addToLabels(LABEL, LABEL_VALUE)
            .addNewOwnerReference()
            .withApiVersion(WorkloadKind.API_VERSION)
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

  /** Of the workload: whose it is, at which version, the memory, and this part of the template. */
  private static HasMetadata object(LiveWorkload workload, String memory, PodTemplateSpec part) {
    var metadata =
        new ObjectMetaBuilder()
            .withName(workload.id().name())
            .withNamespace(workload.id().namespace())
            .withResourceVersion(workload.resourceVersion())
            .addToLabels(LABEL, LABEL_VALUE)
            .addToAnnotations(AnnotationKeys.APP_CONFIG, memory)
            .build();
    return switch (workload.id().kind()) {
      case DEPLOYMENT ->
          new DeploymentBuilder()
              .withMetadata(metadata)
              .withNewSpec()
              .withTemplate(part)
              .endSpec()
              .build();
      case STATEFUL_SET ->
          new StatefulSetBuilder()
              .withMetadata(metadata)
              .withNewSpec()
              .withTemplate(part)
              .endSpec()
              .build();
      case DAEMON_SET ->
          new DaemonSetBuilder()
              .withMetadata(metadata)
              .withNewSpec()
              .withTemplate(part)
              .endSpec()
              .build();
    };
  }

  @Override
  public void undo(LiveWorkload workload, PodTemplate target, Memory memory) {
    HasMetadata undone =
        patch(
            workload,
            List.of(
                operation("replace", "/spec/template", Templates.render(workload.raw(), target)),
                operation("add", annotation(), Memories.write(memory)),
                operation("add", label(), LABEL_VALUE)));
    disown(workload.id(), LiveWorkloads.claims(undone.getMetadata()));
  }

  /** If the object was written meanwhile, it is done with the rest at last. */
  private void disown(WorkloadId id, List<Integer> claims) {
    if (claims.isEmpty()) return;
    try {
      patch(id, disowned(claims));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT && e.getCode() != UNPROCESSABLE) throw e;
    }
  }

  @Override
  public void remember(LiveWorkload workload, @Nullable Memory memory) {
    if (memory != null) {
      patch(
          workload,
          List.of(
              operation("add", annotation(), Memories.write(memory)),
              operation("add", label(), LABEL_VALUE)));
      return;
    }
    var operations = new ArrayList<Map<String, Object>>();
    if (workload.marks().annotation()) operations.add(removal(annotation()));
    if (workload.marks().label()) operations.add(removal(label()));
    operations.addAll(disowned(workload.marks().claims()));
    if (!operations.isEmpty()) patch(workload, operations);
  }

  /**
   * What was put back, or is left, is its owner's: while it was said to be ours, their next
   * server-side apply of another value would be refused as a conflict.
   */
  private static List<Map<String, Object>> disowned(List<Integer> claims) {
    var operations = new ArrayList<Map<String, Object>>();
    for (int at : claims) {
      String entry = "/metadata/managedFields/" + at;
      operations.add(operation("test", entry + "/manager", MANAGER));
      operations.add(removal(entry));
    }
    return operations;
  }

  private HasMetadata patch(LiveWorkload workload, List<Map<String, Object>> operations) {
    var all = new ArrayList<Map<String, Object>>();
    // Where it is another by now the answer is 409; a test operation would be answered with 422.
    all.add(operation("replace", "/metadata/resourceVersion", workload.resourceVersion()));
    if (!workload.marks().annotations())
      all.add(operation("add", "/metadata/annotations", Map.of()));
    if (!workload.marks().labels()) all.add(operation("add", "/metadata/labels", Map.of()));
    all.addAll(operations);
    return patch(workload.id(), all);
  }

  private HasMetadata patch(WorkloadId id, List<Map<String, Object>> operations) {
    Resource<? extends HasMetadata> resource =
        client.resources(id.kind().type()).inNamespace(id.namespace()).withName(id.name());
    return resource.patch(
        new PatchContext.Builder().withPatchType(PatchType.JSON).withFieldManager(MANAGER).build(),
        json(operations));
  }

  private static Map<String, Object> removal(String path) {
    return Map.of("op", "remove", "path", path);
  }

  private static Map<String, Object> operation(String op, String path, Object value) {
    return Map.of("op", op, "path", path, "value", value);
  }

  private static String annotation() {
    return "/metadata/annotations/" + escaped(AnnotationKeys.APP_CONFIG);
  }

  private static String label() {
    return "/metadata/labels/" + escaped(LABEL);
  }

  /** As RFC 6901 wants it. */
  private static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError("maps and Kubernetes' types can be written", e);
    }
  }

  /** What the API server said, for a status. */
  static String said(KubernetesClientException e) {
    String message = e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
    return CleanText.of(requireNonNullElse(message, "no reason"), MOST_ERROR_BYTES);
  }
}
