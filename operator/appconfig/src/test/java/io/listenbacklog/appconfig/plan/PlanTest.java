package io.listenbacklog.appconfig.plan;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.AppConfigPhase;
import io.listenbacklog.appconfig.plan.Memory.Stage;
import io.listenbacklog.appconfig.plan.Proposal.Impossible;
import io.listenbacklog.appconfig.plan.Proposal.Possible;
import io.listenbacklog.appconfig.plan.Situation.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
  private static final Situation.Native NATIVE = new Situation.Native();

  static Stream<Arguments> whatForbidsTheFirstChange() {
    return Stream.of(
        row(
            "mode Observe",
            s -> s.shownOnly = Reason.OBSERVE_MODE,
            AppConfigPhase.PROPOSED,
            Reason.OBSERVE_MODE),
        row(
            "no such remedy",
            s -> s.shownOnly = Reason.NOT_A_REMEDY,
            AppConfigPhase.PROPOSED,
            Reason.NOT_A_REMEDY),
        row(
            "GitOps",
            s -> s.writers = List.of("Argo CD"),
            AppConfigPhase.PROPOSED,
            Reason.OWNED_BY_OTHERS),
        row("no backlog asked", s -> s.proposal = null, AppConfigPhase.REFUSED, Reason.NO_BACKLOG),
        row(
            "impossible",
            s -> s.proposal = Scene.proposed(new Impossible("", "x", "No.")),
            AppConfigPhase.REFUSED,
            Reason.IMPOSSIBLE),
        row(
            "written already, in vain",
            s -> s.proposal = Scene.proposal(),
            AppConfigPhase.REFUSED,
            Reason.NO_EFFECT),
        row(
            "native already",
            s -> s.listeners = NATIVE,
            AppConfigPhase.APPLIED,
            Reason.NATIVE_ALREADY),
        row(
            "Recreate",
            s -> s.strategy = new Workload.Unsuited("All at once."),
            AppConfigPhase.REFUSED,
            Reason.STRATEGY),
        row(
            "two pods away",
            s -> s.strategy = new Workload.Rolling(2),
            AppConfigPhase.REFUSED,
            Reason.STRATEGY),
        row("policy paused", s -> s.policyPaused = true, AppConfigPhase.WAITING, Reason.PAUSED),
        row(
            "workload paused",
            s -> s.paused = "spec.paused",
            AppConfigPhase.WAITING,
            Reason.WORKLOAD_PAUSED),
        row(
            "a step of its rollout",
            s -> s.unfinished = "Argo Rollouts says Progressing",
            AppConfigPhase.WAITING,
            Reason.ROLLOUT_UNDER_WAY),
        row(
            "a template of something else",
            s -> s.strategy = new Workload.TemplateElsewhere("Deployment base"),
            AppConfigPhase.REFUSED,
            Reason.TEMPLATE_ELSEWHERE),
        row(
            "a template of something that is not read",
            s -> {
              s.proposal = Scene.proposed(new Impossible("", "x", "No."));
              s.strategy = new Workload.TemplateElsewhere("PodTemplate base");
            },
            AppConfigPhase.REFUSED,
            Reason.TEMPLATE_ELSEWHERE),
        row(
            "another rolled back",
            s -> s.turn = new Turn("", 0, 1, "Deployment/web"),
            AppConfigPhase.WAITING,
            Reason.HALTED_AFTER_ROLLBACK),
        row(
            "young policy",
            s -> s.observeFor = Duration.ofHours(2),
            AppConfigPhase.WAITING,
            Reason.OBSERVING),
        row(
            "one replica",
            s -> s.replicas = s.updated = s.available = 1,
            AppConfigPhase.WAITING,
            Reason.BELOW_MIN_REPLICAS),
        row(
            "scaled to none",
            s -> s.replicas = s.updated = s.available = 0,
            AppConfigPhase.WAITING,
            Reason.BELOW_MIN_REPLICAS),
        row("a rollout", s -> s.updated = 1, AppConfigPhase.WAITING, Reason.ROLLOUT_UNDER_WAY),
        row(
            "an HPA scales up",
            s -> s.available = 2,
            AppConfigPhase.WAITING,
            Reason.ROLLOUT_UNDER_WAY),
        row("not seen", s -> s.seen = false, AppConfigPhase.WAITING, Reason.ROLLOUT_UNDER_WAY),
        row(
            "not ready",
            s -> s.pods.set(1, new Situation.Pod("api-2", Scene.START, false, 0, "", null)),
            AppConfigPhase.WAITING,
            Reason.UNHEALTHY),
        row(
            "crashing",
            s -> s.pods.set(1, Scene.crashing("api-2", Scene.START, 3)),
            AppConfigPhase.WAITING,
            Reason.UNHEALTHY),
        row(
            "restarted",
            s ->
                s.pods.set(
                    1,
                    new Situation.Pod("api-2", Scene.START, true, 1, "", s.now.minusSeconds(60))),
            AppConfigPhase.WAITING,
            Reason.UNHEALTHY),
        row(
            "a budget",
            s -> s.blocked = List.of("api"),
            AppConfigPhase.WAITING,
            Reason.DISRUPTION_BUDGET),
        row(
            "no probe",
            s -> s.listeners = new Situation.Unseen("no probe"),
            AppConfigPhase.WAITING,
            Reason.NOT_OBSERVED),
        row(
            "another of the policy",
            s -> s.turn = new Turn("Deployment/web", 1, 5, ""),
            AppConfigPhase.WAITING,
            Reason.ANOTHERS_TURN),
        row(
            "another of the cluster",
            s -> s.turn = new Turn("", 1, 1, ""),
            AppConfigPhase.WAITING,
            Reason.CONCURRENCY_LIMIT));
  }

  private static Arguments row(
      String what, Consumer<Scene> but, AppConfigPhase phase, Reason reason) {
    return Arguments.of(Named.of(what, but), phase, reason);
  }

  @ParameterizedTest
  @MethodSource("whatForbidsTheFirstChange")
  void nothingIsWrittenAndTheReasonIsSaid(
      Consumer<Scene> but, AppConfigPhase phase, Reason reason) {
    var scene = new Scene();
    but.accept(scene);
    assertThat(scene.decide())
        .isInstanceOfSatisfying(
            Decision.Leave.class,
            leave -> {
              assertThat(leave.said().phase()).isEqualTo(phase);
              assertThat(leave.said().reason()).isEqualTo(reason);
              assertThat(leave.said().said()).isNotBlank().doesNotContain("%");
            });
  }

  @Test
  void whatNothingForbidsIsWrittenThenVerifiedThenApplied() {
    var scene = new Scene();
    assertThat(phase(scene)).isEqualTo(AppConfigPhase.APPLYING);
    assertThat(phase(scene)).isEqualTo(AppConfigPhase.VERIFYING);
    scene.listeners = NATIVE;
    assertThat(phase(scene)).isEqualTo(AppConfigPhase.VERIFYING);
    scene.later(Plan.SETTLED);
    assertThat(phase(scene)).isEqualTo(AppConfigPhase.APPLIED);
    assertThat(scene.decide()).isInstanceOf(Decision.Leave.class);
    assertThat(scene.options).isEqualTo("--backlog=64");
  }

  @Test
  void aBudgetIsNothingToAStrategyThatTakesNoPodAway() {
    var scene = new Scene();
    scene.strategy = new Workload.Rolling(0);
    scene.blocked = List.of("api");
    assertThat(scene.decide()).isInstanceOf(Decision.Apply.class);
  }

  @Test
  void nothingIsWrittenTwiceAsLongAsThePodsAreReplaced() {
    var scene = new Scene();
    scene.step();
    scene.updated = 1;
    for (int i = 0; i < 20; i++) {
      assertThat(scene.decide()).isInstanceOf(Decision.Leave.class);
      scene.later(Duration.ofSeconds(10));
    }
  }

  /** A canary that waits for somebody to promote it, or an analysis. */
  @Test
  void whileItsRolloutAwaitsSomebodyNoDeadlineRuns() {
    var scene = new Scene();
    scene.step();
    scene.updated = 1;
    scene.unfinished = "Argo Rollouts says Paused: CanaryPauseStep";
    scene.awaited = true;
    scene.later(Duration.ofDays(2));
    var said = requireNonNull(scene.step());
    assertThat(said.phase()).isEqualTo(AppConfigPhase.APPLYING);
    assertThat(said.said()).contains("1 of 3 pods are new, 3 available; Argo Rollouts says Paused");

    // Promoted: the deadline begins anew.
    scene.awaited = false;
    scene.progressed = scene.now;
    scene.later(Duration.ofMinutes(9));
    assertThat(scene.decide()).isInstanceOf(Decision.Leave.class);
    scene.later(Duration.ofMinutes(1));
    assertThat(scene.decide()).isInstanceOf(Decision.Undo.class);
  }

  /** As Argo Rollouts does with one that is aborted: the counts are those of the stable pods. */
  @Test
  void whatItsControllerGaveUpIsTakenBackWhateverTheCountsSay() {
    var scene = new Scene().verifying();
    scene.unfinished = "Argo Rollouts aborted it: metric";
    scene.failed = true;
    var said = requireNonNull(scene.step());
    assertThat(said.reason()).isEqualTo(Reason.NOT_AVAILABLE);
    assertThat(said.said()).contains("Argo Rollouts aborted it: metric");
  }

  /** Of the generation before: somebody's own change failed, and ours is newer. */
  @Test
  void thatItHadFailedBeforeItWasSeenIsNoHarm() {
    var scene = new Scene();
    scene.step();
    scene.seen = false;
    scene.failed = true;
    assertThat(scene.decide()).isInstanceOf(Decision.Leave.class);
  }

  static Stream<Arguments> whatIsTakenBack() {
    return Stream.of(
        harm("a crash", s -> s.pods.set(0, Scene.crashing("api-9", s.now, 1)), Reason.CRASHED),
        harm("a restart", s -> s.pods.set(0, Scene.pod("api-9", s.now, 1)), Reason.RESTARTED),
        harm(
            "the deadline, says its controller",
            s -> {
              s.available = 2;
              s.failed = true;
            },
            Reason.NOT_AVAILABLE),
        harm(
            "the deadline",
            s -> {
              s.available = 2;
              s.later(Duration.ofMinutes(10));
            },
            Reason.NOT_AVAILABLE),
        harm("a server that ignores it", s -> s.later(Plan.SETTLED), Reason.NOT_NATIVE),
        harm(
            "a probe that is gone",
            s -> {
              s.listeners = new Situation.Unseen("gone");
              s.later(Duration.ofMinutes(10));
            },
            Reason.NOT_VERIFIED));
  }

  private static Arguments harm(String what, Consumer<Scene> but, Reason reason) {
    return Arguments.of(Named.of(what, but), reason);
  }

  @ParameterizedTest
  @MethodSource("whatIsTakenBack")
  void harmIsTakenBackSaidOnceAndRemembered(Consumer<Scene> but, Reason reason) {
    var scene = new Scene().verifying();
    but.accept(scene);
    assertThat(scene.decide()).isInstanceOf(Decision.Undo.class);
    var said = requireNonNull(scene.step());
    assertThat(said.phase()).isEqualTo(AppConfigPhase.ROLLED_BACK);
    assertThat(said.reason()).isEqualTo(reason);
    assertThat(scene.options).isNull();
    scene.available = scene.updated = 3;
    scene.failed = false;
    assertThat(requireNonNull(scene.step())).isEqualTo(said);
    scene.listeners = new Situation.Undersized("still");
    scene.later(Duration.ofDays(1));
    assertThat(requireNonNull(scene.step())).isEqualTo(said);
    assertThat(scene.decide()).isInstanceOf(Decision.Leave.class);
  }

  @Test
  void aWorkloadThatAlwaysRestartsOnceIsNoHarm() {
    var scene = new Scene();
    scene.pods.set(0, Scene.pod("api-1", Scene.START, 1));
    scene.step();
    scene.pods.set(0, Scene.pod("api-9", scene.now, 1));
    assertThat(requireNonNull(scene.step()).phase()).isEqualTo(AppConfigPhase.VERIFYING);
  }

  @Test
  void anOldPodThatCrashesWhileItIsReplacedIsNoHarm() {
    var scene = new Scene();
    scene.step();
    scene.updated = 1;
    scene.pods.set(2, Scene.crashing("api-3", Scene.START, 7));
    assertThat(scene.decide()).isInstanceOf(Decision.Leave.class);
  }

  @Test
  void whatRestartsAfterItWasAppliedIsTakenBackWhileItIsWatched() {
    var scene = new Scene().applied();
    scene.later(Duration.ofMinutes(1));
    scene.pods.set(0, Scene.pod("api-9", scene.now, 1));
    assertThat(scene.decide()).isInstanceOf(Decision.Undo.class);
    scene.later(Duration.ofMinutes(5));
    assertThat(scene.decide()).isInstanceOf(Decision.Leave.class);
  }

  static Stream<Arguments> whatMakesAnotherTry() {
    return Stream.of(
        Arguments.of(Named.of("policy edited", (Consumer<Scene>) s -> s.generation++), true),
        Arguments.of(Named.of("another policy", (Consumer<Scene>) s -> s.uid = "other"), true),
        Arguments.of(
            Named.of("template edited", (Consumer<Scene>) s -> s.templateHash = "t2"), true),
        Arguments.of(
            Named.of("scaled", (Consumer<Scene>) s -> s.replicas = s.updated = s.available = 5),
            false));
  }

  @ParameterizedTest
  @MethodSource("whatMakesAnotherTry")
  void whatWasRolledBackIsTriedAgainForAnotherPolicyOrTemplateOnly(
      Consumer<Scene> but, boolean again) {
    var scene = rolledBack();
    but.accept(scene);
    assertThat(scene.decide()).isInstanceOf(again ? Decision.Apply.class : Decision.Leave.class);
  }

  @Test
  void whatIsSetBackIsLeftAtOnceWhereThePolicyReports() {
    var scene = new Scene().applied();
    scene.options = null;
    assertThat(phase(scene)).isEqualTo(AppConfigPhase.CONTESTED);
    scene.later(Duration.ofDays(1));
    scene.templateHash = "t2";
    assertThat(scene.decide()).isInstanceOf(Decision.Leave.class);
  }

  @Test
  void aFightEndsAfterTwoMoreWritesWhereThePolicyForces() {
    var scene = new Scene();
    scene.force = true;
    scene.writers = List.of("Helm");
    int writes = 0;
    for (int i = 0; i < 200; i++) {
      if (scene.decide() instanceof Decision.Apply) writes++;
      scene.step();
      scene.options = null; // by a loop that never ends
      scene.later(Duration.ofSeconds(10));
    }
    assertThat(writes).isEqualTo(1 + Plan.MOST_SET_BACKS);
    assertThat(phase(scene)).isEqualTo(AppConfigPhase.CONTESTED);
    scene.generation++;
    assertThat(scene.decide()).isInstanceOf(Decision.Apply.class);
  }

  @Test
  void aChangedFileOfTheUserIsNoContestButWrittenAnew() {
    var scene = new Scene().applied();
    var renewed = new Change.Env("api", "OPTIONS", null, "--backlog=128");
    scene.proposal = Scene.proposal(renewed);
    assertThat(scene.decide())
        .isInstanceOfSatisfying(
            Decision.Apply.class,
            apply -> {
              assertThat(apply.undo()).containsExactly(Scene.CHANGE);
              assertThat(apply.proposal().changes()).containsExactly(renewed);
            });
  }

  /** Otherwise the pods would have a copy of what the user's file was, for ever. */
  @Test
  void whatHasNoSuccessorIsTakenBack() {
    for (var scene : List.of(new Scene().applied(), new Scene().verifying())) {
      scene.proposal =
          Scene.proposed(new Impossible("", "configMap web: nginx.conf", "Line 3: unclear."));

      assertThat(scene.decide())
          .isInstanceOfSatisfying(
              Decision.Undo.class,
              undo -> {
                assertThat(undo.said().phase()).isEqualTo(AppConfigPhase.REFUSED);
                assertThat(undo.said().said()).contains("unclear");
              });
      scene.step();
      assertThat(scene.options).isNull();
      scene.step();
      assertThat(scene.memory).isNull();
      assertThat(phase(scene)).isEqualTo(AppConfigPhase.REFUSED);
    }
  }

  /** As events.md advises: it is in the user's own file, or the policy asks for less than that. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatTheUserSaysByNowIsTakenBackAndNotContested(boolean force) {
    var scene = new Scene().applied();
    scene.force = force;
    scene.proposal = Scene.saidByUser();

    assertThat(scene.decide())
        .isInstanceOfSatisfying(
            Decision.Undo.class,
            undo -> {
              assertThat(undo.said().reason()).isEqualTo(Reason.TAKING_BACK);
              assertThat(undo.memory().stage()).isEqualTo(Stage.RESTORING);
            });
    scene.step();
    assertThat(scene.step()).isNull();
    assertThat(requireNonNull(scene.step()).reason()).isEqualTo(Reason.NATIVE_ALREADY);
    scene.listeners = new Situation.Undersized("5 of 64");
    assertThat(requireNonNull(scene.step()).reason()).isEqualTo(Reason.NO_EFFECT);
  }

  /** As with kubectl set env: the place of ours has the user's number, which is as much. */
  @Test
  void aSufficientNumberOfTheUserInThePlaceOfOursIsLeftToHim() {
    var scene = new Scene().applied();
    scene.options = "--backlog=5000";
    scene.templateHash = "t2";
    scene.proposal = Scene.saidByUser();

    assertThat(requireNonNull(scene.step()).reason()).isEqualTo(Reason.TAKING_BACK);
    scene.step();
    assertThat(requireNonNull(scene.step()).reason()).isEqualTo(Reason.NATIVE_ALREADY);
  }

  @Test
  void aContestEndsWhereTheUserSaysAsMuchHimself() {
    var scene = new Scene().applied();
    scene.options = null;
    assertThat(phase(scene)).isEqualTo(AppConfigPhase.CONTESTED);

    scene.proposal = Scene.saidByUser();
    scene.step();
    assertThat(requireNonNull(scene.step()).reason()).isEqualTo(Reason.NATIVE_ALREADY);
  }

  /** uvicorn has 2048 by itself: 4096 was written by mistake, and the policy asks for 32 by now. */
  @Test
  void lessThanWasWrittenIsJudgedByWhatTheApplicationHasByItself() {
    var less = Scene.proposal(32, new Change.Env("api", "OPTIONS", null, "--backlog=32"));
    var scene = new Scene().applied();
    scene.generation++;
    scene.proposal = less;

    assertThat(requireNonNull(scene.step()).reason()).isEqualTo(Reason.TAKING_BACK);
    assertThat(scene.options).isNull();
    scene.step();
    assertThat(requireNonNull(scene.step()).reason()).isEqualTo(Reason.NATIVE_ALREADY);

    // Another one has less than that by itself.
    scene.listeners = new Situation.Undersized("5 of 32");
    scene.step();
    assertThat(scene.options).isEqualTo("--backlog=32");
  }

  @Test
  void moreThanWasWrittenIsWrittenAtOnce() {
    var scene = new Scene().applied();
    scene.proposal = Scene.proposal(128, new Change.Env("api", "OPTIONS", null, "--backlog=128"));
    assertThat(scene.decide()).isInstanceOf(Decision.Apply.class);
  }

  @Test
  void whatWasRolledBackIsNotWrittenWhereTheApplicationHasByItselfWhatIsAskedByNow() {
    var scene = rolledBack();
    scene.generation++;
    scene.proposal = Scene.proposal(32, new Change.Env("api", "OPTIONS", null, "--backlog=32"));
    scene.listeners = NATIVE;
    assertThat(requireNonNull(scene.step()).reason()).isEqualTo(Reason.NATIVE_ALREADY);

    // While its pods are replaced, which ones listen is not known.
    scene.updated = 1;
    assertThat(requireNonNull(scene.step()).reason()).isEqualTo(Reason.ROLLOUT_UNDER_WAY);
  }

  private static Scene rolledBack() {
    var scene = new Scene().verifying();
    scene.later(Plan.SETTLED);
    scene.step();
    scene.step();
    return scene;
  }

  /**
   * As with kubectl delete and create: else the pods would be rolled onto a file that is not there.
   */
  @Test
  void aConfigMapThatIsNotThereAtOnePassLeavesItsCopyWithThePods() {
    for (var scene :
        List.of(new Scene().withConfigMap().applied(), new Scene().withConfigMap().verifying())) {
      var edit = new Impossible("", "configMap web: nginx.conf", "There is no ConfigMap web.");
      scene.proposal = new Proposal(List.of(edit), 64, Set.of("web"));

      var said = requireNonNull(scene.step());
      assertThat(said.reason()).isEqualTo(Reason.CONFIG_MAP_ABSENT);
      assertThat(said.said()).contains("ConfigMap web");
      assertThat(scene.configMap).isEqualTo("web-backlog-1");

      scene.proposal = Scene.copy("2");
      scene.step();
      assertThat(scene.configMap).isEqualTo("web-backlog-2");
    }
  }

  /**
   * It is nothing to what was written elsewhere, and to a first change the policy's entry tells.
   */
  @Test
  void aConfigMapThatIsNotThereKeepsOnlyItsOwnCopy() {
    var edit = new Impossible("", "configMap web: nginx.conf", "There is no ConfigMap web.");
    var absent = new Proposal(List.of(edit), 64, Set.of("web"));
    var first = new Scene().withConfigMap();
    first.proposal = absent;
    assertThat(requireNonNull(first.step()).reason()).isEqualTo(Reason.IMPOSSIBLE);

    var scene = new Scene().applied();
    scene.proposal = absent;
    assertThat(scene.decide()).isInstanceOf(Decision.Undo.class);
  }

  static Stream<Consumer<Scene>> podsThatDoNotComeUp() {
    return Stream.of(
        s -> s.pods.set(0, Scene.crashing("api-1", s.now, 9)),
        // Their copy is gone with the workload that it was made for.
        s -> s.pods.set(0, new Situation.Pod("api-1", Scene.START, false, 0, "", null)));
  }

  private static Scene unhealthy(Consumer<Scene> but) {
    var scene = new Scene().withConfigMap().applied();
    scene.later(Duration.ofHours(5));
    scene.available = 2;
    scene.blocked = List.of("api");
    but.accept(scene);
    return scene;
  }

  /** What is wrong with them may be in the file, and the user has mended it by now. */
  @ParameterizedTest
  @MethodSource("podsThatDoNotComeUp")
  void theUsersFileReachesPodsThatDoNotComeUp(Consumer<Scene> but) {
    var scene = unhealthy(but);
    // The file is the same, and would help nobody.
    assertThat(scene.decide()).isInstanceOf(Decision.Leave.class);

    scene.proposal = Scene.copy("2");
    var said = requireNonNull(scene.step());
    assertThat(said.reason()).isEqualTo(Reason.UNHEALTHY);
    assertThat(said.said()).contains("Taken back, so that its pods have the ConfigMap");
    assertThat(scene.configMap).isEqualTo("web");

    scene.available = 3;
    scene.blocked = List.of();
    scene.listeners = new Situation.Undersized("5 of 64");
    scene.step();
    scene.step();
    assertThat(scene.configMap).isEqualTo("web-backlog-2");
  }

  @ParameterizedTest
  @MethodSource("podsThatDoNotComeUp")
  void whatNobodyAsksForIsTakenBackFromPodsThatDoNotComeUp(Consumer<Scene> but) {
    var scene = unhealthy(but);
    scene.nobodyAsks = true;

    scene.paused = "spec.paused";
    assertThat(scene.decide()).isInstanceOf(Decision.Leave.class);
    scene.paused = "";
    scene.turn = new Turn("", 1, 1, "");
    assertThat(scene.decide()).isInstanceOf(Decision.Leave.class);
    scene.turn = new Turn("", 0, 1, "");
    assertThat(scene.decide()).isInstanceOf(Decision.Undo.class);
  }

  /** One that begins is not ready at first. */
  @Test
  void podsThatAreStartingAreWaitedFor() {
    var scene = new Scene().withConfigMap().applied();
    scene.later(Duration.ofHours(5));
    scene.pods.set(0, new Situation.Pod("api-1", scene.now, false, 0, "", null));
    scene.proposal = Scene.copy("2");
    var said = requireNonNull(scene.step());
    assertThat(said.reason()).isEqualTo(Reason.UNHEALTHY);
    assertThat(said.said()).contains("keep the copy of before");

    scene.pods.set(0, Scene.pod("api-1", scene.now, 0));
    scene.step();
    assertThat(scene.configMap).isEqualTo("web-backlog-2");
  }

  static Stream<Consumer<Scene>> whatKeepsACopyFromBeingMadeAnewForLong() {
    return Stream.of(
        s -> s.policyPaused = true,
        s -> s.turn = new Turn("", 0, 1, "Deployment/other"),
        s -> s.replicas = s.updated = s.available = 1,
        s -> s.writers = List.of("kubectl apply"),
        s -> s.blocked = List.of("api"));
  }

  @ParameterizedTest
  @MethodSource("whatKeepsACopyFromBeingMadeAnewForLong")
  void theUsersFileReachesThePodsWhereItsCopyIsNotMadeAnew(Consumer<Scene> but) {
    var scene = new Scene().withConfigMap().applied();
    but.accept(scene);
    // Nobody edited it: what works stays.
    assertThat(scene.decide()).isInstanceOf(Decision.Leave.class);

    scene.proposal = Scene.copy("2");
    scene.step();
    assertThat(scene.configMap).isEqualTo("web");
    scene.step();
    assertThat(scene.memory).isNull();
    scene.step();
    assertThat(scene.configMap).isEqualTo("web");
  }

  /** The user's file may be the same, so that nothing of it waits. */
  @ParameterizedTest
  @MethodSource("whatKeepsACopyFromBeingMadeAnewForLong")
  void anEditedPolicyThatWaitsLeavesWhatWorks(Consumer<Scene> but) {
    var scene = new Scene().withConfigMap().applied();
    but.accept(scene);
    scene.generation++;
    scene.proposal = Scene.copy("2");
    assertThat(requireNonNull(scene.step()).said()).contains("keep the copy of before");
    assertThat(scene.configMap).isEqualTo("web-backlog-1");

    // So too where the installation bounds what a policy may ask for.
    scene.generation--;
    scene.proposal = Scene.proposal(32, new Change.Reference("conf", -1, "web", "web-backlog-2"));
    assertThat(scene.decide()).isInstanceOf(Decision.Leave.class);
  }

  /** As with kubectl set env: onConflict says whose number it is to be. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherNumberInThePlaceOfOursIsAContest(boolean force) {
    var scene = new Scene().applied();
    scene.force = force;
    scene.options = "--backlog=16";
    scene.listeners = new Situation.Undersized("listener 0.0.0.0:9876 of pod api-1 has 16 of 64");
    scene.templateHash = "t2";
    scene.proposal =
        Scene.proposed(
            new Possible(
                "api",
                "env OPTIONS",
                "16",
                "64",
                List.of(new Change.Env("api", "OPTIONS", "--backlog=16", "--backlog=64")),
                Map.of(),
                null));

    assertThat(phase(scene)).isEqualTo(force ? AppConfigPhase.WAITING : AppConfigPhase.CONTESTED);
    assertThat(scene.options).isEqualTo("--backlog=16");
    scene.step();
    assertThat(scene.options).isEqualTo(force ? "--backlog=64" : "--backlog=16");
  }

  @Test
  void anotherNumberOfAFlagIsAContestToo() {
    var before = List.of("app:app");
    var ours = List.of("app:app", "--backlog=64");
    var theirs = List.of("app:app", "--backlog=16", "--quiet");
    var scene = new Scene();
    scene.args = before;
    scene.proposal =
        Scene.proposal(new Change.Args("api", "--backlog", List.of(), before, List.of(), ours));
    scene.applied();
    assertThat(scene.args).isEqualTo(ours);

    scene.args = theirs;
    scene.templateHash = "t2";
    var anew =
        new Change.Args(
            "api",
            "--backlog",
            List.of(),
            theirs,
            List.of(),
            List.of("app:app", "--backlog=64", "--quiet"));
    scene.proposal =
        Scene.proposed(
            new Possible("api", "args --backlog", "16", "64", List.of(anew), Map.of(), null));
    assertThat(phase(scene)).isEqualTo(AppConfigPhase.CONTESTED);
    assertThat(scene.args).isEqualTo(theirs);
  }

  /** The number that stood there before, in a value of which the user has edited something else. */
  @Test
  void whatStillStandsInAnEditedValueIsNoContest() {
    var scene = new Scene();
    scene.options = "--backlog=5";
    scene.proposal =
        Scene.proposal(new Change.Env("api", "OPTIONS", "--backlog=5", "--backlog=64"));
    scene.applied();
    scene.options = "--backlog=64 --quiet";
    scene.templateHash = "t2";
    scene.proposal =
        Scene.proposed(
            new Possible(
                "api",
                "env OPTIONS",
                "5",
                "64",
                List.of(
                    new Change.Env(
                        "api", "OPTIONS", "--backlog=5 --quiet", "--backlog=64 --quiet")),
                Map.of(),
                null));
    assertThat(scene.decide()).isInstanceOf(Decision.Apply.class);
  }

  /** The user appended to what we wrote: that is no contest, and ours is still there. */
  @Test
  void whatWasEditedWhileItIsRolledOutIsWrittenAnewAndStillTakenBack() {
    var appended = "--backlog=64 --log-level=debug";
    var scene = new Scene();
    scene.step();
    scene.options = appended;
    scene.templateHash = "t2";
    scene.proposal =
        Scene.proposal(new Change.Env("api", "OPTIONS", "--log-level=debug", appended));
    assertThat(scene.decide()).isInstanceOf(Decision.Apply.class);

    scene.pods.set(0, Scene.crashing("api-1", scene.now, 3));
    assertThat(scene.decide())
        .isInstanceOfSatisfying(
            Decision.Undo.class,
            undo -> assertThat(undo.said().phase()).isEqualTo(AppConfigPhase.ROLLED_BACK));

    scene.nobodyAsks = true;
    assertThat(scene.decide()).isInstanceOf(Decision.Undo.class);
  }

  @Test
  void aPolicyEditedWhileItIsVerifiedIsNotTakenForHarm() {
    var scene = new Scene().verifying();
    scene.proposal = Scene.proposal(new Change.Env("api", "OPTIONS", null, "--backlog=128"));
    scene.later(Plan.SETTLED);
    assertThat(scene.decide()).isInstanceOf(Decision.Apply.class);
  }

  @Test
  void whatWorksIsTakenBackWhenNobodyAsksForItAnyMoreWithTheSameCare() {
    var scene = new Scene().applied();
    scene.nobodyAsks = true;
    scene.updated = 2;
    assertThat(scene.decide()).isInstanceOf(Decision.Leave.class);
    scene.updated = 3;
    scene.turn = new Turn("", 1, 1, "");
    assertThat(scene.decide()).isInstanceOf(Decision.Leave.class);
    scene.turn = new Turn("", 0, 1, "");
    assertThat(scene.decide()).isInstanceOf(Decision.Undo.class);
    scene.step();
    assertThat(scene.options).isNull();
    assertThat(scene.decide()).isInstanceOf(Decision.Forget.class);
    scene.step();
    assertThat(scene.decide()).isInstanceOf(Decision.Ignore.class);
  }

  @Test
  void onDeleteKeepLeavesIt() {
    var scene = new Scene();
    scene.restore = false;
    scene.applied();
    scene.nobodyAsks = true;
    assertThat(scene.decide()).isInstanceOf(Decision.Forget.class);
  }

  @Test
  void whatSomebodyElseHasChangedSinceIsNotTakenBack() {
    var scene = new Scene().applied();
    scene.nobodyAsks = true;
    scene.options = "--backlog=1024";
    assertThat(scene.decide()).isInstanceOf(Decision.Forget.class);
  }

  @Test
  void aSwitchToObserveTakesItBackAndThenProposesIt() {
    var scene = new Scene().applied();
    scene.shownOnly = Reason.OBSERVE_MODE;
    assertThat(scene.decide()).isInstanceOf(Decision.Undo.class);
    scene.step();
    scene.listeners = new Situation.Undersized("5 of 64");
    scene.step();
    assertThat(phase(scene)).isEqualTo(AppConfigPhase.PROPOSED);
  }

  @Test
  void halfOfAChangeIsNotLeftWhereItWasSetBack() {
    var two = new Change.Env("api", "MORE", null, "--backlog=64");
    var scene = new Scene();
    scene.proposal = Scene.proposal(two, Scene.CHANGE);
    scene.options = Scene.CHANGE.to();
    scene.memory =
        new Memory(
            new Memory.PolicyId("BacklogPolicy", "openstack", "api", "policy-uid", 1),
            Stage.APPLIED,
            Scene.START,
            Scene.START,
            null,
            "",
            List.of(two, Scene.CHANGE),
            64,
            "t1",
            0,
            0,
            0,
            true);
    assertThat(scene.decide())
        .isInstanceOfSatisfying(
            Decision.Undo.class,
            undo -> assertThat(undo.memory().stage()).isEqualTo(Stage.CONTESTED));
  }

  @Test
  void theConfigMapsOfAllEntriesAreMade() {
    var facts = new ConfigMapFacts(Map.of("a", "b"), Map.of());
    var proposal =
        Scene.proposed(
            new Possible("", "x", "", "64", List.of(), Map.of("one", facts), null),
            new Possible("", "y", "", "64", List.of(), Map.of("two", facts), null));
    assertThat(proposal.configMaps()).containsOnlyKeys("one", "two");
  }

  private static AppConfigPhase phase(Scene scene) {
    return requireNonNull(scene.step()).phase();
  }

  /** It had not begun to listen when all seemed well. */
  @Test
  void whatTurnsOutToIgnoreItWhileItIsWatchedIsTakenBack() {
    var scene = new Scene();
    scene.observeFor = Duration.ofMinutes(5);
    scene.later(scene.observeFor);
    scene.applied();
    scene.listeners = new Situation.Undersized("listener 0.0.0.0:9876 of pod api-1 asks for 5");
    scene.later(Duration.ofMinutes(1));

    var said = requireNonNull(scene.step());

    assertThat(said.phase()).isEqualTo(AppConfigPhase.ROLLED_BACK);
    assertThat(said.reason()).isEqualTo(Reason.NOT_NATIVE);
  }

  @Test
  void whatWasWatchedLongEnoughIsNotJudgedAgain() {
    var scene = new Scene();
    scene.observeFor = Duration.ofMinutes(5);
    scene.later(scene.observeFor);
    scene.applied();
    scene.listeners = new Situation.Undersized("listener 0.0.0.0:9876 of pod api-1 asks for 5");
    scene.later(scene.observeFor);

    assertThat(requireNonNull(scene.step()).phase()).isEqualTo(AppConfigPhase.APPLIED);
  }

  @Test
  void whatSomaxconnCutIsSaid() {
    var scene = new Scene().verifying();
    scene.listeners = new Situation.Native(2);
    scene.later(Plan.SETTLED);
    var said = requireNonNull(scene.step());
    assertThat(said.phase()).isEqualTo(AppConfigPhase.APPLIED);
    assertThat(said.said())
        .isEqualTo(
            "Its listeners have the backlog by the application's own configuration, 2 of them as"
                + " far as net.core.somaxconn allowed.");
  }
}
