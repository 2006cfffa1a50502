package io.listenbacklog.controller.appconfig;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.AppConfigPhase;
import io.listenbacklog.api.AppConfigStatus;
import io.listenbacklog.policy.event.EventDraft;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
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
  private final Map<String, EventDraft> events = new LinkedHashMap<>();
  private AppConfigReconciler reconciler = reconciler(world);

  private AppConfigReconciler reconciler(Workloads workloads) {
    return new AppConfigReconciler(
        world.cluster,
        workloads,
        new AppConfigSettings(true, List.of(), 1),
        new EventNews(each -> events.put(each.eventName(), each)),
        new SimpleMeterRegistry(),
        world.clock,
        _ -> {});
  }

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
    passes(1);
    assertThat(status("a", "api").phase()).isEqualTo(AppConfigPhase.APPLYING);
    assertThat(status("b", "api").phase()).isEqualTo(AppConfigPhase.REFUSED);
    assertThat(status("b", "api").reason()).isEqualTo("AnotherPolicy");
    assertThat(status("b", "api").message()).startsWith("BacklogPolicy a governs");
    world.rollOut("api");
    passes(100);
    assertThat(status("a", "api").phase()).isEqualTo(AppConfigPhase.APPLIED);
    assertThat(world.writes("api")).isEqualTo(1);
    assertThat(world.memory("api").orElseThrow().policy().name()).isEqualTo("a");
  }

  @Test
  void theMostThatIsAskedMayBeTheOthers() {
    world.deployment("api", 3);
    world.policy("a", FIRST_POD + policy(16));
    world.policy("b", OTHER_PODS + policy(64));
    passes(1);
    assertThat(world.configMaps.values().toString()).contains("64").doesNotContain("= 16");
  }

  @Test
  void thePolicyWhoseChangeIsThereKeepsTheWorkloadFromOneThatComesLaterAndGoesBefore() {
    world.deployment("api", 3);
    world.policy("b", FIRST_POD + policy(64));
    world.policy("c", OTHER_PODS + policy(64));
    passes(1);
    world.rollOut("api");
    passes(8);
    assertThat(status("b", "api").phase()).isEqualTo(AppConfigPhase.APPLIED);

    world.delete("c");
    world.policy("a", OTHER_PODS + "priority: 9\n" + policy(64));
    passes(50);
    assertThat(status("a", "api").reason()).isEqualTo("AnotherPolicy");
    assertThat(world.writes("api")).isEqualTo(1);

    world.delete("b");
    world.edit("a", policy(64));
    passes(3);
    assertThat(status("a", "api").phase()).isEqualTo(AppConfigPhase.APPLIED);
    assertThat(world.writes("api")).isEqualTo(1);
    assertThat(world.memory("api").orElseThrow().policy().name()).isEqualTo("a");
  }

  @Test
  void nothingIsWrittenWhereTheOtherPolicyOnlyObservesItsPods() {
    world.deployment("api", 3);
    world.policy("a", OTHER_PODS + policy(64));
    world.policy("b", FIRST_POD + policy(64).replace("Enforce", "Observe"));
    passes(5);
    assertThat(status("a", "api").reason()).isEqualTo("ObserveMode");
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
    var next = reconciler(world);
    world.meanwhile = next::pass;
    passes(1);
    assertThat(world.writes).containsExactly(Map.entry("api", 1));

    passes(5); // Nor does it later, if nothing ends it.
    assertThat(world.writes).containsExactly(Map.entry("api", 1));
    world.rollOut("api");
    reconciler = next;
    passes(8);
    assertThat(world.writes).containsExactly(Map.entry("api", 1), Map.entry("web", 1));
  }

  @Test
  void whatTheNextLeaderTookBackIsNotWrittenAgainByTheOneThatWasLost() {
    world.behaviour = SmallCluster.Behaviour.IGNORES;
    world.deployment("api", 3);
    world.policy("all", policy(64));
    passes(1);
    world.rollOut("api");
    var next = reconciler(world);
    world.meanwhile =
        () -> {
          for (int i = 0; i < 6; i++) {
            next.pass();
            world.now = world.now.plus(AppConfigReconciler.PACE);
          }
          world.rollOut("api");
          next.pass();
        };
    passes(20);
    assertThat(status("all", "api").reason()).isEqualTo("NotNative");
    assertThat(world.writes("api")).isEqualTo(1);
    assertThat(world.env("api", "PYTHONPATH")).isNull();
  }

  private void passes(int count) {
    for (int i = 0; i < count; i++) {
      reconciler.pass();
      world.now = world.now.plus(AppConfigReconciler.PACE);
    }
  }

  private AppConfigStatus status(String policy, String deployment) {
    return requireNonNull(reconciler.view("uid-" + policy)).entries().stream()
        .filter(each -> each.workload().equals("Deployment/" + deployment))
        .findFirst()
        .orElseThrow();
  }
}
