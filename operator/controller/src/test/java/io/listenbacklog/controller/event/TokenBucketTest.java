package io.listenbacklog.controller.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  // A clock of nanoseconds may begin anywhere, also just before it overflows.
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final TokenBucket pace = new TokenBucket(10, 3, now::get);

  @Test
  void aBurstWaitsForNothingAndWhatFollowsIsSpacedOut() {
    var waits = IntStream.range(0, 5).mapToObj(i -> pace.take()).toList();

    assertThat(waits)
        .containsExactly(
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMillis(100),
            Duration.ofMillis(200));
  }

  @Test
  void afterAPauseThereIsABurstAgainAndNoMore() {
    for (int i = 0; i < 5; i++) pace.take();
    now.addAndGet(Duration.ofHours(1).toNanos());

    var waits = IntStream.range(0, 4).mapToObj(i -> pace.take()).toList();

    assertThat(waits)
        .containsExactly(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofMillis(100));
  }
}
