package io.listenbacklog.controller.appconfig;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.AppConfigPhase;
import io.listenbacklog.api.AppConfigStatus;
import io.listenbacklog.controller.appconfig.SmallCluster.Behaviour;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workloads of which some pods stand by and never listen. */
class StandbyTest {
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

  /**
   * @param after which pod leads after the rollout: the first again, as of a StatefulSet of which
   *     only that serves, or another, which was elected
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void whereOneOfThreeListensItIsChangedAndVerifiedByTheOneThatListensThen(int after) {
    settled("api", 3, 0);
    leader.passes(1);
    assertThat(phase()).isEqualTo(AppConfigPhase.APPLYING);

    rollOut(after);
    leader.passes(6);

    assertThat(phase()).isEqualTo(AppConfigPhase.APPLIED);
    assertThat(status().message())
        .contains("own configuration; 1 of its 3 pods listens, the others stand by");
    leader.passes(100);
    assertThat(world.writes("api")).isEqualTo(1);
  }

  @Test
  void untilOneIsElectedItIsWaitedFor() {
    settled("api", 3, 0);
    leader.passes(1);
    rollOut();
    leader.passes(20);
    assertThat(phase()).isEqualTo(AppConfigPhase.VERIFYING);
    assertThat(status().message()).contains("nothing of which a backlog is asked listens yet");

    leads(1);
    leader.passes(1);
    assertThat(phase()).isEqualTo(AppConfigPhase.APPLIED);
  }

  @Test
  void theOneThatListensMustHaveIt() {
    settled("api", 3, 0);
    world.behaviour = Behaviour.IGNORES;
    leader.passes(1);
    rollOut(1);
    leader.passes(6);
    world.rollOut("api");
    leader.passes(2);
    assertThat(status().reason()).isEqualTo("NotNative");
    assertThat(status().message()).contains("of pod api-").contains("asks for 5 of 64");
  }

  /** Two of three listened before: one of them does no more. */
  @Test
  void fewerThanListenedBeforeAreAFailure() {
    settled("api", 3, 0, 1);
    leader.passes(1);
    rollOut(2);
    leader.passes(20);
    assertThat(phase()).isEqualTo(AppConfigPhase.VERIFYING);
    assertThat(status().message()).contains("2 of its pods listened before, and 1 by now");

    world.clock.pass(Duration.ofMinutes(20));
    leader.passes(1);
    world.rollOut("api");
    leader.passes(1);
    assertThat(status().reason()).isEqualTo("NotVerified");
  }

  @Test
  void moreThanBeforeAreNone() {
    settled("api", 3, 1);
    leader.passes(1);
    rollOut(0, 1, 2);
    leader.passes(6);
    assertThat(phase()).isEqualTo(AppConfigPhase.APPLIED);
    assertThat(status().message()).doesNotContain("stand by");
  }

  @Test
  void aPodThatBeginsLateIsNotTakenForOneThatStandsBy() {
    world.leaders.put("api", Set.of(0));
    world.deployment("api", 3);
    world.policy("all", POLICY);
    leader.passes(3);
    assertThat(status().reason()).isEqualTo("NotObserved");
    assertThat(world.writes).isEmpty();

    world.clock.pass(Duration.ofMinutes(5));
    leader.passes(1);
    assertThat(phase()).isEqualTo(AppConfigPhase.APPLYING);
  }

  @Test
  void itIsScaledToFewerThanListened() {
    settled("api", 5, 0, 1, 2);
    leader.passes(1);
    world.edit("api", each -> each.editSpec().withReplicas(2).endSpec());
    rollOut(0);
    leader.passes(3);
    assertThat(phase()).isEqualTo(AppConfigPhase.VERIFYING);
    leads(0, 1);
    leader.passes(6);
    assertThat(phase()).isEqualTo(AppConfigPhase.APPLIED);
  }

  @Test
  void aControllerThatTakesOverKnowsHowManyListened() {
    settled("api", 3, 0);
    leader.passes(1);
    rollOut(2);
    var next = new Leader(world);
    next.passes(6);
    assertThat(next.phase("all", "Deployment/api")).isEqualTo(AppConfigPhase.APPLIED);
  }

  /** Old enough that those that are silent stand by. */
  private void settled(String name, int replicas, Integer... listening) {
    world.leaders.put(name, Set.of(listening));
    world.deployment(name, replicas);
    world.policy("all", POLICY);
    world.clock.pass(Duration.ofMinutes(5));
  }

  private void rollOut(Integer... listening) {
    world.leaders.put("api", Set.of(listening));
    world.rollOut("api");
  }

  private void leads(Integer... pods) {
    world.leaders.put("api", Set.of(pods));
    world.probeReports();
  }

  private AppConfigPhase phase() {
    return status().phase();
  }

  private AppConfigStatus status() {
    return leader.status("all", "Deployment/api");
  }
}
