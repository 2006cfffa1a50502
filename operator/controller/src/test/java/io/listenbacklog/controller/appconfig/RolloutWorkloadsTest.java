package io.listenbacklog.controller.appconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.appconfig.plan.Change;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.appconfig.plan.PodTemplate;
import io.listenbacklog.appconfig.plan.Situation;
import io.listenbacklog.appconfig.plan.Workload.TemplateElsewhere;
import io.listenbacklog.controller.MockApi;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rollouts of Argo Rollouts, in the API. */
class RolloutWorkloadsTest {
  private static final ResourceDefinitionContext ROLLOUTS =
      new ResourceDefinitionContext.Builder()
          .withGroup("argoproj.io")
          .withVersion("v1alpha1")
          .withKind("Rollout")
          .withPlural("rollouts")
          .withNamespaced(true)
          .build();

  private static final WorkloadId ID = new WorkloadId(WorkloadKind.ROLLOUT, "shop", "web");

  private static final String ROLLOUT =
      """
      apiVersion: argoproj.io/v1alpha1
      kind: Rollout
      metadata:
        name: web
        namespace: shop
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        strategy: {canary: {maxUnavailable: 1}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - name: proxy
              image: proxy:1
              env: [{name: PROXY, value: "1"}]
            - name: api
              image: api:1
              resources: {limits: {cpu: 1, memory: 1Gi}}
              args: [serve]
              env:
              - {name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1}}}
              - {name: OPTIONS, value: "--workers=2"}
              - {name: LAST, value: "x"}
              volumeMounts: [{name: conf, mountPath: /etc/web}, {name: cache, mountPath: /cache}]
            volumes:
            - {name: cache, emptyDir: {sizeLimit: 1}}
            - {name: conf, configMap: {name: web, defaultMode: 288}}
            - {name: other, emptyDir: {}}
      """;

  private final MockApi api = MockApi.keeping();
  private final KubernetesWorkloads workloads =
      new KubernetesWorkloads(
          api.client(), new Rights(api.client(), List.of(), Clock.systemUTC()), Clock.systemUTC());

  @AfterEach
  void close() {
    api.close();
  }

  private void create(String yaml) {
    api.client()
        .genericKubernetesResources(ROLLOUTS)
        .inNamespace("shop")
        .resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
        .create();
  }

  private GenericKubernetesResource stored() {
    return api.client()
        .genericKubernetesResources(ROLLOUTS)
        .inNamespace("shop")
        .withName("web")
        .get();
  }

  private LiveWorkload live() {
    return workloads.get(ID).orElseThrow();
  }

  private static Memory memory(List<Change> changes) {
    return new Memory(
        new Memory.PolicyId("BacklogPolicy", "shop", "all", "uid", 1),
        Memory.Stage.APPLYING,
        Instant.EPOCH,
        Instant.EPOCH,
        null,
        "",
        changes,
        64,
        "hash",
        0,
        0,
        0,
        true);
  }

  private void apply(LiveWorkload live, List<Change> changes) {
    workloads.apply(
        live, Change.applied(changes, live.facts()), changes, Map.of(), memory(changes));
  }

  private static final List<Change> ALL =
      List.of(
          new Change.Env("api", "OPTIONS", "--workers=2", "--workers=2 --backlog=64"),
          new Change.Env("api", "NEW", null, "64"),
          new Change.Args(
              "api",
              "--backlog",
              List.of(),
              List.of("serve"),
              List.of(),
              List.of("serve", "--backlog=64")),
          new Change.Reference("conf", -1, "web", "web-backlog-0"),
          new Change.NewVolume("listenbacklog-python", "python"),
          new Change.NewMount("api", "listenbacklog-python", "/opt/listenbacklog-python"));

  @Test
  void ofItsTemplateOnlyWhatIsOursIsWritten() {
    create(ROLLOUT);
    apply(live(), ALL);

    var wanted =
        new GenericRollout(ROLLOUT)
            .edit(
                "{name: OPTIONS, value: \"--workers=2\"}",
                "{name: OPTIONS, value: \"--workers=2 --backlog=64\"}")
            .edit("value: \"x\"}", "value: \"x\"}\n        - {name: NEW, value: \"64\"}")
            .edit("args: [serve]", "args: [serve, --backlog=64]")
            .edit(
                "{name: cache, mountPath: /cache}",
                "{name: cache, mountPath: /cache}, {name: listenbacklog-python, mountPath: /opt/listenbacklog-python, readOnly: true}")
            .edit("configMap: {name: web,", "configMap: {name: web-backlog-0,")
            .edit(
                "{name: other, emptyDir: {}}",
                "{name: other, emptyDir: {}}\n      - {name: listenbacklog-python, configMap: {name: python}}");
    assertThat(stored().<Object>get("spec")).isEqualTo(wanted.spec());
    assertThat(stored().getMetadata().getAnnotations()).containsKey(AnnotationKeys.APP_CONFIG);
    assertThat(workloads.marked())
        .singleElement()
        .satisfies(each -> assertThat(each.id()).isEqualTo(ID));
  }

  @Test
  void takingItBackLeavesTheTemplateAsItWas() {
    create(ROLLOUT);
    apply(live(), ALL);
    LiveWorkload live = live();
    workloads.undo(live, Change.undone(ALL, live.facts()), memory(ALL));
    assertThat(stored().<Object>get("spec")).isEqualTo(new GenericRollout(ROLLOUT).spec());

    workloads.remember(live(), null);
    assertThat(stored().getMetadata().getAnnotations()).isNullOrEmpty();
    assertThat(stored().getMetadata().getLabels()).isNullOrEmpty();
  }

  /** One that has neither environment nor volumes, as the story's own. */
  @Test
  void listsThatAreNotThereAreMadeAndGoAgain() {
    create(
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: web, namespace: shop}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: api, image: "api:1"}]}
        """);
    Object before = stored().get("spec");
    List<Change> changes =
        List.of(
            new Change.NewVolume("listenbacklog-python", "python"),
            new Change.NewMount("api", "listenbacklog-python", "/opt/listenbacklog-python"),
            new Change.Env("api", "PYTHONPATH", null, "/opt/listenbacklog-python"));
    apply(live(), changes);
    assertThat(changes).allMatch(each -> each.isIn(live().facts()));

    LiveWorkload live = live();
    workloads.undo(live, Change.undone(changes, live.facts()), memory(changes));
    assertThat(stored().<Object>get("spec")).isEqualTo(before);
  }

  @Test
  void whatChangedSinceItWasReadIsRefused() {
    create(ROLLOUT);
    LiveWorkload read = live();
    api.client()
        .genericKubernetesResources(ROLLOUTS)
        .inNamespace("shop")
        .withName("web")
        .edit(
            each -> {
              each.getMetadata().setLabels(Map.of("team", "a"));
              return each;
            });
    assertThatThrownBy(() -> apply(read, ALL))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
    assertThat(stored().<Object>get("spec")).isEqualTo(new GenericRollout(ROLLOUT).spec());
  }

  @Test
  void aPodIsOfTheRolloutThatItsReplicaSetIsOf() {
    replicaSet("web-1", "argoproj.io/v1alpha1", "Rollout", "web");
    replicaSet("other-1", "example.org/v1", "Rollout", "other");
    pod("web-1-a", "web-1", "1");
    pod("other-1-a", "other-1", "1");

    assertThat(workloads.pods("shop"))
        .extracting(Workloads.OwnedPod::owner)
        .containsExactlyInAnyOrder(ID, null);
  }

  /** Blue-green keeps those of before, as long as it says, and they serve nothing. */
  @Test
  void ofItsPodsThoseOfTheNewestTemplateCount() {
    create(ROLLOUT + "status: {currentPodHash: \"2\"}\n");
    replicaSet("web-1", "argoproj.io/v1alpha1", "Rollout", "web");
    replicaSet("web-2", "argoproj.io/v1alpha1", "Rollout", "web");
    pod("web-1-a", "web-1", "1");
    pod("web-2-a", "web-2", "2");
    assertThat(workloads.pods(live())).extracting(Situation.Pod::name).containsExactly("web-2-a");
  }

  @Test
  void theTemplateOfAnotherWorkloadIsShownAndNeverWritten() {
    create(WITH_REFERENCE.formatted("Deployment"));
    api.client()
        .resource(
            new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("base")
                .endMetadata()
                .withNewSpec()
                .withNewTemplate()
                .withNewSpec()
                .addNewContainer()
                .withName("api")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build())
        .create();

    LiveWorkload live = live();
    assertThat(live.strategy()).isEqualTo(new TemplateElsewhere("Deployment base"));
    assertThat(live.facts().containers())
        .extracting(PodTemplate.Container::name)
        .containsExactly("api");

    Object before = stored().get("spec");
    List<Change> changes = List.of(new Change.Env("api", "OPTIONS", null, "64"));
    workloads.undo(live, Change.applied(changes, live.facts()), memory(changes));
    assertThat(stored().<Object>get("spec")).isEqualTo(before);
  }

  @Test
  void aTemplateThatIsNotReadIsNamedAllTheSame() {
    create(WITH_REFERENCE.formatted("PodTemplate"));
    assertThat(live().strategy()).isEqualTo(new TemplateElsewhere("PodTemplate base"));
    assertThat(live().facts().containers()).isEmpty();
    assertThat(workloads.pods(live())).isEmpty();
  }

  private static final String WITH_REFERENCE =
      """
      apiVersion: argoproj.io/v1alpha1
      kind: Rollout
      metadata: {name: web, namespace: shop}
      spec:
        workloadRef: {apiVersion: apps/v1, kind: %s, name: base}
      """;

  private void replicaSet(String name, String apiVersion, String ownerKind, String owner) {
    api.client()
        .resource(
            new ReplicaSetBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .addNewOwnerReference()
                .withApiVersion(apiVersion)
                .withKind(ownerKind)
                .withName(owner)
                .withUid("uid-" + owner)
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .build())
        .create();
  }

  private void pod(String name, String set, String hash) {
    api.client()
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .addToLabels("app", "web")
                .addToLabels("rollouts-pod-template-hash", hash)
                .addNewOwnerReference()
                .withApiVersion("apps/v1")
                .withKind("ReplicaSet")
                .withName(set)
                .withUid("uid-" + set)
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build())
        .create();
  }

  /** A Rollout as text, edited word by word. */
  private record GenericRollout(String yaml) {
    GenericRollout edit(String from, String to) {
      assertThat(yaml).containsOnlyOnce(from);
      return new GenericRollout(yaml.replace(from, to));
    }

    Object spec() {
      return Serialization.unmarshal(yaml, GenericKubernetesResource.class).get("spec");
    }
  }
}
