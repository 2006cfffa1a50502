package io.listenbacklog.probe.journal;

import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContestTest {
  private static Contest after(int... minutes) {
    var contest = Contest.NONE;
    for (int each : minutes) contest = contest.setBackAt(Duration.ofMinutes(each));
    return contest;
  }

  @Test
  void theFourthTimeInTenMinutesIsOnceTooOften() {
    assertThat(after(0, 1, 2).lost()).isFalse();
    assertThat(after(0, 1, 2, 9).lost()).isTrue();
    assertThat(after(0, 1, 2, 10).lost()).isFalse();
    assertThat(after(0, 1, 2, 10, 11, 12, 13).lost()).isTrue();
  }

  /** As a later version may have written it down. */
  @Test
  void whatWasSetBackMoreOftenThanThatIsLostTheNextTime() {
    var more = new Contest(71, List.of(ZERO, ZERO, ZERO, ZERO, ZERO), false);
    assertThat(more.setBackAt(ZERO).lost()).isTrue();
  }

  @Test
  void whatIsLostStaysLost() {
    assertThat(after(0, 1, 2, 3, 60).lost()).isTrue();
    assertThat(Contest.lostTo(71).setBackAt(Duration.ofHours(1)).lost()).isTrue();
  }

  @Test
  void itIsAboutTheProcessThroughWhichItWasRaisedLast() {
    assertThat(after(0).with(71).with(72).pid()).isEqualTo(72);
    assertThat(after(0).with(71).setBackAt(Duration.ofMinutes(1)).pid()).isEqualTo(71);
    assertThat(Contest.NONE.with(71)).isEqualTo(Contest.NONE);
  }
}
