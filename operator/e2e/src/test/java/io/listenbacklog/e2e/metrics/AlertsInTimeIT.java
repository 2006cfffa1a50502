package io.listenbacklog.e2e.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.e2e.harness.NeedsTestNodes;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What of the alerts takes minutes: how one ends, and the one that waits. */
@Tag("alerts")
@OnTestCluster(operator = false)
@NeedsTestNodes("lets a Prometheus of this machine scrape pods")
@TestInstance(Lifecycle.PER_CLASS)
class AlertsInTimeIT {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** As long as its rule looks back, or as it has to hold. */
  private static final Duration WINDOW = Duration.ofMinutes(5);

  /**
   * How long clients that went away go on asking the kernel to let them finish: each of their FINs
   * may meet a full queue again, and is an overflow.
   */
  private static final Duration LINGERING = Duration.ofMinutes(2);

  private Scraping scraping;

  @BeforeAll
  void start(TestCluster cluster, @TempDir Path folder) throws Exception {
    scraping = Scraping.start(cluster, folder);
  }

  @AfterAll
  void stop() {
    if (scraping != null) scraping.close();
  }

  @Test
  void anOverflowIsToldWithinAMinuteAndIsOverFiveMinutesAfterItsLast() {
    Load.overflows(scraping.namespace(), "drops");
    await()
        .atMost(MINUTE)
        .untilAsserted(
            () -> assertThat(scraping.firing("ListenBacklogOverflow", "drops")).isPresent());

    Load.enough(scraping.namespace(), "drops");
    await()
        .atMost(LINGERING.plus(WINDOW).plus(MINUTE))
        .untilAsserted(
            () -> assertThat(scraping.about("ListenBacklogOverflow", "drops")).isEmpty());
  }

  @Test
  void aQueueThatStaysNearlyFullIsToldAfterFiveMinutesUntilItIsServed() {
    Load.fills(scraping.namespace(), "fills");
    await()
        .atMost(WINDOW.plus(MINUTE))
        .untilAsserted(
            () -> assertThat(scraping.firing("ListenBacklogNearlyFull", "fills")).isPresent());
    // Nobody was sent away and the server goes on: it is the only alert about this pod.
    assertThat(scraping.about("ListenBacklogOverflow", "fills")).isEmpty();
    assertThat(scraping.about("ListenBacklogAcceptStalled", "fills")).isEmpty();

    Load.enough(scraping.namespace(), "fills");
    await()
        .atMost(MINUTE)
        .untilAsserted(
            () -> assertThat(scraping.about("ListenBacklogNearlyFull", "fills")).isEmpty());
  }
}
