package io.listenbacklog.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two threads of which each judgement takes 20 ms, played in a time of their own. */
class NamespaceTurnsTest {
  private static final long MILLIS = Duration.ofMillis(1).toNanos();
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long JUDGEMENT = 20 * MILLIS;

  private long now = SECOND;
  private final NamespaceTurns turns = new NamespaceTurns(() -> now);

  /** What waits for a thread, in order, as the SDK has it: each policy once. */
  private final ArrayDeque<String> queue = new ArrayDeque<>();

  private final Map<String, Long> later = new HashMap<>();
  private final Map<String, Integer> judged = new HashMap<>();

  @Test
  void fiveHundredPoliciesThatChangeAllTheTimeDelayNoOtherNamespace() {
    long worst = 0;
    long asked = 0;
    for (int tick = 0; tick < 2_000; tick++) { // twenty seconds
      for (int i = 0; i < 500; i++) touch("tenant/" + i);
      if (asked == 0 && tick % 50 == 0) {
        asked = now;
        touch("victim/1");
      }
      work();
      if (asked != 0 && !queue.contains("victim/1")) {
        worst = Math.max(worst, now - asked);
        asked = 0;
      }
      now += 10 * MILLIS;
    }

    assertThat(Duration.ofNanos(worst)).isLessThan(Duration.ofSeconds(1));
    assertThat(judged.get("victim/1")).isGreaterThan(30);
  }

  @Test
  void eachOfTheFiveHundredHasItsTurn() {
    for (int tick = 0; tick < 1_500; tick++) { // fifteen seconds
      for (int i = 0; i < 500; i++) touch("tenant/" + i);
      work();
      now += 10 * MILLIS;
    }

    var seen = new HashSet<>(judged.keySet());
    assertThat(seen).hasSize(500);
    assertThat(judged.values()).allMatch(times -> times <= 3);
  }

  @Test
  void anApplicationWithDozensOfPoliciesIsJudgedAtOnceAndAgainALittleLater() {
    for (int i = 0; i < NamespaceTurns.AT_ONCE; i++) {
      assertThat(turns.take("shop", "uid-" + i)).isZero();
    }
    assertThat(turns.take("shop", "uid-x")).isBetween(Duration.ofMillis(1), Duration.ofMillis(25));
    assertThat(turns.take("bank", "uid-y")).isZero();
    assertThat(turns.take(null, "uid-z")).isZero();

    now += 2 * SECOND;
    assertThat(turns.take("shop", "uid-x")).isZero();
  }

  @Test
  void whoWaitsKeepsItsPlaceHoweverOftenItIsTouched() {
    for (int i = 0; i < 100; i++) {
      var _ = turns.take("shop", "uid-" + i);
    }
    var first = turns.take("shop", "uid-99");
    for (int i = 0; i < 10; i++) assertThat(turns.take("shop", "uid-99")).isEqualTo(first);
    now += first.toNanos();
    assertThat(turns.take("shop", "uid-99")).isZero();
  }

  private void touch(String policy) {
    if (!queue.contains(policy) && !later.containsKey(policy)) queue.add(policy);
  }

  /** What two threads do in ten milliseconds: who has to wait takes them no time. */
  private void work() {
    later.entrySet().removeIf(each -> each.getValue() <= now && queue.add(each.getKey()));
    for (int left = 2 * 10; left > 0 && !queue.isEmpty(); ) {
      String policy = queue.remove();
      var wait = turns.take(policy.substring(0, policy.indexOf('/')), policy);
      if (wait.isZero()) {
        judged.merge(policy, 1, Integer::sum);
        left -= (int) (JUDGEMENT / MILLIS);
      } else {
        later.put(policy, now + wait.toNanos());
      }
    }
  }
}
