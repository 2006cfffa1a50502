package io.listenbacklog.controller.appconfig;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.listenbacklog.api.AppConfigPhase;
import io.listenbacklog.api.AppConfigStatus;
import io.listenbacklog.appconfig.plan.ConfigMapFacts;
import io.listenbacklog.controller.appconfig.SmallCluster.Behaviour;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What proves that a change works: the listeners of each pod of that workload, and no others. */
class NativenessTest {
  private static final String POLICY =
      """
      mode: Enforce
      minimum: 64
      remedies: [Relisten, AppConfig]
      appConfig:
      - {preset: PythonSocketserver, container: api}
      """;

  private final SmallCluster world = new SmallCluster();
  private final Leader leader = new Leader(world);

  @Test
  void anotherWorkloadsListenersProveNothing() {
    applied("api");
    world.deployment("web", 3);
    leader.passes(1);
    assertThat(phase("web")).isEqualTo(AppConfigPhase.APPLYING);
    world.silent.add("web");
    world.rollOut("web");

    leader.passes(20);

    assertThat(phase("api")).isEqualTo(AppConfigPhase.APPLIED);
    assertThat(phase("web")).isEqualTo(AppConfigPhase.VERIFYING);
    assertThat(status("web").message())
        .contains("nothing of which a backlog is asked listens yet in pod web-")
        .contains("(api)");

    world.silent.clear();
    world.probeReports();
    leader.passes(1);
    assertThat(phase("web")).isEqualTo(AppConfigPhase.APPLIED);
  }

  @Test
  void oneOfItsOwnPodsProvesNothingOfAnother() {
    verifying("api");
    String last = world.pods.keySet().stream().reduce((_, each) -> each).orElseThrow();
    world.silent.add(last);
    world.probeReports();

    leader.passes(20);
    assertThat(phase("api")).isEqualTo(AppConfigPhase.VERIFYING);
    assertThat(status("api").message()).contains("in pod " + last);

    world.silent.clear();
    world.probeReports();
    leader.passes(1);
    assertThat(phase("api")).isEqualTo(AppConfigPhase.APPLIED);
  }

  @Test
  void aSidecarsListenersProveNothing() {
    world.sidecars = true;
    verifying("api");
    world.silent.add("api");
    world.probeReports();

    leader.passes(20);
    assertThat(phase("api")).isEqualTo(AppConfigPhase.VERIFYING);
  }

  @Test
  void whatNeverListensIsTakenBackInTheEnd() {
    verifying("api");
    world.silent.add("api");
    world.probeReports();
    leader.passes(1);

    world.clock.pass(Duration.ofMinutes(20));
    leader.passes(1);
    world.rollOut("api");
    leader.passes(1);
    assertThat(status("api").reason()).isEqualTo("NotVerified");
  }

  @Test
  void nothingIsWrittenBeforeAllItsPodsListen() {
    world.deployment("api", 3);
    world.deployment("web", 3);
    world.silent.add("api");
    world.policy("all", POLICY);

    leader.passes(3);

    assertThat(status("api").reason()).isEqualTo("NotObserved");
    assertThat(world.writes).containsOnlyKeys("web");
  }

  @Test
  void aProbeThatTellsNothingOfPodsIsWaitedForAndNamed() {
    verifying("api");
    world.oldProbe = true;
    world.probeReports();

    leader.passes(20);
    assertThat(phase("api")).isEqualTo(AppConfigPhase.VERIFYING);
    assertThat(status("api").message()).contains("node node-1").contains("earlier version");

    world.oldProbe = false;
    world.probeReports();
    leader.passes(1);
    assertThat(phase("api")).isEqualTo(AppConfigPhase.APPLIED);
  }

  @Test
  void whatAStatusHasNoRoomForIsWaitedForAndSaid() {
    verifying("api");
    world.leftOut.add("api");
    world.probeReports();

    leader.passes(20);
    assertThat(phase("api")).isEqualTo(AppConfigPhase.VERIFYING);
    assertThat(status("api").message()).contains("node node-1 has no room for all pods");
  }

  @Test
  void thatAnotherWorkloadsPodsAreLeftOutHindersNothing() {
    verifying("api");
    world.deployment("web", 3);
    world.leftOut.add("web");
    world.probeReports();

    leader.passes(6);
    assertThat(phase("api")).isEqualTo(AppConfigPhase.APPLIED);
  }

  /** Such a listener is not told one by one any more, and still has what another remedy gave it. */
  @Test
  void whatWasRaisedLongAgoIsNotNative() {
    world.deployment("api", 3);
    world.raisedLongAgo.add("api");
    world.policy("all", POLICY);
    leader.passes(1);
    assertThat(phase("api")).isEqualTo(AppConfigPhase.APPLYING);

    world.behaviour = Behaviour.IGNORES;
    world.rollOut("api");
    leader.passes(6);
    world.rollOut("api");
    leader.passes(2);
    assertThat(status("api").reason()).isEqualTo("NotNative");
    assertThat(status("api").message())
        .contains("1 of the 1 listeners of pod api-")
        .contains("(container api) ask for less than they need");
  }

  @Test
  void whatSomaxconnCutIsNotTheApplicationsFault() {
    world.capped.add("api");
    verifying("api");
    leader.passes(6);
    assertThat(phase("api")).isEqualTo(AppConfigPhase.APPLIED);
    assertThat(status("api").message()).contains("3 of them as far as net.core.somaxconn allowed");
  }

  /** It may still be governed for as long as it ends, and has the old configuration. */
  @Test
  void aPodThatEndsSaysNothingOfWhatWasWritten() {
    verifying("api");
    world.ends("api");

    leader.passes(6);
    assertThat(phase("api")).isEqualTo(AppConfigPhase.APPLIED);
  }

  /** What somaxconn cut of it may be less than is asked: nothing of ours says how much it wants. */
  @Test
  void whatIsCutWhereNothingOfOursStandsProvesNothing() {
    world.behaviour = Behaviour.IGNORES;
    world.deployment("api", 3);
    world.edit("api", NativenessTest::withOptions);
    world.rollOut("api");
    world.policy("all", POLICY);
    leader.passes(1);
    world.rollOut("api");
    leader.passes(6);
    world.rollOut("api");
    leader.passes(2);
    assertThat(phase("api")).isEqualTo(AppConfigPhase.ROLLED_BACK);

    world.behaviour = Behaviour.WORKS;
    world.capped.add("api");
    world.edit("all", POLICY);
    leader.passes(1);
    assertThat(phase("api")).isEqualTo(AppConfigPhase.APPLYING);
  }

  /** Of the application's own, which SmallCluster takes for a configuration. */
  private static DeploymentBuilder withOptions(DeploymentBuilder of) {
    return of.editSpec()
        .editTemplate()
        .editSpec()
        .editFirstContainer()
        .addNewEnv()
        .withName("OPTIONS")
        .withValue("--backlog=64")
        .endEnv()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec();
  }

  /** A native sidecar is an init container, and no other sees the file here. */
  @Test
  void ofAFileThatASidecarMountsTheListenersOfTheSidecarCount() {
    world.sidecars = true;
    world.configMaps.put(
        "proxy", new ConfigMapFacts(Map.of("nginx.conf", "server { listen 8080; }\n"), Map.of()));
    world.deployment("api", 3);
    world.edit("api", NativenessTest::withSidecar);
    world.rollOut("api");
    world.policy(
        "all",
        """
        mode: Enforce
        minimum: 64
        remedies: [AppConfig]
        appConfig:
        - configMap: {name: proxy, key: nginx.conf, format: Nginx, path: listen 8080}
        """);

    leader.passes(1);

    assertThat(status("api").reason()).isEqualTo("NativeAlready");
  }

  private static DeploymentBuilder withSidecar(DeploymentBuilder of) {
    return of.editSpec()
        .editTemplate()
        .editSpec()
        .addNewVolume()
        .withName("conf")
        .withNewConfigMap()
        .withName("proxy")
        .endConfigMap()
        .endVolume()
        .addNewInitContainer()
        .withName("proxy")
        .withRestartPolicy("Always")
        .addNewVolumeMount()
        .withName("conf")
        .withMountPath("/etc/nginx")
        .endVolumeMount()
        .endInitContainer()
        .endSpec()
        .endTemplate()
        .endSpec();
  }

  private void applied(String name) {
    verifying(name);
    leader.passes(6);
    assertThat(phase(name)).isEqualTo(AppConfigPhase.APPLIED);
  }

  /** Written, and all its pods are new. */
  private void verifying(String name) {
    world.deployment(name, 3);
    world.policy("all", POLICY);
    leader.passes(1);
    world.rollOut(name);
    leader.passes(1);
    assertThat(phase(name)).isEqualTo(AppConfigPhase.VERIFYING);
  }

  private AppConfigPhase phase(String deployment) {
    return status(deployment).phase();
  }

  private AppConfigStatus status(String deployment) {
    return leader.status("all", "Deployment/" + deployment);
  }
}
