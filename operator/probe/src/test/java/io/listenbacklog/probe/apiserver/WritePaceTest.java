package io.listenbacklog.probe.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WritePaceTest {
  private static final Set<String> NOTHING = Set.of();
  private static final Set<String> TENANT = Set.of("tenant");
  private static final Set<String> VICTIM = Set.of("victim");

  private long nanos;
  private final WritePace pace = new WritePace(() -> nanos);

  /** Bytes written in the last minute, and the most there were in any. */
  private final ArrayDeque<long[]> lastMinute = new ArrayDeque<>();

  private long inLastMinute;
  private long mostInAMinute;
  private int writes;

  private void write(int size, Set<String> news) {
    pace.wrote(size, news);
    count(size);
    writes++;
  }

  private void rewrite(int size) {
    pace.rewritten(size);
    count(size);
  }

  private void count(int size) {
    lastMinute.addLast(new long[] {nanos, size});
    inLastMinute += size;
    while (lastMinute.getFirst()[0] <= nanos - Duration.ofMinutes(1).toNanos()) {
      inLastMinute -= lastMinute.removeFirst()[1];
    }
    mostInAMinute = Math.max(mostInAMinute, inLastMinute);
  }

  private boolean writeIfDue(int size, Set<String> news) {
    if (pace.waitNanos(size, news) > 0) return false;
    write(size, news);
    return true;
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  /** Offers a status ten times a second, for ten minutes. */
  private void flap(int size, Set<String> news) {
    for (int i = 0; i < 6_000; i++) {
      writeIfDue(size, news);
      pass(Duration.ofMillis(100));
    }
  }

  @Test
  void whatFlapsTenTimesASecondIsWrittenWithinTheBytesOfAnyMinute() {
    for (int size : new int[] {3_000, 75_000, 700_000, 1_100_000, 1_900_000}) flap(size, TENANT);

    assertThat(mostInAMinute).isLessThanOrEqualTo(WritePace.BYTES_IN_ANY_MINUTE);
  }

  @Test
  void manyPodsThatFlapInTurnAreNoMore() {
    for (int i = 0; i < 6_000; i++) {
      writeIfDue(700_000, Set.of("tenant-" + i % 200));
      pass(Duration.ofMillis(100));
    }

    assertThat(mostInAMinute).isLessThanOrEqualTo(WritePace.BYTES_IN_ANY_MINUTE);
  }

  @Test
  void aSmallStatusThatFlapsIsWrittenEveryTwoSecondsAfterAFewAtOnce() {
    flap(3_000, TENANT);

    assertThat(writes).isBetween(300, 300 + WritePace.NEWS_OF_POD + 60);
  }

  @Test
  void whatIsNoNewsIsWrittenEveryTwoSecondsAtMost() {
    flap(3_000, NOTHING);

    assertThat(writes).isBetween(290, 300);
  }

  @Test
  void newsGoAtOnce() {
    write(75_000, NOTHING);
    pass(WritePace.BETWEEN_NEWS);

    assertThat(pace.waitNanos(75_000, VICTIM)).isLessThanOrEqualTo(0);
    assertThat(pace.waitNanos(75_000, NOTHING)).isPositive();
  }

  @Test
  void newsOfOnePodGoAtOnceWhileAnotherFlaps() {
    flap(75_000, TENANT);
    pass(WritePace.BETWEEN_NEWS);

    assertThat(pace.waitNanos(75_000, VICTIM)).isLessThanOrEqualTo(0);
  }

  @Test
  void newsOfOnePodGoAtOnceWhileAnotherFlapsInAVeryLargeStatus() {
    flap(750_000, TENANT);
    pass(WritePace.BETWEEN_NEWS);

    assertThat(pace.waitNanos(750_000, VICTIM)).isLessThanOrEqualTo(0);
  }

  @Test
  void whatASpecHasWrittenAnewCountsToo() {
    for (int i = 0; i < 20; i++) rewrite(80_000);

    assertThat(pace.waitNanos(80_000, NOTHING)).isGreaterThan(Duration.ofSeconds(30).toNanos());
  }

  @Test
  void aStatusLargerThanAllThatMayGoAtOnceGoesWhenNothingElseWent() {
    assertThat(pace.waitNanos(10_000_000, NOTHING)).isLessThanOrEqualTo(0);
  }

  @Test
  void aHundredPodsThatAreRaisedOneAfterTheOtherAreToldWithinTwoSeconds() {
    for (int i = 0; i < 20; i++) {
      assertThat(writeIfDue(10_000 + 3_500 * i, Set.of("pod-" + i))).isTrue();
      pass(WritePace.BETWEEN_NEWS);
    }
  }
}
