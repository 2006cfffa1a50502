package io.listenbacklog.policy.assess;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.policy.assess.StallAssessment.Moving;
import io.listenbacklog.policy.assess.StallAssessment.NobodyWaits;
import io.listenbacklog.policy.assess.StallAssessment.Stalled;
import io.listenbacklog.policy.assess.StallAssessment.Unproven;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StallAssessmentTest {
  private static final Duration AFTER = Duration.ofSeconds(5);

  @Test
  void anEmptyQueueIsNoStall() {
    assertThat(StallAssessment.judge(null, look(0, 0), AFTER)).isEqualTo(new NobodyWaits());
  }

  @Test
  void theFirstLookProvesNothingHoweverOldTheOldestIs() {
    assertThat(StallAssessment.judge(null, look(0, 600, waits(1, 60_000)), AFTER))
        .isInstanceOf(Moving.class);
  }

  @Test
  void theSameFirstForLongEnoughIsAStall() {
    var vigil = begun(look(0, 1, waits(1, 300)));

    var early =
        StallAssessment.judge(vigil, look(4_999, 6, waits(1, 5_299), waits(2, 4_000)), AFTER);
    assertThat(early).isInstanceOf(Unproven.class);

    assertThat(
            StallAssessment.judge(vigil, look(5_000, 6, waits(1, 5_300), waits(2, 4_001)), AFTER))
        .isInstanceOfSatisfying(
            Stalled.class, stalled -> assertThat(stalled.oldest()).isEqualTo(waits(1, 5_300)));
  }

  @Test
  void aLongQueueThatMovesIsNoStallThoughItsOldestIsOld() {
    var vigil = begun(look(0, 600, waits(1, 6_000), waits(2, 5_950)));

    assertThat(StallAssessment.judge(vigil, look(5_000, 600, waits(501, 6_000)), AFTER))
        .isInstanceOf(Moving.class);
  }

  @Test
  void aServerThatTakesTheFirstOfABurstAcceptsThoughItsFellowsWait() {
    // All came in the same tick: that 7 still waits does not prove that it is the first.
    var vigil = begun(look(0, 3, waits(7, 100), waits(8, 100), waits(9, 96)));

    var later = look(6_000, 3, waits(7, 6_100), waits(9, 6_096), waits(10, 10));
    assertThat(StallAssessment.judge(vigil, later, AFTER)).isInstanceOf(Moving.class);
  }

  @Test
  void oneThatGoesFromTheMiddleOfTheQueueWasResetAndProvesNothing() {
    var vigil = begun(look(0, 3, waits(1, 1_000), waits(2, 500), waits(3, 100)));

    assertThat(
            StallAssessment.judge(vigil, look(5_000, 3, waits(1, 6_000), waits(3, 5_100)), AFTER))
        .isInstanceOf(Stalled.class);
  }

  @Test
  void aQueueThatShrinksMoves() {
    var vigil = begun(look(0, 3, waits(1, 100)));

    assertThat(vigil.isRefutedBy(2)).isTrue();
    assertThat(vigil.isRefutedBy(3)).isFalse();
    assertThat(vigil.seen(6).isRefutedBy(5)).isTrue();
    assertThat(StallAssessment.judge(vigil.seen(6), look(5_000, 5, waits(1, 5_100)), AFTER))
        .isInstanceOf(Moving.class);
  }

  @Test
  void inAGroupNobodyMayHaveBeenAcceptedAnywhere() {
    var vigil = begun(group(0, 1, waits(1, 3_000), waits(2, 100)));

    assertThat(StallAssessment.judge(vigil, group(5_000, 1, waits(1, 8_000)), AFTER))
        .isInstanceOf(Unproven.class);
    assertThat(
            StallAssessment.judge(vigil, group(5_000, 1, waits(1, 8_000), waits(2, 5_100)), AFTER))
        .isInstanceOf(Stalled.class);
  }

  /** Two of a group hang; who waited at a third when the vigil began was accepted at once. */
  @Test
  void inAGroupWhoWaitedForAMomentElsewhereKeepsNoStallFromBeingProven() {
    var vigil = begun(group(0, 1, waits(1, 3_000), waits(2, 2_900), waits(3, 0)));

    vigil = unproven(vigil, group(2_000, 1, waits(1, 5_000), waits(2, 4_900)));
    vigil = unproven(vigil, group(5_000, 1, waits(1, 8_000), waits(2, 7_900)));
    vigil = unproven(vigil, group(6_999, 1, waits(1, 9_999), waits(2, 9_899), waits(4, 0)));

    assertThat(
            StallAssessment.judge(vigil, group(7_000, 1, waits(1, 10_000), waits(2, 9_900)), AFTER))
        .isInstanceOfSatisfying(
            Stalled.class, stalled -> assertThat(stalled.oldest()).isEqualTo(waits(1, 10_000)));
  }

  /** What was proven once lasts, and is proven anew from then on. */
  @Test
  void aStallInAGroupIsNotOverBecauseAnotherMemberAccepted() {
    var vigil = begun(group(0, 1, waits(1, 3_000), waits(2, 2_900)));

    var lasts =
        (Unproven) StallAssessment.judgeStalled(vigil, group(9_000, 1, waits(1, 12_000)), AFTER);

    assertThat(
            StallAssessment.judgeStalled(lasts.vigil(), group(14_000, 1, waits(1, 17_000)), AFTER))
        .isInstanceOf(Stalled.class);
  }

  private static StallEvidence unproven(StallEvidence vigil, QueueSnapshot look) {
    return ((Unproven) StallAssessment.judge(vigil, look, AFTER)).vigil();
  }

  @Test
  void inAGroupTheOldestProvesAStallOnceItCanBeNobodyElses() {
    var vigil = begun(group(0, 1, waits(1, 3_000), waits(2, 100)));

    assertThat(StallAssessment.judge(vigil, look(5_000, 1, waits(1, 8_000)), AFTER))
        .isInstanceOf(Stalled.class);
    assertThat(StallAssessment.judge(vigil, look(5_000, 1, waits(2, 5_100)), AFTER))
        .isInstanceOf(Moving.class);
  }

  @Test
  void aStallIsOverWhenTheFirstIsAccepted() {
    var vigil = begun(look(0, 2, waits(1, 9_000), waits(2, 100)));

    assertThat(
            StallAssessment.judgeStalled(
                vigil, look(9_000, 2, waits(2, 9_100), waits(3, 5)), AFTER))
        .isInstanceOf(Moving.class);
    assertThat(StallAssessment.judgeStalled(vigil, look(9_000, 1, waits(2, 9_100)), AFTER))
        .isInstanceOf(Moving.class);
    assertThat(StallAssessment.judgeStalled(vigil, look(9_000, 0), AFTER))
        .isEqualTo(new NobodyWaits());
  }

  @Test
  void aStallLastsWhenTheFirstIsResetByItsClient() {
    var vigil = begun(look(0, 2, waits(1, 9_000), waits(2, 100)));
    var look = look(9_000, 3, waits(2, 9_100), waits(3, 5)); // two seen of three: one was reset

    assertThat(StallAssessment.judgeStalled(vigil, look, AFTER))
        .isInstanceOfSatisfying(
            Stalled.class,
            stalled -> {
              assertThat(stalled.oldest().cookie()).isEqualTo(2);
              assertThat(stalled.vigil().marked()).containsExactly(2L);
              assertThat(stalled.vigil().begun()).isEqualTo(vigil.begun());
            });
  }

  @Test
  void oneThatWasResetBeforeExplainsNothingNow() {
    var vigil = begun(look(0, 3, waits(1, 9_000), waits(2, 100)));

    assertThat(
            StallAssessment.judgeStalled(
                vigil, look(9_000, 3, waits(2, 9_100), waits(3, 5)), AFTER))
        .isInstanceOf(Moving.class);
  }

  @Test
  void whoeverHasResetIsNotWaitedFor() {
    var vigil = begun(look(0, 1, waits(1, 9_000)));

    assertThat(StallAssessment.judgeStalled(vigil, look(9_000, 1), AFTER))
        .isEqualTo(new NobodyWaits());
  }

  @Test
  void aQueueInWhichNobodyCanBeSeenIsAStallOnceItWasSeenOftenAndNeverShrank() {
    var vigil = begun(unseen(0, 3));
    for (int glance = 1; glance < StallAssessment.GLANCES; glance++) {
      var judged = StallAssessment.judge(vigil, unseen(500L * glance, 3), AFTER);
      vigil = ((Unproven) judged).vigil();
    }

    assertThat(StallAssessment.judge(vigil, unseen(5_100, 3), AFTER))
        .isInstanceOfSatisfying(
            Stalled.class, stalled -> assertThat(stalled.oldest().ageMillis()).isEqualTo(5_100));
  }

  @Test
  void aQueueInWhichNobodyCanBeSeenProvesNothingAtFewLooks() {
    var vigil = begun(unseen(0, 3));

    assertThat(StallAssessment.judge(vigil, unseen(60_000, 3), AFTER)).isInstanceOf(Unproven.class);
  }

  @Test
  void aQueueInWhichNobodyCanBeSeenAndThatShrankMoves() {
    var vigil = begun(unseen(0, 3)).seen(4);

    assertThat(StallAssessment.judge(vigil, unseen(5_000, 3), AFTER)).isInstanceOf(Moving.class);
  }

  @Test
  void aStallLastsWhenAllClientsResetAndTheQueueStays() {
    var vigil = begun(look(0, 2, waits(1, 9_000), waits(2, 100)));

    assertThat(StallAssessment.judgeStalled(vigil, unseen(9_000, 2), AFTER))
        .isInstanceOfSatisfying(
            Stalled.class, stalled -> assertThat(stalled.oldest().ageMillis()).isEqualTo(9_000));
  }

  @Test
  void moreConnectionsAreSeenThanTheQueueHadWhenTheyCameMeanwhile() {
    assertThat(look(0, 1, waits(1, 10), waits(2, 0)).hidden()).isZero();
  }

  private static StallEvidence begun(QueueSnapshot look) {
    return ((Moving) StallAssessment.judge(null, look, AFTER)).vigil();
  }

  private static QueueSnapshot look(long millis, int queue, WaitingConnection... waiting) {
    return new QueueSnapshot(Duration.ofMillis(millis), queue, true, Arrays.asList(waiting), false);
  }

  private static QueueSnapshot unseen(long millis, int queue) {
    return new QueueSnapshot(Duration.ofMillis(millis), queue, true, List.of(), true);
  }

  private static QueueSnapshot group(long millis, int queue, WaitingConnection... waiting) {
    return new QueueSnapshot(
        Duration.ofMillis(millis), queue, false, Arrays.asList(waiting), false);
  }

  private static WaitingConnection waits(long cookie, long ageMillis) {
    return new WaitingConnection(cookie, ageMillis, 384);
  }
}
