package io.listenbacklog.controller.appconfig;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.AppConfigPhase;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two policies on one workload, two controllers at one cluster. */
class SeveralWritersTest {
  private static final String FIRST_POD =
      "selector: {matchExpressions: [{key: index, operator: In, values: ['0']}]}\n";
  private static final String OTHER_PODS =
      "selector: {matchExpressions: [{key: index, operator: NotIn, values: ['0']}]}\n";

  private final SmallCluster world = new SmallCluster();
  private Leader leader = new Leader(world);

  private static String policy(int minimum) {
    return """
    mode: Enforce
    minimum: %d
    remedies: [Relisten, AppConfig]
    appConfig:
    - {preset: PythonSocketserver}
    """
        .formatted(minimum);
  }

  @Test
  void ofTwoPoliciesOnOneWorkloadTheFirstWritesTheMostThatIsAskedAndTheOtherSaysSo() {
    world.deployment("api", 3);
    world.policy("b", FIRST_POD + policy(32));
    world.policy("a", OTHER_PODS + policy(64));
    leader.passes(1);
    assertThat(leader.phase("a", "Deployment/api")).isEqualTo(AppConfigPhase.APPLYING);
    assertThat(leader.phase("b", "Deployment/api")).isEqualTo(AppConfigPhase.REFUSED);
    assertThat(leader.status("b", "Deployment/api").reason()).isEqualTo("AnotherPolicy");
    assertThat(leader.status("b", "Deployment/api").message())
        .startsWith("BacklogPolicy a governs");
    world.rollOut("api");
    leader.passes(100);
    assertThat(leader.phase("a", "Deployment/api")).isEqualTo(AppConfigPhase.APPLIED);
    assertThat(world.writes("api")).isEqualTo(1);
    assertThat(world.memory("api").orElseThrow().policy().name()).isEqualTo("a");
  }

  @Test
  void theMostThatIsAskedMayBeTheOthers() {
    world.deployment("api", 3);
    world.policy("a", FIRST_POD + policy(16));
    world.policy("b", OTHER_PODS + policy(64));
    leader.passes(1);
    assertThat(world.configMaps.values().toString()).contains("64").doesNotContain("= 16");
  }

  @Test
  void thePolicyWhoseChangeIsThereKeepsTheWorkloadFromOneThatComesLaterAndGoesBefore() {
    world.deployment("api", 3);
    world.policy("b", FIRST_POD + policy(64));
    world.policy("c", OTHER_PODS + policy(64));
    leader.passes(1);
    world.rollOut("api");
    leader.passes(8);
    assertThat(leader.phase("b", "Deployment/api")).isEqualTo(AppConfigPhase.APPLIED);

    world.delete("c");
    world.policy("a", OTHER_PODS + "priority: 9\n" + policy(64));
    leader.passes(50);
    assertThat(leader.status("a", "Deployment/api").reason()).isEqualTo("AnotherPolicy");
    assertThat(world.writes("api")).isEqualTo(1);

    world.delete("b");
    world.edit("a", policy(64));
    leader.passes(3);
    assertThat(leader.phase("a", "Deployment/api")).isEqualTo(AppConfigPhase.APPLIED);
    assertThat(world.writes("api")).isEqualTo(1);
    assertThat(world.memory("api").orElseThrow().policy().name()).isEqualTo("a");
  }

  @Test
  void nothingIsWrittenWhereTheOtherPolicyOnlyObservesItsPods() {
    world.deployment("api", 3);
    world.policy("a", OTHER_PODS + policy(64));
    world.policy("b", FIRST_POD + policy(64).replace("Enforce", "Observe"));
    leader.passes(5);
    assertThat(leader.status("a", "Deployment/api").reason()).isEqualTo("ObserveMode");
    assertThat(world.writes).isEmpty();
  }

  /** A leader that stood still in the middle of a pass, while the next one began its work. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLeaderThatIsLostInTheMiddleOfAPassWritesNothingTwiceAndNothingBesideTheNext(
      boolean ofOnePolicy) {
    world.deployment("api", 3);
    world.deployment("web", 3);
    if (ofOnePolicy) {
      world.policy("all", policy(64));
    } else {
      world.policy("a", "selector: {matchLabels: {name: api}}\n" + policy(64));
      world.policy("b", "selector: {matchLabels: {name: web}}\n" + policy(64));
    }
    var next = new Leader(world);
    world.meanwhile = next::pass;
    leader.passes(1);
    assertThat(world.writes).containsExactly(Map.entry("api", 1));

    leader.passes(5); // Nor does it later, if nothing ends it.
    assertThat(world.writes).containsExactly(Map.entry("api", 1));
    world.rollOut("api");
    leader = next;
    leader.passes(8);
    assertThat(world.writes).containsExactly(Map.entry("api", 1), Map.entry("web", 1));
  }

  @Test
  void whatTheNextLeaderTookBackIsNotWrittenAgainByTheOneThatWasLost() {
    world.behaviour = SmallCluster.Behaviour.IGNORES;
    world.deployment("api", 3);
    world.policy("all", policy(64));
    leader.passes(1);
    world.rollOut("api");
    var next = new Leader(world);
    world.meanwhile =
        () -> {
          for (int i = 0; i < 6; i++) {
            next.pass();
            world.clock.pass(AppConfigReconciler.PACE);
          }
          world.rollOut("api");
          next.pass();
        };
    leader.passes(20);
    assertThat(leader.status("all", "Deployment/api").reason()).isEqualTo("NotNative");
    assertThat(world.writes("api")).isEqualTo(1);
    assertThat(world.env("api", "PYTHONPATH")).isNull();
  }
}
