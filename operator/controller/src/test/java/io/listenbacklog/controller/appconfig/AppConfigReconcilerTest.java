package io.listenbacklog.controller.appconfig;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.AppConfigPhase;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.appconfig.plan.ConfigMapFacts;
import io.listenbacklog.appconfig.plan.Memory.Stage;
import io.listenbacklog.controller.appconfig.SmallCluster.Behaviour;
import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.status.AppConfigView;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AppConfigReconcilerTest {
  private static final String POLICY =
      """
      mode: Enforce
      minimum: 64
      remedies: [Relisten, AppConfig]
      appConfig:
      - {preset: PythonSocketserver}
      """;

  private final SmallCluster world = new SmallCluster();
  private Leader leader = new Leader(world);

  @Test
  void aConfigMapOfOursThatSomebodyDeletesIsMadeAnewWhileTheTemplateNamesIt() {
    world.deployment("api", 3);
    world.policy("all", POLICY);
    leader.passes(1);
    var made = Map.copyOf(world.configMaps);
    world.configMaps.clear();
    leader.passes(1);
    assertThat(world.configMaps).isEqualTo(made);
    world.rollOut("api");
    leader.passes(8);
    assertThat(leader.phase("all", "Deployment/api")).isEqualTo(AppConfigPhase.APPLIED);

    world.configMaps.clear();
    leader.passes(1);
    assertThat(world.configMaps).isEqualTo(made);
    assertThat(world.writes("api")).isEqualTo(1);

    world.delete("all");
    leader.passes(2);
    world.configMaps.clear();
    leader.passes(10);
    assertThat(world.configMaps).isEmpty();
  }

  @Test
  void aConfigMapThatMayNotBeMadeAnewIsSaid() {
    world.deployment("api", 3);
    world.policy("all", POLICY);
    leader.passes(1);
    world.rollOut("api");
    leader.passes(8);

    world.configMaps.clear();
    world.refusal = new KubernetesClientException("exceeded quota: maps", 403, null);
    leader.passes(1);
    var status = leader.status("all", "Deployment/api");
    assertThat(status.reason()).isEqualTo("Rejected");
    assertThat(status.message()).contains("exceeded quota: maps");

    world.refusal = null;
    leader.passes(1);
    assertThat(leader.phase("all", "Deployment/api")).isEqualTo(AppConfigPhase.APPLIED);
  }

  /** As with kubectl delete and create. */
  @Test
  void whileTheUsersConfigMapIsNotThereThePodsKeepItsCopyAndItIsSaid() {
    var file = new ConfigMapFacts(Map.of("nginx.conf", "server { listen 8080; }\n"), Map.of());
    world.configMaps.put("web", file);
    world.deployment("api", 3);
    world.edit(
        "api",
        each ->
            each.editSpec()
                .editTemplate()
                .editSpec()
                .addNewVolume()
                .withName("conf")
                .withNewConfigMap()
                .withName("web")
                .endConfigMap()
                .endVolume()
                .endSpec()
                .endTemplate()
                .endSpec());
    world.rollOut("api");
    world.policy(
        "all",
        POLICY + "- configMap: {name: web, key: nginx.conf, format: Nginx, path: listen 8080}\n");
    finish("api");
    var template = requireNonNull(world.deployments.get("api")).getSpec().getTemplate();

    world.configMaps.remove("web");
    leader.passes(1);
    assertThat(leader.view("all").entries())
        .hasSize(2)
        .allSatisfy(each -> assertThat(each.reason()).isEqualTo("ConfigMapAbsent"));
    assertThat(requireNonNull(world.deployments.get("api")).getSpec().getTemplate())
        .isEqualTo(template);

    world.configMaps.put("web", file);
    leader.passes(1);
    assertThat(leader.phase("all", "Deployment/api")).isEqualTo(AppConfigPhase.APPLIED);
    assertThat(world.writes("api")).isEqualTo(1);
  }

  @Test
  void aDeploymentIsChangedRolledOutVerifiedAndLeftInPeace() {
    world.deployment("api", 3);
    world.policy("all", POLICY);

    leader.passes(1);
    assertThat(leader.phase("all", "Deployment/api")).isEqualTo(AppConfigPhase.APPLYING);
    assertThat(world.env("api", "PYTHONPATH")).isEqualTo("/opt/listenbacklog-python");
    assertThat(world.configMaps).hasSize(1);
    world.rollOut("api");
    leader.passes(1);
    assertThat(leader.phase("all", "Deployment/api")).isEqualTo(AppConfigPhase.VERIFYING);
    leader.passes(4);
    assertThat(leader.phase("all", "Deployment/api")).isEqualTo(AppConfigPhase.APPLIED);
    leader.passes(100);
    assertThat(world.writes("api")).isEqualTo(1);
    assertThat(reasons()).containsExactly(EventReasons.APP_CONFIG_PATCHED);
    assertThat(leader.changes("written")).isEqualTo(1);
    assertThat(leader.changes("verified")).isEqualTo(1);
    assertThat(world.memory("api").orElseThrow().stage()).isEqualTo(Stage.APPLIED);
  }

  @Test
  void deletingThePolicyBringsBackWhatWas() {
    applied("api");
    var template = world.deployments.get("api");
    assertThat(template).isNotNull();
    world.delete("all");

    leader.passes(1);
    assertThat(world.env("api", "PYTHONPATH")).isNull();
    world.rollOut("api");
    leader.passes(2);
    var left = requireNonNull(world.deployments.get("api"));
    assertThat(left.getMetadata().getAnnotations()).isNullOrEmpty();
    assertThat(left.getMetadata().getLabels()).isNullOrEmpty();
    assertThat(left.getSpec().getTemplate().getSpec().getVolumes()).isEmpty();
    assertThat(left.getSpec().getTemplate().getSpec().getContainers().getFirst().getVolumeMounts())
        .isEmpty();
  }

  @Test
  void aControllerThatBeginsAfterThePolicyWasDeletedBringsItBackToo() {
    applied("api");
    world.delete("all");
    leader = new Leader(world);
    leader.passes(1);
    assertThat(world.env("api", "PYTHONPATH")).isNull();
  }

  @Test
  void onDeleteKeepLeavesWhatIsThere() {
    world.deployment("api", 3);
    world.policy("all", POLICY + "onDelete: Keep\n");
    finish("api");
    world.delete("all");
    leader.passes(3);
    assertThat(world.env("api", "PYTHONPATH")).isNotNull();
    assertThat(requireNonNull(world.deployments.get("api")).getMetadata().getAnnotations())
        .isNullOrEmpty();
  }

  @ParameterizedTest
  @CsvSource({"IGNORES,NotNative", "CRASHES,Crashed", "NEVER_READY,NotAvailable"})
  void harmIsTakenBackSaidOnceAndTheOthersAreLeftAlone(Behaviour behaviour, String reason) {
    world.behaviour = behaviour;
    world.deployment("api", 3);
    world.deployment("web", 3);
    world.policy("all", POLICY);

    leader.passes(1);
    world.rollOut("api");
    leader.passes(5);
    world.clock.pass(Duration.ofMinutes(20));
    leader.passes(1);
    assertThat(world.env("api", "PYTHONPATH")).isNull();
    world.rollOut("api");
    leader.passes(500);

    assertThat(leader.phase("all", "Deployment/api")).isEqualTo(AppConfigPhase.ROLLED_BACK);
    assertThat(leader.status("all", "Deployment/api").reason()).isEqualTo(reason);
    assertThat(leader.status("all", "Deployment/web").reason()).isEqualTo("HaltedAfterRollback");
    assertThat(world.writes).containsExactly(Map.entry("api", 1));
    assertThat(reasons())
        .containsExactly(EventReasons.APP_CONFIG_PATCHED, EventReasons.APP_CONFIG_ROLLED_BACK);

    leader = new Leader(world);
    leader.passes(10);
    assertThat(world.writes).containsExactly(Map.entry("api", 1));
    world.behaviour = Behaviour.WORKS;
    world.edit("all", POLICY);
    leader.passes(1);
    assertThat(world.writes).hasSize(1).containsEntry("api", 2);
  }

  @Test
  void oneWorkloadOfAPolicyIsChangedAtATime() {
    leader = new Leader(world, new AppConfigSettings(true, List.of(), 5));
    world.deployment("api", 3);
    world.deployment("web", 3);
    world.policy("all", POLICY);
    leader.passes(3);
    assertThat(world.writes).containsOnlyKeys("api");
    assertThat(leader.status("all", "Deployment/web").reason()).isEqualTo("AnothersTurn");
    world.rollOut("api");
    leader.passes(8);
    assertThat(world.writes).containsOnlyKeys("api", "web");
  }

  @Test
  void twoPoliciesShareWhatTheClusterAllows() {
    world.deployment("api", 3);
    world.deployment("web", 3);
    world.policy("a", "selector: {matchLabels: {name: api}}\n" + POLICY);
    world.policy("b", "selector: {matchLabels: {name: web}}\n" + POLICY);
    leader.passes(3);
    assertThat(world.writes).containsOnlyKeys("api");
    assertThat(leader.status("b", "Deployment/web").reason()).isEqualTo("ConcurrencyLimit");
    world.rollOut("api");
    leader.passes(8);
    assertThat(world.writes).containsOnlyKeys("api", "web");
  }

  @Test
  void aControllerThatIsLostAfterAnyWriteIsGoneOnFromByTheNext() {
    world.deployment("api", 3);
    world.policy("all", POLICY);
    for (int write = 0; write < 3; write++) {
      world.diesAfterWrite = true;
      assertThatThrownBy(() -> leader.passes(20)).isInstanceOf(SmallCluster.Death.class);
      leader = new Leader(world);
      world.rollOut("api");
    }
    leader.passes(20);
    assertThat(leader.phase("all", "Deployment/api")).isEqualTo(AppConfigPhase.APPLIED);
    assertThat(world.writes("api")).isEqualTo(1);
    assertThat(reasons()).containsExactly(EventReasons.APP_CONFIG_PATCHED);
  }

  @Test
  void anHpaThatScalesMeanwhileDelaysAndHarmsNothing() {
    world.deployment("api", 3);
    world.policy("all", POLICY);
    leader.passes(1);
    world.rollOut("api");
    for (int replicas = 4; replicas < 8; replicas++) {
      int wanted = replicas;
      world.edit("api", each -> each.editSpec().withReplicas(wanted).endSpec());
      leader.passes(1);
      world.rollOut("api");
      leader.passes(1);
    }
    leader.passes(6);
    assertThat(leader.phase("all", "Deployment/api")).isEqualTo(AppConfigPhase.APPLIED);
    assertThat(world.writes("api")).isEqualTo(1);
    assertThat(requireNonNull(world.deployments.get("api")).getSpec().getReplicas()).isEqualTo(7);
  }

  @Test
  void aRolloutOfTheUserMeanwhileKeepsBothChanges() {
    world.deployment("api", 3);
    world.policy("all", POLICY);
    leader.passes(1);
    image("api:2");
    leader.passes(1);
    world.rollOut("api");
    leader.passes(8);
    assertThat(leader.phase("all", "Deployment/api")).isEqualTo(AppConfigPhase.APPLIED);
    assertThat(world.env("api", "PYTHONPATH")).isNotNull();
    assertThat(
            requireNonNull(world.deployments.get("api"))
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage())
        .isEqualTo("api:2");
    assertThat(world.writes("api")).isEqualTo(1);
  }

  @Test
  void aRolloutOfTheUserIsWaitedForBeforeTheFirstChange() {
    world.deployment("api", 3);
    world.policy("all", POLICY);
    image("api:2");
    leader.passes(5);
    assertThat(leader.status("all", "Deployment/api").reason()).isEqualTo("RolloutUnderWay");
    assertThat(world.writes).isEmpty();
    world.rollOut("api");
    leader.passes(1);
    assertThat(world.writes).containsOnlyKeys("api");
  }

  @Test
  void whatHelmOwnsIsProposedWithItsPatchAndNothingIsWritten() {
    world.deployment("api", 3);
    world.edit(
        "api",
        each ->
            each.editMetadata().addToLabels("app.kubernetes.io/managed-by", "Helm").endMetadata());
    world.policy("all", POLICY);
    leader.passes(50);
    var status = leader.status("all", "Deployment/api");
    assertThat(status.phase()).isEqualTo(AppConfigPhase.PROPOSED);
    assertThat(status.message()).contains("Helm");
    assertThat(status.patch()).contains("PYTHONPATH").contains("kind: ConfigMap");
    assertThat(world.writes).isEmpty();
    assertThat(requireNonNull(world.deployments.get("api")).getMetadata().getAnnotations())
        .isNullOrEmpty();
    assertThat(reasons()).containsExactly(EventReasons.APP_CONFIG_PROPOSED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFightIsLeftAndBounded(boolean takesTheMemoryToo) {
    world.deployment("api", 3);
    world.policy("all", POLICY + "rollout: {onConflict: Force}\n");
    for (int i = 0; i < 100; i++) {
      leader.passes(1);
      world.edit(
          "api",
          each -> {
            var without =
                each.editSpec()
                    .editTemplate()
                    .editSpec()
                    .editFirstContainer()
                    .withEnv(List.of())
                    .endContainer()
                    .endSpec()
                    .endTemplate()
                    .endSpec();
            return takesTheMemoryToo
                ? without
                    .editMetadata()
                    .removeFromAnnotations(AnnotationKeys.APP_CONFIG)
                    .removeFromLabels(KubernetesWorkloads.LABEL)
                    .endMetadata()
                : without;
          });
      world.rollOut("api");
    }
    assertThat(leader.phase("all", "Deployment/api")).isEqualTo(AppConfigPhase.CONTESTED);
    assertThat(world.writes("api")).isEqualTo(3);
    assertThat(reasons()).contains(EventReasons.APP_CONFIG_CONTESTED);
  }

  @Test
  void observeProposesAndWritesNothing() {
    world.deployment("api", 3);
    world.policy("all", POLICY.replace("Enforce", "Observe"));
    leader.passes(10);
    assertThat(leader.status("all", "Deployment/api").reason()).isEqualTo("ObserveMode");
    assertThat(world.writes).isEmpty();
  }

  @Test
  void aPausedPolicyWaitsAndGoesOn() {
    world.deployment("api", 3);
    BacklogPolicy policy = world.policy("all", POLICY);
    policy.getMetadata().setAnnotations(Map.of(AnnotationKeys.PAUSED, "true"));
    leader.passes(3);
    assertThat(leader.status("all", "Deployment/api").reason()).isEqualTo("Paused");
    policy.getMetadata().setAnnotations(Map.of());
    leader.passes(1);
    assertThat(world.writes).containsOnlyKeys("api");
  }

  @Test
  void whatWorksStaysWhileItIsScaledToNought() {
    applied("api");
    world.edit("api", each -> each.editSpec().withReplicas(0).endSpec());
    world.rollOut("api");
    leader.passes(20);
    assertThat(world.env("api", "PYTHONPATH")).isNotNull();
    world.edit("api", each -> each.editSpec().withReplicas(3).endSpec());
    world.rollOut("api");
    leader.passes(3);
    assertThat(leader.phase("all", "Deployment/api")).isEqualTo(AppConfigPhase.APPLIED);
    assertThat(world.writes("api")).isEqualTo(1);
  }

  @Test
  void withoutTheInstallationsLeaveNothingIsReadAndItIsSaid() {
    leader = new Leader(world, AppConfigSettings.OFF);
    world.deployment("api", 3);
    world.policy("all", POLICY);
    leader.passes(3);
    AppConfigView view = leader.view("all");
    assertThat(view.notGranted()).contains("appConfig.enabled");
    assertThat(view.entries()).isEmpty();
    assertThat(world.writes).isEmpty();
  }

  @Test
  void missingRightsAreNamed() {
    world.missing.add("patch deployments");
    world.deployment("api", 3);
    world.policy("all", POLICY);
    leader.passes(3);
    assertThat(leader.view("all").notGranted()).isEqualTo("patch deployments in namespace shop");
    assertThat(world.writes).isEmpty();
  }

  @Test
  void missingRightsToTheKindAloneAreNamedToo() {
    world.missingOfKind.add("patch rollouts");
    world.deployment("api", 3);
    world.policy("all", POLICY);
    leader.passes(3);
    assertThat(leader.view("all").notGranted()).isEqualTo("patch rollouts in namespace shop");
    assertThat(world.writes).isEmpty();
  }

  @Test
  void whatAnAdmissionWebhookRefusesIsSaidAndNotTriedAtEachPass() {
    world.refusal = new KubernetesClientException("denied by policy.example.org", 403, null);
    world.deployment("api", 3);
    world.policy("all", POLICY);
    leader.passes(5);
    var status = leader.status("all", "Deployment/api");
    assertThat(status.phase()).isEqualTo(AppConfigPhase.REFUSED);
    assertThat(status.message()).contains("denied by policy.example.org");
    world.refusal = null;
    leader.passes(5);
    assertThat(world.writes).isEmpty();
    leader.passes(60);
    assertThat(world.writes).containsOnlyKeys("api");
  }

  /** As where the dry run's result is another than what was sent. */
  @Test
  void whatComesBackOtherwiseIsSaid() {
    world.refusal = new KubernetesClientException("came back otherwise");
    world.deployment("api", 3);
    world.policy("all", POLICY);
    leader.passes(2);
    var status = leader.status("all", "Deployment/api");
    assertThat(status.reason()).isEqualTo("Rejected");
    assertThat(status.message()).contains("came back otherwise");
  }

  @Test
  void anApiServerThatDoesNotAnswerIsNoRefusal() {
    world.refusal = new KubernetesClientException("failed", new IOException("timed out"));
    world.deployment("api", 3);
    world.policy("all", POLICY);
    leader.passes(2);
    assertThat(world.writes).isEmpty();
    world.refusal = null;
    leader.passes(1);
    assertThat(leader.phase("all", "Deployment/api")).isEqualTo(AppConfigPhase.APPLYING);
  }

  @Test
  void podsOfAJobGetTheirPatchAsText() {
    world.deployment("job", 1);
    world.deployments.remove("job");
    world.policy("all", POLICY);
    leader.passes(2);
    var status = leader.status("all", "Job/job");
    assertThat(status.phase()).isEqualTo(AppConfigPhase.PROPOSED);
    assertThat(status.reason()).isEqualTo("OwnerUnknown");
    assertThat(status.patch()).contains("PYTHONPATH");
  }

  @Test
  void somebodysOwnPythonPathIsKeptAndComesBack() {
    world.deployment("api", 3);
    world.edit(
        "api",
        each ->
            each.editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .addToEnv(new EnvVarBuilder().withName("PYTHONPATH").withValue("/app").build())
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec());
    world.behaviour = Behaviour.IGNORES;
    world.rollOut("api");
    world.policy("all", POLICY);
    leader.passes(1);
    assertThat(world.env("api", "PYTHONPATH")).isEqualTo("/opt/listenbacklog-python:/app");
    world.rollOut("api");
    leader.passes(6);
    assertThat(world.env("api", "PYTHONPATH")).isEqualTo("/app");
  }

  private void applied(String name) {
    world.deployment(name, 3);
    world.policy("all", POLICY);
    finish(name);
  }

  private void finish(String name) {
    leader.passes(1);
    world.rollOut(name);
    leader.passes(6);
    assertThat(leader.phase("all", "Deployment/api")).isEqualTo(AppConfigPhase.APPLIED);
  }

  private void image(String image) {
    world.edit(
        "api",
        each ->
            each.editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .withImage(image)
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec());
  }

  private List<String> reasons() {
    return new ArrayList<>(world.events.values().stream().map(EventDraft::reason).toList());
  }
}
