package io.listenbacklog.controller.uninstall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PendingRestorationsTest {
  @Test
  void aRemedyThatIsStillThereIsWaitedFor() {
    assertThat(PendingRestorations.of(node(7L, 1), true))
        .isEqualTo(new PendingRestorations("node-1", true, 1, true))
        .returns(false, PendingRestorations::isDone);
  }

  @Test
  void aProbeThatHasNotSeenTheChangeYetIsWaitedFor() {
    assertThat(PendingRestorations.of(node(6L, 0), true).isDone()).isFalse();
    assertThat(PendingRestorations.of(node(null, 0), true).isDone()).isFalse();
  }

  @Test
  void aNodeThatNeverHadAProbeIsNot() {
    assertThat(PendingRestorations.of(node(null, 0), false).isDone()).isTrue();
  }

  @Test
  void aNodeWhoseProbeIsGoneButNotItsRemediesIsNamed() {
    var remains = PendingRestorations.of(node(7L, 1), false);

    assertThat(remains.isDone()).isFalse();
    assertThat(remains).hasToString("node-1: 1 remedies, no ready probe");
  }

  private static BacklogSummary node(@Nullable Long observed, int remedies) {
    return new BacklogSummary("node-1", 7, List.of(), false, observed, remedies);
  }
}
