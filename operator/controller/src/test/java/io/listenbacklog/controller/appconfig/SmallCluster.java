package io.listenbacklog.controller.appconfig;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.BacklogPolicySpec;
import io.listenbacklog.api.ContainerBacklogs;
import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.Omitted;
import io.listenbacklog.api.PodBacklogs;
import io.listenbacklog.api.PolicyCounts;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.appconfig.plan.Change;
import io.listenbacklog.appconfig.plan.ConfigMapFacts;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.appconfig.plan.PodTemplate;
import io.listenbacklog.appconfig.plan.Situation;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.ProbePods;
import io.listenbacklog.controller.cluster.Unheard;
import io.listenbacklog.controller.cluster.json.PodView;
import io.listenbacklog.controller.cluster.json.SlimPod;
import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.event.Ticking;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.SomePod;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A node with its probe and some Deployments of namespace shop, which behave as Kubernetes' own do:
 * a template that changes makes new pods when {@link #rollOut} lets it, a write of what has changed
 * meanwhile is refused. What is in a pod's {@code PYTHONPATH} or {@code OPTIONS} makes its listener
 * native.
 */
final class SmallCluster implements Workloads {
  static final String NODE = "node-1";
  static final int ASKED = 64;

  /** What new pods do when the configuration is ours. */
  enum Behaviour {
    WORKS,
    IGNORES,
    CRASHES,
    NEVER_READY
  }

  /**
   * A pod of a Deployment.
   *
   * @param index also a label of it, as StatefulSets have it
   */
  record LivePod(
      String uid,
      String deployment,
      String name,
      int index,
      Instant created,
      boolean configured,
      boolean old) {}

  final Cluster cluster = new Cluster(Limits.DEFAULT, new ProbePods("operator"), new Unheard());
  final Map<String, Deployment> deployments = new TreeMap<>();
  final Map<String, LivePod> pods = new LinkedHashMap<>();
  final Map<String, ConfigMapFacts> configMaps = new HashMap<>();

  /** The Events that controllers wrote, by their names. */
  final Map<String, EventDraft> events = new LinkedHashMap<>();

  /** Deployments, or pods, of which nothing listens. */
  final Set<String> silent = new HashSet<>();

  /** Of Deployments of which only some listen: the indexes of their pods that do. */
  final Map<String, Set<Integer>> leaders = new HashMap<>();

  /** Deployments of which the probe does not tell, for its status has no room. */
  final Set<String> leftOut = new HashSet<>();

  /** Deployments of which somaxconn cuts what is configured. */
  final Set<String> capped = new HashSet<>();

  /** Deployments whose listeners were raised so long ago that they are not told one by one. */
  final Set<String> raisedLongAgo = new HashSet<>();

  /** Whether each pod has a proxy beside it, with listeners that have enough. */
  boolean sidecars;

  /** Whether the probe is of a version that tells nothing of pods. */
  boolean oldProbe;

  final List<String> blocked = new ArrayList<>();
  final List<String> missing = new ArrayList<>();

  /** As of a kind that not each cluster has. */
  final List<String> missingOfKind = new ArrayList<>();

  final Map<String, Integer> writes = new TreeMap<>();
  Behaviour behaviour = Behaviour.WORKS;
  @Nullable KubernetesClientException refusal;

  /** Whether the controller dies right after the next write. */
  boolean diesAfterWrite;

  /** What happens while the controller reads the pods of a workload the next time. */
  @Nullable Runnable meanwhile;

  final Ticking clock = new Ticking(Instant.parse("2026-11-28T12:00:00Z"));
  private int made;
  private int version;
  private long backlogGeneration;

  SmallCluster() {
    put(
        new SomePod("uid-probe", "operator", "probe", NODE)
            .labelled(Map.of(ProbePods.COMPONENT, ProbePods.PROBE))
            .facts());
    cluster.open();
  }

  /** A Deployment of so many pods, all there and ready. */
  void deployment(String name, int replicas) {
    deployments.put(
        name,
        new DeploymentBuilder()
            .withNewMetadata()
            .withNamespace("shop")
            .withName(name)
            .withUid("uid-" + name)
            .withGeneration(1L)
            .withResourceVersion("1")
            .endMetadata()
            .withNewSpec()
            .withReplicas(replicas)
            .withNewSelector()
            .addToMatchLabels("name", name)
            .endSelector()
            .withNewTemplate()
            .withNewMetadata()
            .addToLabels("name", name)
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("api")
            .withImage("api:1")
            .endContainer()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build());
    rollOut(name);
  }

  BacklogPolicy policy(String name, String yaml) {
    var policy = new BacklogPolicy();
    policy.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("shop")
            .withName(name)
            .withUid("uid-" + name)
            .withGeneration(1L)
            .withCreationTimestamp("2026-11-28T10:00:00Z")
            .build());
    policy.setSpec(new KubernetesSerialization().unmarshal(yaml, BacklogPolicySpec.class));
    put(policy);
    return policy;
  }

  void put(BacklogPolicy policy) {
    cluster.policies().put("shop/" + policy.getMetadata().getName(), policy);
    probeReports();
  }

  void edit(String name, String yaml) {
    var old = requireNonNull(cluster.policies().get("shop/" + name));
    var policy = new BacklogPolicy();
    policy.setMetadata(
        new ObjectMetaBuilder(old.getMetadata())
            .withGeneration(old.getMetadata().getGeneration() + 1)
            .build());
    policy.setSpec(new KubernetesSerialization().unmarshal(yaml, BacklogPolicySpec.class));
    put(policy);
  }

  void delete(String policy) {
    cluster.policies().remove("shop/" + policy);
    probeReports();
  }

  /** Somebody else's write. */
  void edit(String name, UnaryOperator<DeploymentBuilder> change) {
    Deployment old = requireNonNull(deployments.get(name));
    Deployment fresh = change.apply(new DeploymentBuilder(old)).build();
    stored(name, old, fresh);
  }

  private void stored(String name, Deployment old, Deployment fresh) {
    fresh.getMetadata().setResourceVersion(String.valueOf(++version + 100));
    boolean spec = !fresh.getSpec().equals(old.getSpec());
    fresh.getMetadata().setGeneration(old.getMetadata().getGeneration() + (spec ? 1 : 0));
    deployments.put(name, fresh);
  }

  /** All pods become such as the template says. */
  void rollOut(String name) {
    Deployment deployment = requireNonNull(deployments.get(name));
    boolean configured = isConfigured(deployment);
    pods.values().removeIf(each -> each.deployment().equals(name));
    int replicas = deployment.getSpec().getReplicas();
    for (int i = 0; i < replicas; i++) {
      String pod = name + "-" + ++made;
      pods.put(pod, new LivePod("uid-" + pod, name, pod, i, clock.instant(), configured, false));
    }
    boolean down =
        configured && (behaviour == Behaviour.CRASHES || behaviour == Behaviour.NEVER_READY);
    status(name, replicas, down ? replicas - 1 : replicas);
    syncPods();
  }

  private void status(String name, int updated, int available) {
    Deployment deployment = requireNonNull(deployments.get(name));
    deployment.setStatus(
        new DeploymentStatusBuilder()
            .withObservedGeneration(deployment.getMetadata().getGeneration())
            .withReplicas(deployment.getSpec().getReplicas())
            .withUpdatedReplicas(updated)
            .withAvailableReplicas(available)
            .withReadyReplicas(available)
            .build());
  }

  private static boolean isConfigured(Deployment deployment) {
    return deployment.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv().stream()
        .anyMatch(
            each ->
                each.getName().equals("PYTHONPATH")
                    || (each.getName().equals("OPTIONS")
                        && each.getValue().contains("--backlog=" + ASKED)));
  }

  /** An old pod of it ends, and takes its time: its listener is as it was. */
  void ends(String name) {
    String pod = name + "-" + ++made;
    pods.put(pod, new LivePod("uid-" + pod, name, pod, 0, clock.instant(), false, true));
    syncPods();
  }

  private void syncPods() {
    for (PodView each : cluster.pods().values().toList()) {
      var facts = each.pod().facts();
      if (facts.namespace().equals("shop")) cluster.pods().remove("shop/" + facts.name());
    }
    for (LivePod each : pods.values()) {
      put(
          new SomePod(each.uid(), "shop", each.name(), NODE)
              .labelled(Map.of("name", each.deployment(), "index", String.valueOf(each.index())))
              .facts());
    }
    probeReports();
  }

  private void put(PodFacts facts) {
    cluster
        .pods()
        .put(facts.namespace() + "/" + facts.name(), new PodView(new SlimPod(facts, "1", true)));
  }

  /** The requirements are written, and the probe has seen to them. */
  void probeReports() {
    NodeBacklogSpec spec = cluster.node(NODE).resolution().spec();
    var counts = new ArrayList<PolicyCounts>();
    var listeners = new ArrayList<NodeListener>();
    var told = new ArrayList<PodBacklogs>();
    int omitted = 0;
    for (NodeRequirement each : spec.requirements()) {
      PolicyReference policy = requireNonNull(each.policy());
      counts.add(
          new PolicyCounts(
              policy,
              each.pods().size(),
              new ListenerCounts(each.pods().size(), 0, 0, 0, 0, 0, 0, 0)));
      for (NodePod pod : each.pods()) {
        LivePod live = requireNonNull(pods.get(pod.name()));
        boolean isNative =
            live.configured()
                && behaviour != Behaviour.IGNORES
                && requireNonNull(each.minimum()) <= ASKED;
        boolean silent =
            this.silent.contains(live.deployment())
                || this.silent.contains(live.name())
                || standsBy(live);
        boolean cut = isNative && capped.contains(live.deployment());
        boolean isListed =
            !silent && !cut && !isNative && !raisedLongAgo.contains(live.deployment());
        if (isListed) listeners.add(listener(pod, policy, requireNonNull(each.minimum())));
        if (leftOut.contains(live.deployment())) {
          omitted++;
          continue;
        }
        var containers = new ArrayList<ContainerBacklogs>();
        if (!silent) {
          containers.add(new ContainerBacklogs("api", 1, isNative && !cut ? 1 : 0, cut ? 1 : 0));
        }
        if (sidecars) containers.add(new ContainerBacklogs("proxy", 2, 2, 0));
        told.add(new PodBacklogs(pod.reference(), containers));
      }
    }
    var backlog = new NodeBacklog();
    backlog.setMetadata(
        new ObjectMetaBuilder()
            .withName(NODE)
            .withUid("uid-" + NODE)
            .withGeneration(++backlogGeneration)
            .build());
    backlog.setSpec(spec);
    backlog.setStatus(
        new NodeBacklogStatus(
            backlogGeneration,
            "boot",
            List.of(),
            counts,
            listeners,
            List.of(),
            List.of(),
            oldProbe ? null : told,
            omitted == 0 ? null : new Omitted(0, 0, 0, omitted)));
    cluster.backlogs().put(NODE, backlog);
  }

  private boolean standsBy(LivePod pod) {
    Set<Integer> leading = leaders.get(pod.deployment());
    return leading != null && !leading.contains(pod.index());
  }

  private static NodeListener listener(NodePod pod, PolicyReference policy, int required) {
    return new NodeListener(
        pod.reference(),
        policy,
        "api",
        "python3",
        71,
        null,
        "0.0.0.0:9876",
        4026532000L,
        1,
        "00000000000000aa",
        5,
        5,
        required,
        4096,
        Verdict.UNDERSIZED_BY_APPLICATION,
        Instant.parse("2026-11-28T11:00:00Z"),
        null,
        null,
        null,
        null,
        null,
        null);
  }

  @Nullable String env(String name, String variable) {
    return requireNonNull(deployments.get(name))
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getEnv()
        .stream()
        .filter(each -> each.getName().equals(variable))
        .map(each -> each.getValue())
        .findFirst()
        .orElse(null);
  }

  int writes(String name) {
    return writes.getOrDefault(name, 0);
  }

  Optional<Memory> memory(String name) {
    return get(new WorkloadId(WorkloadKind.DEPLOYMENT, "shop", name)).map(LiveWorkload::memory);
  }

  // Workloads

  @Override
  public List<String> missingRights(String namespace) {
    return missing;
  }

  @Override
  public List<String> missingRights(WorkloadId workload) {
    return missingOfKind;
  }

  @Override
  public Optional<LiveWorkload> get(WorkloadId id) {
    return Optional.ofNullable(deployments.get(id.name()))
        .map(each -> LiveWorkloads.of(id, new DeploymentBuilder(each).build()));
  }

  @Override
  public List<LiveWorkload> marked() {
    return deployments.values().stream()
        .filter(
            each ->
                each.getMetadata().getLabels() != null
                    && each.getMetadata().getLabels().containsKey(KubernetesWorkloads.LABEL))
        .map(
            each ->
                get(new WorkloadId(WorkloadKind.DEPLOYMENT, "shop", each.getMetadata().getName()))
                    .orElseThrow())
        .toList();
  }

  @Override
  public List<OwnedPod> pods(String namespace) {
    return pods.values().stream()
        .map(
            each ->
                new OwnedPod(
                    each.uid(),
                    each.name(),
                    deployments.containsKey(each.deployment())
                        ? new WorkloadId(WorkloadKind.DEPLOYMENT, "shop", each.deployment())
                        : null,
                    "Job/" + each.deployment(),
                    new PodTemplate(
                        List.of(
                            new PodTemplate.Container(
                                "api", List.of(), List.of(), List.of(), false, List.of())),
                        List.of())))
        .toList();
  }

  @Override
  public List<Situation.Pod> pods(LiveWorkload workload) {
    Runnable next = meanwhile;
    meanwhile = null;
    if (next != null) next.run();
    return pods.values().stream()
        .filter(each -> each.deployment().equals(workload.id().name()) && !each.old())
        .map(
            each -> {
              boolean down = each.configured();
              boolean crash = down && behaviour == Behaviour.CRASHES;
              return new Situation.Pod(
                  each.name(),
                  each.created(),
                  !crash && !(down && behaviour == Behaviour.NEVER_READY),
                  crash ? 1 : 0,
                  crash ? "container api ended with exit code 1" : "",
                  null);
            })
        .toList();
  }

  @Override
  public List<String> blockedBy(LiveWorkload workload) {
    return blocked;
  }

  @Override
  public Optional<ConfigMapFacts> configMap(String namespace, String name) {
    return Optional.ofNullable(configMaps.get(name));
  }

  @Override
  public void apply(
      LiveWorkload workload,
      PodTemplate target,
      List<Change> touched,
      Map<String, ConfigMapFacts> made,
      Memory memory) {
    if (refusal != null) throw refusal;
    made.forEach((name, facts) -> configMaps.putIfAbsent(name, facts));
    refuseIfChanged(workload);
    writes.merge(workload.id().name(), 1, Integer::sum);
    write(workload, target, memory);
  }

  @Override
  public void keep(LiveWorkload workload, Map<String, ConfigMapFacts> made) {
    for (var each : made.entrySet()) {
      if (configMaps.containsKey(each.getKey())) continue;
      if (refusal != null) throw refusal;
      configMaps.put(each.getKey(), each.getValue());
    }
  }

  @Override
  public void undo(LiveWorkload workload, PodTemplate target, Memory memory) {
    write(workload, target, memory);
  }

  @Override
  public void remember(LiveWorkload workload, @Nullable Memory memory) {
    write(workload, workload.facts(), memory);
  }

  private void refuseIfChanged(LiveWorkload workload) {
    Deployment stored = requireNonNull(deployments.get(workload.id().name()));
    if (!stored.getMetadata().getResourceVersion().equals(workload.resourceVersion())) {
      throw new KubernetesClientException("it changed meanwhile", 409, null);
    }
  }

  private void write(LiveWorkload workload, PodTemplate target, @Nullable Memory memory) {
    String name = workload.id().name();
    Deployment old = requireNonNull(deployments.get(name));
    refuseIfChanged(workload);
    var fresh =
        new DeploymentBuilder(old)
            .editSpec()
            .withTemplate(Templates.render(old.getSpec().getTemplate(), target))
            .endSpec();
    if (memory == null) {
      fresh
          .editMetadata()
          .removeFromLabels(KubernetesWorkloads.LABEL)
          .removeFromAnnotations(AnnotationKeys.APP_CONFIG)
          .endMetadata();
    } else {
      fresh
          .editMetadata()
          .addToLabels(KubernetesWorkloads.LABEL, "changed")
          .addToAnnotations(AnnotationKeys.APP_CONFIG, Memories.write(memory))
          .endMetadata();
    }
    stored(name, old, fresh.build());
    if (diesAfterWrite) {
      diesAfterWrite = false;
      throw new Death();
    }
  }

  /** The controller's process has ended. */
  static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
