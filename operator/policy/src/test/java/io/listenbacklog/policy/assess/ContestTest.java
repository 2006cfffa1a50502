package io.listenbacklog.policy.assess;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Contention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContestTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private static Contest setBack(Contest contest, Duration uptime) {
    return contest.setBackAt(uptime, NOON.plus(uptime), 64);
  }

  private static Contest started(Contest contest, Duration uptime) {
    return contest.startedAt(uptime, NOON.plus(uptime), 64, null);
  }

  private static Contest after(int... minutes) {
    var contest = Contest.NONE;
    for (int each : minutes) contest = setBack(contest, ofMinutes(each));
    return contest;
  }

  /** When somebody who sets it back as soon as it is raised is answered, for so long. */
  private static List<Duration> answers(Duration most) {
    var answers = new ArrayList<Duration>();
    var contest = Contest.NONE;
    for (var now = Duration.ZERO; now.compareTo(most) < 0; now = now.plus(ofSeconds(2))) {
      if (!contest.mayRaise(now)) continue;
      contest = setBack(contest, now);
      if (contest.mayRaise(now)) answers.add(now);
      else answers.add(requireNonNull(contest.notBefore()));
    }
    return answers;
  }

  @Test
  void isAnsweredThreeTimesAtOnceAndThenAtGrowingIntervals() {
    assertThat(answers(ofMinutes(40)))
        .startsWith(
            ofSeconds(0),
            ofSeconds(2),
            ofSeconds(4),
            ofSeconds(36),
            ofSeconds(96),
            ofSeconds(216),
            ofSeconds(516),
            ofSeconds(1116),
            ofSeconds(1716));
  }

  @Test
  void isNeverGivenUpAndCostsSixRaisesAnHour() {
    var day = answers(ofHours(24));
    assertThat(day).filteredOn(each -> each.compareTo(ofHours(1)) < 0).hasSizeLessThanOrEqualTo(13);
    for (int hour = 1; hour < 24; hour++) {
      var from = ofHours(hour);
      assertThat(day)
          .filteredOn(
              each -> each.compareTo(from) >= 0 && each.minus(from).compareTo(ofHours(1)) < 0)
          .hasSizeBetween(5, 6);
    }
  }

  @Test
  void whatIsSetBackSeldomIsAnsweredAtOnceAndNotTold() {
    var contest = Contest.NONE;
    for (int i = 0; i < 100; i++) {
      contest = setBack(contest, ofMinutes(4L * i));
      assertThat(contest.mayRaise(ofMinutes(4L * i))).isTrue();
      assertThat(contest.told(NOON.plus(ofMinutes(4L * i)), 1)).isNull();
    }
  }

  @Test
  void anHourOfPeaceEndsIt() {
    var contest = after(0, 1, 2, 3);
    assertThat(contest.mayRaise(ofMinutes(3))).isFalse();
    assertThat(contest.asOf(ofMinutes(62))).isEqualTo(contest);
    assertThat(contest.asOf(ofMinutes(63))).isEqualTo(Contest.NONE);
    var again = setBack(contest, ofMinutes(63));
    assertThat(again.times()).isEqualTo(1);
    assertThat(again.mayRaise(ofMinutes(63))).isTrue();
  }

  @Test
  void isToldFromTheFirstIntervalOnUntilThereWasPeace() {
    assertThat(after(0, 1, 2).told(NOON.plus(ofMinutes(2)), 1)).isNull();
    var contest = after(0, 1, 2, 3);
    var told = new Contention(NOON, 4, NOON.plus(ofMinutes(3)), 1);
    assertThat(contest.told(NOON.plus(ofMinutes(62)), 1)).isEqualTo(told);
    assertThat(contest.told(NOON.plus(ofMinutes(63)), 1)).isNull();
  }

  @Test
  void whoSetsItBackAsItStartsFightsNothing() {
    var contest = Contest.NONE;
    for (int i = 0; i < 1_000; i++) {
      contest = started(contest, ofSeconds(2L * i));
      assertThat(contest.mayRaise(ofSeconds(2L * i))).isTrue();
    }
    assertThat(contest.times()).isZero();
    assertThat(contest.told(NOON, 1)).isNull();
  }

  @Test
  void startsAreBoundedToo() {
    var contest = Contest.NONE;
    int raises = 0;
    for (long millis = 0; millis < 3_600_000; millis += 10) {
      var now = Duration.ofMillis(millis);
      if (!contest.mayRaise(now)) continue;
      contest = started(contest, now);
      raises++;
    }
    assertThat(raises).isLessThan(1_850);
    assertThat(contest.told(NOON.plus(ofHours(1)), 1)).isNotNull();
  }

  @Test
  void startsDoNotShortenWhatIsWaited() {
    var contest = after(0, 1, 2, 3);
    assertThat(started(contest, ofMinutes(3)).mayRaise(ofMinutes(3))).isFalse();
    assertThat(started(contest, ofMinutes(4)).mayRaise(ofMinutes(4))).isTrue();
  }

  @Test
  void aHolderIsNewThatBeganSinceTheLastTimeOrIsStillStarting() {
    assertThat(Contest.NONE.newHoldersFrom(ofHours(2), ofHours(1))).isEqualTo(ofHours(1));
    assertThat(Contest.NONE.newHoldersFrom(ofHours(2), ofSeconds(1)))
        .isEqualTo(ofHours(2).minus(Contest.STARTING));
    assertThat(after(10).newHoldersFrom(ofMinutes(30), ofMinutes(30))).isEqualTo(ofMinutes(10));
  }

  @Test
  void aProcessIsExcusedTwiceAndThenTheNextOne() {
    var older = new Contest.Starting(300, 1_000);
    var younger = new Contest.Starting(20, 1_001); // pids have begun anew
    var alike = new Contest.Starting(301, 1_000);
    var contest = Contest.NONE;
    for (var each : List.of(older, older, alike, alike, younger, younger)) {
      assertThat(contest.mayExcuse(each)).isTrue();
      contest = contest.startedAt(ofMinutes(1), NOON, 64, each);
    }
    for (var each : List.of(older, alike, younger)) {
      assertThat(contest.mayExcuse(each)).isFalse();
    }
    assertThat(contest.mayExcuse(new Contest.Starting(20, 1_002))).isTrue();
    assertThat(setBack(contest, ofMinutes(2)).mayExcuse(younger)).isFalse();
  }

  @Test
  void startsThatAreExcusedDoNotMakeThoseTooOldThatStartSlowly() {
    var contest = Contest.NONE.startedAt(ofMinutes(30), NOON, 64, new Contest.Starting(7, 100_000));
    assertThat(contest.newHoldersFrom(ofMinutes(40), ofMinutes(35))).isEqualTo(ofMinutes(5));
  }

  @Test
  void whatAnEarlierVersionGaveUpIsTakenUpAgain() {
    var lost =
        new Contest(71, List.of(ofMinutes(1)), true, null, 0, null, 0, null, null, null, 0, null);
    assertThat(lost.lost()).isFalse();
    assertThat(lost.mayRaise(ofMinutes(2))).isTrue();
    var next = setBack(lost, ofMinutes(2));
    assertThat(next.mayRaise(ofMinutes(2))).isFalse();
    assertThat(next.mayRaise(ofMinutes(3))).isTrue();
    assertThat(Contest.lostTo(71, NOON).told(NOON, 0)).isNotNull();
  }

  @Test
  void whatOnlyTheStatusKnowsGoesOn() {
    var told = new Contention(NOON, 9, NOON.plus(ofMinutes(20)), 1);
    var contest = Contest.recalled(71, told, ofMinutes(5), NOON.plus(ofMinutes(21)));
    assertThat(contest.mayRaise(ofMinutes(13))).isFalse();
    assertThat(contest.mayRaise(ofMinutes(14))).isTrue();
    assertThat(contest.told(NOON.plus(ofMinutes(21)), 1)).isEqualTo(told);
    var next = contest.setBackAt(ofMinutes(5), NOON.plus(ofMinutes(21)), 64);
    assertThat(next.since()).isEqualTo(NOON);
    assertThat(next.times()).isEqualTo(10);
    assertThat(next.mayRaise(ofMinutes(14))).isFalse();
    assertThat(next.mayRaise(ofMinutes(15))).isTrue();
  }

  @Test
  void itIsAboutTheProcessThroughWhichItWasRaisedLast() {
    assertThat(after(0).with(71).with(72).pid()).isEqualTo(72);
    assertThat(setBack(after(0).with(71), ofMinutes(1)).pid()).isEqualTo(71);
    assertThat(Contest.NONE.with(71)).isEqualTo(Contest.NONE);
    assertThat(after(0, 1, 2, 3).ofAnotherProcess()).isEqualTo(Contest.NONE);
  }

  /** Else a process that hands over to another each time would cost more. */
  @Test
  void whatStartsCostIsOwedByTheNextProcessToo() {
    var contest = started(Contest.NONE, ofSeconds(2));
    assertThat(contest.ofAnotherProcess().starts()).isEqualTo(contest.starts());
  }
}
