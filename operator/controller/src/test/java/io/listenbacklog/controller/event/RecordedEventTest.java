package io.listenbacklog.controller.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.policy.event.kind.Series;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecordedEventTest {
  private static final Instant AT = Instant.parse("2026-11-22T12:00:00Z");
  private final RecordedEvent ten = new RecordedEvent("backlog.1", 10, AT);

  @Test
  void whatLastsIsSaidAgainWhenItWasSeenTwiceAsOften() {
    assertThat(ten.isBehind(series(19, 30, false))).isFalse();
    assertThat(ten.isBehind(series(20, 30, false))).isTrue();
  }

  @Test
  void otherwiseItIsSaidAgainAfterFiveMinutesIfItWasSeenAtAll() {
    assertThat(ten.isBehind(series(11, 299, false))).isFalse();
    assertThat(ten.isBehind(series(11, 300, false))).isTrue();
    assertThat(ten.isBehind(series(10, 3_600, false))).isFalse();
  }

  @Test
  void thatItIsOverIsSaidButNotAgainAndAgain() {
    assertThat(ten.isBehind(series(11, 29, true))).isFalse();
    assertThat(ten.isBehind(series(11, 30, true))).isTrue();
    assertThat(ten.isBehind(series(10, 30, true))).isFalse();
  }

  @Test
  void aCountNeverGoesBack() {
    assertThat(ten.isBehind(series(3, 3_600, true))).isFalse();
  }

  private static Series series(int count, int secondsLater, boolean ended) {
    return new Series(count, AT.plusSeconds(secondsLater), ended);
  }
}
