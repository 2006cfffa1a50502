package io.listenbacklog.policy.assess;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** One test for each row of the kernel's counters, then who it was where several dropped. */
class OverflowEvidenceTest {

  /** A listener that is alone in its namespace. */
  private static OptionalLong alone(long listenOverflows, long drops) {
    return new OverflowEvidence(listenOverflows, drops, true)
        .attempts(new ListenerDrops(drops, false));
  }

  private static ListenerDrops full(long drops) {
    return new ListenerDrops(drops, true);
  }

  private static ListenerDrops notFull(long drops) {
    return new ListenerDrops(drops, false);
  }

  @Test
  void aSynThatFindsTheQueueFullIsOneAttempt() {
    assertThat(alone(1, 1)).hasValue(1);
    assertThat(alone(118, 118)).hasValue(118);
  }

  /** Drops rise by two, whether or not tcp_abort_on_overflow sends a RST as well. */
  @Test
  void aLastAckThatFindsTheQueueFullIsOneAttempt() {
    assertThat(alone(1, 2)).hasValue(1);
  }

  @Test
  void aFullSynQueueThatSendsCookiesIsNoOverflow() {
    assertThat(alone(0, 0)).isEmpty();
  }

  @Test
  void aFullSynQueueThatDropsIsNoOverflow() {
    assertThat(alone(0, 12)).isEmpty();
  }

  @Test
  void aDeferredClientOrAStraySegmentIsNoOverflow() {
    assertThat(alone(0, 10)).isEmpty();
    assertThat(new OverflowEvidence(0, 10, true).attempts(full(10))).isEmpty();
  }

  @Test
  void whatElseWasDroppedIsNotCountedAsAttempts() {
    assertThat(alone(3, 100)).hasValue(3);
  }

  @Test
  void anOverflowOfSomebodyUnseenIsNobodysWhoDroppedNothing() {
    assertThat(alone(7, 0)).isEmpty();
    assertThat(new OverflowEvidence(7, 0, false).attempts(full(0))).isEmpty();
  }

  @Test
  void ofTwoThatDroppedTheFullOneOverflowed() {
    var evidence = new OverflowEvidence(5, 15, true);

    assertThat(evidence.attempts(full(10))).hasValue(5);
    assertThat(evidence.attempts(notFull(5))).isEmpty();
  }

  @Test
  void bothOverflowedWhereNeitherExplainsItAlone() {
    var evidence = new OverflowEvidence(20, 22, true);

    assertThat(evidence.attempts(notFull(10))).hasValue(10);
    assertThat(evidence.attempts(notFull(12))).hasValue(12);
  }

  @Test
  void whereEitherExplainsItAndNeitherWasFullNobodyIsBlamed() {
    var evidence = new OverflowEvidence(5, 20, true);

    assertThat(evidence.attempts(notFull(10))).isEmpty();
  }

  @Test
  void whereStrangersMayHaveOverflowedOnlyAFullQueueProves() {
    var evidence = new OverflowEvidence(9, 3, false);

    assertThat(evidence.attempts(notFull(3))).isEmpty();
    assertThat(evidence.attempts(full(3))).hasValue(3);
  }

  /** Counters of a namespace never fall; those of another one may be lower. */
  @Test
  void whatFellProvesNothing() {
    assertThat(alone(-4, 2)).isEmpty();
    assertThat(new OverflowEvidence(4, -2, true).attempts(full(-2))).isEmpty();
  }
}
