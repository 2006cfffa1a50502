package io.listenbacklog.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpecPaceTest {
  private long nanos;
  private final SpecPace pace = new SpecPace(() -> nanos);

  private boolean mayWrite(int bytes, boolean urgent) {
    return wait(bytes, urgent ? Set.of("shop") : Set.of()).isZero();
  }

  private Duration wait(int bytes, Set<String> namespacesOfNewPods) {
    return pace.take("node-1", bytes, namespacesOfNewPods);
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  /** Writes as often as it may for ten minutes; the most that is written in any one of them. */
  private long mostInAMinute(int bytes, boolean urgent) {
    var writes = new ArrayDeque<Long>();
    long most = 0;
    for (int i = 0; i < 30_000; i++) {
      if (mayWrite(bytes, urgent)) writes.addLast(nanos);
      while (!writes.isEmpty() && writes.getFirst() <= nanos - Duration.ofMinutes(1).toNanos()) {
        writes.removeFirst();
      }
      most = Math.max(most, (long) writes.size() * bytes);
      pass(Duration.ofMillis(20));
    }
    return most;
  }

  @Test
  void annotationsThatChangeAllTheTimeAreWrittenOnceASecondAfterAFew() {
    int writes = 0;
    for (int i = 0; i < 1_000; i++) { // twenty seconds of patches
      if (mayWrite(2_000, false)) writes++;
      pass(Duration.ofMillis(20));
    }

    assertThat(writes).isBetween(20, 20 + SpecPace.BURST_WRITES);
  }

  @Test
  void theFirstChangeIsWrittenAtOnce() {
    assertThat(mayWrite(200_000, false)).isTrue();
  }

  @Test
  void whateverChangesTheBytesOfAnyMinuteAreBounded() {
    for (int bytes : new int[] {2_000, 30_000, 250_000, 550_000}) {
      assertThat(mostInAMinute(bytes, false)).isLessThanOrEqualTo(SpecPace.BYTES_IN_ANY_MINUTE);
      assertThat(mostInAMinute(bytes, true)).isLessThanOrEqualTo(SpecPace.BYTES_IN_ANY_MINUTE);
    }
  }

  @Test
  void aNewPodDoesNotWaitForThoseWhoseAnnotationsChange() {
    for (int i = 0; i < 3_000; i++) {
      mayWrite(30_000, false);
      pass(Duration.ofMillis(20));
    }

    assertThat(mayWrite(30_000, true)).isTrue();
  }

  /** A tenant whose pods come and go all the time, on a node of which it has made much to write. */
  @Test
  void aNewPodDoesNotWaitForThoseOfAnotherNamespace() {
    for (int bytes : new int[] {2_000, 90_000, 200_000, 300_000}) {
      for (int i = 0; i < 6_000; i++) { // two minutes
        wait(bytes, Set.of("tenant"));
        pass(Duration.ofMillis(20));
      }

      assertThat(wait(bytes, Set.of("victim"))).isZero();
      pass(Duration.ofMinutes(2));
    }
  }

  @Test
  void aNewPodDoesNotWaitForThoseOfTheOtherWhoAreNewWithIt() {
    while (wait(100_000, Set.of("tenant")).isZero()) pass(Duration.ofMillis(20));

    assertThat(wait(100_000, Set.of("tenant"))).isPositive();
    assertThat(wait(100_000, Set.of("tenant", "victim"))).isZero();
  }

  /** What is kept for others is not kept from one who has had nothing for a while. */
  @Test
  void whoHadMuchHasItAgainLater() {
    while (wait(100_000, Set.of("tenant")).isZero()) pass(Duration.ofMillis(20));
    pass(Duration.ofMinutes(1));

    for (int i = 0; i < 3; i++) assertThat(wait(100_000, Set.of("tenant"))).isZero();
  }

  /** A rollout that nobody else competes with. */
  @Test
  void whatOneNamespaceMayHaveAtOnceIsHalfOfAll() {
    int bytes = 0;
    while (wait(30_000, Set.of("shop")).isZero()) bytes += 30_000;

    assertThat(bytes).isBetween(SpecPace.BURST_BYTES / 2, SpecPace.BURST_BYTES / 2 + 30_000);
  }

  @Test
  void eachNodeHasItsOwn() {
    while (mayWrite(100_000, true)) pass(Duration.ofMillis(1));

    assertThat(pace.take("node-2", 100_000, Set.of("shop"))).isZero();
  }

  @Test
  void itSaysWhenToComeAgain() {
    while (mayWrite(1_000, false)) pass(Duration.ofMillis(1));
    pass(wait(1_000, Set.of()));

    assertThat(mayWrite(1_000, false)).isTrue();
  }
}
