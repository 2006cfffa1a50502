package io.listenbacklog.policy.assess;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnixQueueEvidenceTest {
  private static final Duration AFTER = Duration.ofSeconds(5);
  private static final UnixQueueEvidence EVIDENCE =
      UnixQueueEvidence.begin(Duration.ZERO, List.of(11L, 12L, 13L), 3);

  private static boolean proven(UnixQueueEvidence evidence, int seconds) {
    return evidence.isProven(Duration.ofSeconds(seconds), AFTER);
  }

  @Test
  void theSameOnesInTheirPlacesProveItWhenTheyWaitLongEnough() {
    var seen = EVIDENCE.seen(List.of(11L, 12L, 13L, 14L), 4);

    assertThat(EVIDENCE.isRefutedBy(List.of(11L, 12L, 13L, 14L), 4)).isFalse();
    assertThat(proven(seen, 4)).isFalse();
    assertThat(proven(seen, 5)).isTrue();
  }

  @Test
  void oneLookProvesNothing() {
    assertThat(proven(EVIDENCE, 60)).isFalse();
  }

  @Test
  void aQueueThatIsAsLongAndHasOthersMoves() {
    assertThat(EVIDENCE.isRefutedBy(List.of(12L, 13L, 14L), 3)).isTrue();
    assertThat(EVIDENCE.isRefutedBy(List.of(0L, 13L, 14L), 3)).isTrue();
  }

  @Test
  void aShorterQueueMoves() {
    assertThat(EVIDENCE.isRefutedBy(List.of(12L, 13L), 2)).isTrue();
    assertThat(EVIDENCE.seen(List.of(11L, 12L, 13L, 14L), 4).isRefutedBy(List.of(0L, 0L, 0L), 3))
        .isTrue();
  }

  @Test
  void clientsThatLeaveStayInTheQueueAndProveNothing() {
    var left = EVIDENCE.seen(List.of(0L, 12L, 0L), 3);
    assertThat(proven(left, 5)).isTrue();

    var allLeft = left.seen(List.of(0L, 0L, 0L), 3);
    assertThat(EVIDENCE.isRefutedBy(List.of(0L, 0L, 0L), 3)).isFalse();
    assertThat(proven(allLeft, 60)).isFalse();
  }

  @Test
  void aPlaceThatWasEmptyIsNeverTakenAgain() {
    var begun = UnixQueueEvidence.begin(Duration.ZERO, List.of(0L, 12L), 2);
    assertThat(begun.isRefutedBy(List.of(12L, 13L), 2)).isTrue();
  }

  @Test
  void moreThanTheKernelShowsIsNoProof() {
    assertThat(EVIDENCE.isRefutedBy(List.of(), 2000)).isFalse();
    assertThat(proven(EVIDENCE.seen(List.of(), 2000), 60)).isFalse();
  }
}
