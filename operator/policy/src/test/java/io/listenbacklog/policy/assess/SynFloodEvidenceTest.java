package io.listenbacklog.policy.assess;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.policy.assess.SynQueueVerdict.NotProven;
import io.listenbacklog.policy.assess.SynQueueVerdict.Overflowed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule of whose SYN queue it was; the counters are those of the kernel's own table. */
class SynFloodEvidenceTest {
  private static final SynQueueLimits COOKIES = new SynQueueLimits(1, 128);
  private static final SynQueueLimits NO_COOKIES = new SynQueueLimits(0, 4096);
  private static final SynQueueLimits SHORT_SYSCTL = new SynQueueLimits(0, 128);
  private static final SynQueueLimits ALWAYS_COOKIES = new SynQueueLimits(2, 128);

  private static final SynQueue FULL = new SynQueue(5, 6, 0, false);
  private static final SynQueue EMPTY = new SynQueue(64, 0, 0, false);
  private static final SynQueueVerdict NO = new NotProven();

  @ParameterizedTest
  @CsvSource({
    "1, 128, 1000, 1000, backlog", // tcp_max_syn_backlog is ignored
    "0, 128, 1000, 96, net.ipv4.tcp_max_syn_backlog",
    "0, 128, 5, 5, backlog",
    "0, 4096, 1000, 1000, backlog",
    "0, 5, 100, 4, net.ipv4.tcp_max_syn_backlog",
  })
  void theLimitIsTheBacklogOrThreeQuartersOfTheSysctl(
      int cookies, int sysctl, int backlog, int limit, String limitedBy) {
    var limits = new SynQueueLimits(cookies, sysctl);

    assertThat(limits.limit(backlog)).isEqualTo(limit);
    assertThat(limits.limitedBy(backlog)).isEqualTo(limitedBy);
  }

  @Test
  void cookiesAreToldOfTheListenerWhoseSynQueueIsFull() {
    assertThat(cookies(194, true).judge(List.of(EMPTY, FULL)))
        .containsExactly(NO, new Overflowed(194, 0, 5, "backlog"));
  }

  @Test
  void theOnlyListenerNeedsNoOtherProof() {
    assertThat(cookies(194, true).judge(List.of(EMPTY)))
        .containsExactly(new Overflowed(194, 0, 64, "backlog"));
  }

  @Test
  void theOnlyOneThatIsKnownIsNotTheOnlyOneWhereStrangersAre() {
    assertThat(cookies(194, false).judge(List.of(EMPTY))).containsExactly(NO);
  }

  @Test
  void whereNoQueueIsFullAnyMoreTheLogDecides() {
    var named = new SynQueue(64, 0, 0, true);

    assertThat(cookies(194, true).judge(List.of(EMPTY, named)))
        .containsExactly(NO, new Overflowed(194, 0, 64, "backlog"));
    assertThat(cookies(194, true).judge(List.of(EMPTY, EMPTY))).containsExactly(NO, NO);
  }

  @Test
  void aLineThatMayBeAboutAnotherNamespaceCountsLessThanAFullQueue() {
    var named = new SynQueue(64, 0, 0, true);

    assertThat(cookies(194, true).judge(List.of(named, FULL)))
        .containsExactly(NO, new Overflowed(194, 0, 5, "backlog"));
  }

  @Test
  void cookiesForEverySynMeanNothing() {
    var evidence = new SynFloodEvidence(ALWAYS_COOKIES, 5_000, 0, 0, 0, true);

    assertThat(evidence.any()).isFalse();
    assertThat(evidence.judge(List.of(FULL))).containsExactly(NO);
  }

  @Test
  void droppedRequestsAreTheirsWhoseDropsRose() {
    var evidence = new SynFloodEvidence(NO_COOKIES, 0, 94, 94, 0, true);
    var flooded = new SynQueue(5, 0, 94, false);
    var deferring = new SynQueue(64, 0, 20, false); // TCP_DEFER_ACCEPT, stray RSTs

    assertThat(evidence.judge(List.of(deferring, flooded)))
        .containsExactly(NO, new Overflowed(0, 94, 5, "backlog"));
  }

  @Test
  void aListenerThatDroppedNothingIsNeverBlamedForDroppedRequests() {
    var evidence = new SynFloodEvidence(NO_COOKIES, 0, 94, 94, 0, true);

    assertThat(evidence.judge(List.of(new SynQueue(5, 6, 0, true)))).containsExactly(NO);
  }

  @Test
  void threeQuartersOfTheSysctlDropWithoutACounterOfTheirOwn() {
    var evidence = new SynFloodEvidence(SHORT_SYSCTL, 0, 0, 103, 0, true);
    var flooded = new SynQueue(1000, 97, 103, false);

    assertThat(evidence.judge(List.of(flooded, EMPTY)))
        .containsExactly(new Overflowed(0, 103, 96, "net.ipv4.tcp_max_syn_backlog"), NO);
  }

  @Test
  void dropsForOtherReasonsAreNoFlood() {
    var overflowing = new SynFloodEvidence(SHORT_SYSCTL, 0, 0, 103, 103, true);
    var other = new SynFloodEvidence(SHORT_SYSCTL, 0, 0, 103, 0, true);

    assertThat(overflowing.any()).isFalse();
    assertThat(other.judge(List.of(new SynQueue(1000, 2, 103, false)))).containsExactly(NO);
    // Limited by its backlog, it would have counted TCPReqQFullDrop.
    assertThat(other.judge(List.of(new SynQueue(5, 6, 103, false)))).containsExactly(NO);
  }

  @Test
  void withCookiesListenDropsSayNothingOfTheSynQueue() {
    assertThat(new SynFloodEvidence(COOKIES, 0, 0, 103, 0, true).any()).isFalse();
  }

  @Test
  void countersThatFellAreNoFlood() {
    var evidence = new SynFloodEvidence(NO_COOKIES, -5, -5, -10, 0, true);

    assertThat(evidence.any()).isFalse();
    assertThat(evidence.judge(List.of(FULL))).containsExactly(NO);
  }

  private static SynFloodEvidence cookies(long rose, boolean everyListenerSeen) {
    return new SynFloodEvidence(COOKIES, rose, 0, 0, 0, everyListenerSeen);
  }
}
