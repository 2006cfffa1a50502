package io.listenbacklog.probe.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterClockTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Duration QUICK = Duration.ofMillis(20);

  private final List<Duration> told = new ArrayList<>();
  private final ClusterClock clock = new ClusterClock(Clock.fixed(NOW, ZoneOffset.UTC), told::add);

  @Test
  void withoutAWordFromTheApiServerTheNodesClockHolds() {
    assertThat(clock.instant()).isEqualTo(NOW);
  }

  @Test
  void aClockThatIsAnHourBehindIsPutRightAndToldOnce() {
    clock.heard(NOW.plusSeconds(3600), QUICK);
    clock.heard(NOW.plusSeconds(3601), QUICK);

    assertThat(clock.instant()).isBetween(NOW.plusSeconds(3600), NOW.plusSeconds(3601));
    assertThat(told).singleElement().extracting(Duration::toSeconds).isEqualTo(3600L);
  }

  @Test
  void aClockThatIsADayAheadToo() {
    clock.heard(NOW.minus(Duration.ofDays(1)), QUICK);

    assertThat(clock.instant()).isBefore(NOW.minus(Duration.ofHours(23)));
  }

  @Test
  void whatDiffersByNoMoreThanAnAnswerTakesIsNoDifference() {
    clock.heard(NOW.minusSeconds(1), QUICK); // the second is cut off
    clock.heard(NOW.plusSeconds(4), QUICK);
    clock.heard(NOW.minusSeconds(30), Duration.ofSeconds(29)); // the answer took long

    assertThat(told).isEmpty();
    assertThat(clock.instant()).isEqualTo(NOW);
  }

  @Test
  void aClockThatWasPutRightIsBelievedAgain() {
    clock.heard(NOW.plusSeconds(3600), QUICK);
    clock.heard(NOW, QUICK);

    assertThat(clock.instant()).isEqualTo(NOW);
    assertThat(told).hasSize(2).last().isEqualTo(Duration.ZERO);
  }
}
