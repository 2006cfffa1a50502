package io.listenbacklog.controller.appconfig;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.listenbacklog.appconfig.plan.Progress;
import io.listenbacklog.appconfig.plan.Workload.Rolling;
import io.listenbacklog.appconfig.plan.Workload.Unsuited;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Rollout's spec and status mean, as Argo Rollouts writes them. */
class LiveRolloutsTest {
  private static final String HEALTHY =
      """
      observedGeneration: "4"
      phase: Healthy
      stableRS: abc
      currentPodHash: abc
      replicas: 5
      updatedReplicas: 5
      availableReplicas: 5
      """;

  private static final String TEMPLATE = "template: {spec: {containers: [{name: api}]}}";

  private static LiveWorkload live(String spec, String status) {
    String yaml =
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {namespace: shop, name: web, uid: u, generation: 4, resourceVersion: "7"}
        spec:
          replicas: 5
          selector: {matchLabels: {app: web}}
        %s
        status:
        %s
        """
            .formatted(
                (spec.contains("template:") ? spec : spec + "\n" + TEMPLATE)
                    .indent(2)
                    .stripTrailing(),
                status.indent(2).stripTrailing());
    return LiveWorkloads.of(
        new WorkloadId(WorkloadKind.ROLLOUT, "shop", "web"),
        Serialization.unmarshal(yaml, GenericKubernetesResource.class));
  }

  private static Progress progress(String status) {
    return live("strategy: {canary: {}}", status).progress();
  }

  @Test
  void oneThatIsHealthyAndFullyPromotedIsOver() {
    Progress progress = progress(HEALTHY);
    assertThat(progress.seen()).isTrue();
    assertThat(progress.unfinished()).isEmpty();
    assertThat(progress.paused()).isEmpty();
    assertThat(progress.failed()).isFalse();
    assertThat(progress.awaited()).isFalse();
    assertThat(progress.pods()).isEqualTo(5);
  }

  /** Blue-green keeps the old pods, 30 seconds unless it says otherwise. */
  @Test
  void thatOldPodsAreKeptBesideTheNewOnesIsNoRolloutUnderWay() {
    Progress progress =
        progress(
            HEALTHY
                .replace("\nreplicas: 5", "\nreplicas: 10")
                .replace("availableReplicas: 5", "availableReplicas: 10"));
    assertThat(progress.pods()).isEqualTo(5);
    assertThat(progress.available()).isEqualTo(5);
    assertThat(progress.unfinished()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"'\"4\"',true", "'\"3\"',false", "'4',false", "'\"6b8d\"',false", "'\"\"',false"})
  void theGenerationThatItsControllerSawIsAString(String observed, boolean seen) {
    assertThat(progress(HEALTHY.replace("\"4\"", observed)).seen()).isEqualTo(seen);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "phase: Progressing | says Progressing | false",
        "phase: Paused | says Paused | false",
        "phase: Degraded | says Degraded | true",
        "phase: \"\" | has not told its phase yet | false",
      })
  void anotherPhaseIsSaid(String phase, String said, boolean failed) {
    Progress progress = progress(HEALTHY.replace("phase: Healthy", phase));
    assertThat(progress.unfinished()).contains(said);
    assertThat(progress.failed()).isEqualTo(failed);
  }

  @Test
  void whatArgoRolloutsSaysOfItIsPassedOn() {
    String degraded =
        HEALTHY.replace(
            "phase: Healthy", "phase: Degraded\nmessage: \"ProgressDeadlineExceeded: too slow\"");
    assertThat(progress(degraded).unfinished())
        .isEqualTo("Argo Rollouts says Degraded: ProgressDeadlineExceeded: too slow");
  }

  @Test
  void oneThatIsAbortedHasFailed() {
    Progress progress = progress(HEALTHY + "abort: true\n");
    assertThat(progress.failed()).isTrue();
    assertThat(progress.unfinished()).contains("aborted");
  }

  @Test
  void oneThatIsNotFullyPromotedIsNotOver() {
    assertThat(progress(HEALTHY.replace("stableRS: abc", "stableRS: old")).unfinished())
        .contains("not promoted it fully");
  }

  @Test
  void aPauseIsNamedAndAwaitedWithoutADeadline() {
    Progress progress =
        progress(
            HEALTHY.replace("Healthy", "Paused")
                + "pauseConditions: [{reason: CanaryPauseStep, startTime: \"2026-11-29T10:00:00Z\"}]\n");
    assertThat(progress.paused()).isEqualTo("CanaryPauseStep");
    assertThat(progress.awaited()).isTrue();

    Progress byHand = live("paused: true\nstrategy: {canary: {}}", HEALTHY).progress();
    assertThat(byHand.paused()).isEqualTo("spec.paused");
    assertThat(byHand.awaited()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0,false", "1,true", "2,false", "7,false"})
  void anAnalysisTakesAsLongAsItTakes(int step, boolean awaited) {
    Progress progress =
        live(
                "strategy: {canary: {steps: [{setWeight: 20}, {analysis: {}}, {setWeight: 50}]}}",
                HEALTHY.replace("Healthy", "Progressing") + "currentStepIndex: " + step + "\n")
            .progress();
    assertThat(progress.awaited()).isEqualTo(awaited);
  }

  @Test
  void itsDeadlineRunsFromTheLastProgress() {
    String conditions =
        """
        conditions:
        - {type: Available, lastUpdateTime: "2026-11-29T12:00:00Z"}
        - {type: Progressing, lastUpdateTime: "2026-11-29T10:00:00Z"}
        """;
    assertThat(progress(HEALTHY + conditions).progressed())
        .isEqualTo(Instant.parse("2026-11-29T10:00:00Z"));
    assertThat(progress(HEALTHY + conditions.replace("2026", "soon")).progressed()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "strategy: {canary: {}} | 1",
        "strategy: {canary: {maxUnavailable: 0}} | 0",
        "strategy: {canary: {maxUnavailable: 0, maxSurge: 0}} | 1",
        "strategy: {canary: {maxUnavailable: 50%}} | 2",
        "strategy: {canary: {maxUnavailable: 3}} | 3",
        "strategy: {canary: {maxUnavailable: 3, trafficRouting: {nginx: {}}}} | 0",
        "strategy: {canary: {maxUnavailable: 3, trafficRouting: {}, dynamicStableScale: true}} | 3",
        "strategy: {blueGreen: {maxUnavailable: 3}} | 0",
      })
  void itsStrategyTellsHowManyPodsAreAway(String spec, int away) {
    assertThat(live(spec, HEALTHY).strategy()).isEqualTo(new Rolling(away));
  }

  /** The volumes have no schema, so anything may stand there. */
  @Test
  void aTemplateThatCannotBeReadIsNoSurprise() {
    LiveWorkload live = live("template: {spec: {containers: [{name: api}], volumes: 5}}", HEALTHY);
    assertThat(live.strategy()).isEqualTo(new Unsuited("Its pod template cannot be read."));
    assertThat(live.facts().containers()).isEmpty();
  }

  @Test
  void withoutAnyStatusItsControllerHasNotSeenIt() {
    assertThat(progress("{}").seen()).isFalse();
  }
}
