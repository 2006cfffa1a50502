package io.listenbacklog.policy.assess;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Growth;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Remedy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BacklogGrowthTest {
  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final Place PORT = new Place.Port(8080, false);
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private static final Requirement GROWING = requirement(Remedy.RELISTEN, false);

  @Test
  void itDoublesUpToTheMaximum() {
    var growth = BacklogGrowth.none(0);
    growth = growth.overflowed(GROWING, PORT, 64, 3, 0);
    assertThat(growth.target()).isEqualTo(128);
    growth = growth.raised(64, 128, NOON);
    assertThat(growth.last()).isEqualTo(new Growth(64, 128, 200, 3, NOON));
    growth = growth.overflowed(GROWING, PORT, 128, 1, 10 * SECOND);
    assertThat(growth.target()).isEqualTo(200);
    growth = growth.raised(128, 200, NOON);
    assertThat(growth.overflowed(GROWING, PORT, 200, 1, 60 * SECOND).target()).isEqualTo(200);
    assertThat(growth.overflowed(GROWING, PORT, 200, 1, 60 * SECOND).due()).isFalse();
  }

  @Test
  void itTakesOneStepInTenSecondsAndCountsWhatIsDroppedMeanwhile() {
    var growth = BacklogGrowth.none(0).overflowed(GROWING, PORT, 64, 3, 0).raised(64, 128, NOON);
    growth = growth.overflowed(GROWING, PORT, 128, 5, 10 * SECOND - 1);
    assertThat(growth.target()).isEqualTo(128);
    growth = growth.overflowed(GROWING, PORT, 128, 7, 10 * SECOND);
    assertThat(growth.target()).isEqualTo(200);
    assertThat(growth.attempts()).isEqualTo(12);
  }

  @Test
  void aStepThatTookEffectInPartIsStillDue() {
    var growth = BacklogGrowth.none(0).overflowed(GROWING, PORT, 64, 1, 0);
    growth = growth.raised(64, 100, NOON);
    assertThat(growth.due()).isTrue();
    assertThat(growth.raised(100, 128, NOON).due()).isFalse();
  }

  @Test
  void itDoesNotGrowWhereItMayNotBeRaisedOrIsExemptOrHasLessThanItNeeds() {
    var none = BacklogGrowth.none(0);
    assertThat(none.overflowed(requirement(Remedy.SYSCTL, false), PORT, 64, 1, 0)).isEqualTo(none);
    assertThat(none.overflowed(requirement(Remedy.RELISTEN, true), PORT, 64, 1, 0)).isEqualTo(none);
    assertThat(none.overflowed(GROWING, PORT, 5, 1, 0).target()).isZero();
  }

  @Test
  void whatAnEarlierProbeLetItGrowToHoldsUnlessThisOneLetItGrowFurther() {
    var earlier = new Growth(64, 128, 200, 9, NOON);
    var recalled = BacklogGrowth.none(0).recall(earlier);
    assertThat(recalled.target()).isEqualTo(128);
    assertThat(recalled.last()).isEqualTo(earlier);
    var grown = BacklogGrowth.none(0).overflowed(GROWING, PORT, 100, 1, 0);
    assertThat(grown.recall(earlier)).isEqualTo(grown);
  }

  /** It ends at each look at a listener that nothing raises: nothing is made for that. */
  @Test
  void endingWhatNeverGrewMakesNothing() {
    var none = BacklogGrowth.none(0);
    assertThat(none.end()).isSameAs(none);
    var ended = none.overflowed(GROWING, PORT, 64, 1, 0).raised(64, 128, NOON).end();
    assertThat(ended.target()).isZero();
    assertThat(ended.last()).isNull();
    assertThat(ended.end()).isSameAs(ended);
  }

  private static Requirement requirement(Remedy remedy, boolean exempt) {
    return Requirement.of(
        NodeRequirement.in(Mode.ENFORCE, OnDelete.RESTORE)
            .minimum(64)
            .maximum(200)
            .ports(exempt ? List.of(new NodePort(8080, null, null, true)) : List.of())
            .remedies(remedy)
            .of(List.of()));
  }
}
