package io.listenbacklog.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClampExplanationTest {
  private static final BacklogPolicy GREEDY = Given.policy(1, "minimum: 8192");
  private static final BacklogPolicy MODEST = Given.policy(1, "minimum: 64");
  private static final InstalledLimits NOT_KNOWN = new InstalledLimits.NotKnown("no rights");

  @Test
  void whatIsCutIsSaidInTheWordsOfTheEvent() {
    var asked = asked("", GREEDY);

    assertThat(ClampExplanation.of(held(asked, Limits.DEFAULT), asked, known(Limits.DEFAULT)))
        .containsExactly(
            "Policy web asks for more than this installation allows (limits.maxBacklog): minimum"
                + " 8192 (4096 holds). All else holds as asked.");
  }

  @Test
  void whatIsCutOfThePolicyAndOfTheAnnotationsIsASentenceEach() {
    var asked = asked("listenbacklog.io/maximum: '65535', listenbacklog.io/mode: Enforce", GREEDY);
    var limits = new Limits(1024, Limits.Annotations.OBSERVE);

    assertThat(ClampExplanation.of(held(asked, limits), asked, known(limits)))
        .containsExactly(
            "Policy web asks for more than this installation allows (limits.maxBacklog): minimum"
                + " 8192 (1024 holds). All else holds as asked.",
            "Annotations of the pod ask for more than this installation allows (limits.maxBacklog"
                + " and limits.annotations: Observe): maximum 65535 (1024 holds), mode Enforce"
                + " (Observe holds). All else holds as asked.");
  }

  @Test
  void whereNothingIsCutItIsSaidSo() {
    var asked = asked("listenbacklog.io/maximum: '4096'", MODEST);

    assertThat(ClampExplanation.of(held(asked, Limits.DEFAULT), asked, known(Limits.DEFAULT)))
        .containsExactly("cut nothing of what is asked for");
  }

  @Test
  void thatNothingIsCutShowsWithoutKnowingTheLimits() {
    var asked = asked("listenbacklog.io/maximum: '4096'", MODEST);

    assertThat(ClampExplanation.of(held(asked, Limits.DEFAULT), asked, NOT_KNOWN))
        .containsExactly("cut nothing of what is asked for");
  }

  @Test
  void whatIsCutIsNotGuessedWhereTheLimitsAreNotKnown() {
    var asked = asked("", GREEDY);

    assertThat(ClampExplanation.of(held(asked, Limits.DEFAULT), asked, NOT_KNOWN))
        .containsExactly(
            "not known what they cut: what holds is not what is asked for, and the limits cannot be"
                + " read: no rights");
  }

  /** As while no controller runs: the limits are not what makes it less. */
  @Test
  void anAnnotationThatTheControllerHasNotTakenUpIsNotTakenForOneThatWasCut() {
    var before = asked("listenbacklog.io/minimum: '128'", MODEST);
    var now = asked("listenbacklog.io/minimum: '2048'", MODEST);

    assertThat(ClampExplanation.of(held(before, Limits.DEFAULT), now, known(Limits.DEFAULT)))
        .singleElement()
        .asString()
        .startsWith("not known what they cut: the policy, the pod's annotations or the limits");
  }

  @Test
  void aPolicyOfAnotherGenerationIsNotTheOneThatTheRequirementIsFrom() {
    var before = asked("", Given.policy(1, "minimum: 4096"));
    var now = asked("", Given.policy(2, "minimum: 8192"));

    assertThat(ClampExplanation.of(held(before, Limits.DEFAULT), now, known(Limits.DEFAULT)))
        .singleElement()
        .asString()
        .startsWith("not known");
  }

  @Test
  void aPodThatCameAfterwardsUnderTheSameNameIsNotTheOneThatTheRequirementIsFor() {
    var asked = asked("", GREEDY);
    var held = held(asked, Limits.DEFAULT);
    var other =
        new PodRequirement(
            held.node(),
            held.requirement(),
            new NodePod("uid-before", "shop", "web-1", false, null));

    assertThat(ClampExplanation.of(other, asked, known(Limits.DEFAULT)))
        .singleElement()
        .asString()
        .startsWith("not known");
  }

  @Test
  void thatAnnotationsDoNotCountIsSaidWhereNothingElseAsks() {
    var asked =
        new PodInputs(
            PodFacts.of(Given.pod("listenbacklog.io/minimum: '64'")), List.of(), List.of());

    assertThat(ClampExplanation.ofAll(asked, known(new Limits(4096, Limits.Annotations.IGNORE))))
        .containsExactly(
            "The annotations of the pod under listenbacklog.io/ do not count: this installation has"
                + " limits.annotations: Ignore.");
    assertThat(ClampExplanation.ofAll(asked, known(Limits.DEFAULT)))
        .as("it will hold soon")
        .isEmpty();
    assertThat(ClampExplanation.ofAll(asked, NOT_KNOWN)).isEmpty();
  }

  private static PodInputs asked(String annotations, BacklogPolicy policy) {
    return new PodInputs(
        PodFacts.of(Given.pod(annotations)), List.of(PolicyFacts.of(policy)), List.of());
  }

  /** As the controller writes it. */
  private static PodRequirement held(PodInputs asked, Limits limits) {
    var pod = new NodePod("uid-web-1", "shop", "web-1", false, null);
    var requirement = requireNonNull(asked.within(limits).requirement());
    return new PodRequirement(new NodeBacklog(), requirement.withPods(List.of(pod)), pod);
  }

  private static InstalledLimits known(Limits limits) {
    return new InstalledLimits.Known(limits);
  }
}
