package io.listenbacklog.policy.assess;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.policy.assess.Demand.AtLeast;
import org.junit.jupiter.api.Test;

class DemandTest {

  @Test
  void growthDoublesUpToTheMaximum() {
    var demand = new AtLeast(64, 1000);

    assertThat(demand.growthFrom(64)).isEqualTo(128);
    assertThat(demand.growthFrom(500)).isEqualTo(1000);
    assertThat(demand.growthFrom(501)).isEqualTo(1000);
    assertThat(demand.growthFrom(1000)).isZero();
    assertThat(demand.growthFrom(4096)).isZero();
    assertThat(new AtLeast(0, 65535).growthFrom(40000)).isEqualTo(65535);
  }

  @Test
  void withoutMinimumItGrowsFromItsOwnBacklog() {
    assertThat(new AtLeast(0, 20).growthFrom(5)).isEqualTo(10);
  }

  @Test
  void whereTheMaximumIsNotAboveTheMinimumNothingGrows() {
    assertThat(new AtLeast(64).growthFrom(64)).isZero();
    assertThat(new AtLeast(64, 64).growthFrom(64)).isZero();
    assertThat(new AtLeast(64, 32).growthFrom(64)).isZero();
  }

  @Test
  void whoHasLessThanItNeedsGetsThatFirst() {
    assertThat(new AtLeast(64, 1000).growthFrom(5)).isZero();
  }

  @Test
  void aClosedDoorDoesNotGrow() {
    assertThat(new AtLeast(0, 1000).growthFrom(0)).isZero();
  }

  @Test
  void whatItGrewToIsWhatItNeedsEvenAboveALoweredMaximum() {
    assertThat(new AtLeast(64, 256).grownTo(512)).isEqualTo(new AtLeast(512, 256));
    assertThat(new AtLeast(64, 256).grownTo(10)).isEqualTo(new AtLeast(64, 256));
    assertThat(new AtLeast(64, 256).grownTo(512).growthFrom(512)).isZero();
  }
}
