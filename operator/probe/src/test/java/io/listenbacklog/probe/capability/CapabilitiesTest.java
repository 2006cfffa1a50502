package io.listenbacklog.probe.capability;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Condition;
import io.listenbacklog.probe.time.Clocks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
  private static final Instant START = Instant.parse("2026-08-01T12:00:00Z");

  private Instant now = START;
  private final Capabilities capabilities = new Capabilities(new Clocks(clock(), () -> 0));

  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return now;
      }
    };
  }

  @Test
  void beforeAnythingWasTriedNothingIsSaidToWork() {
    assertThat(capabilities.all()).extracting(Condition::status).containsOnly("Unknown");
    assertThat(capabilities.all())
        .extracting(Condition::type)
        .containsExactly("Births", "Relisten", "Sysctl", "KernelLog", "Visibility");
  }

  @Test
  void whatWasFoundAgainKeepsTheTimeWhenItWasFoundFirst() {
    assertThat(capabilities.birthsFail("no tracefs")).isTrue();
    now = START.plusSeconds(60);
    assertThat(capabilities.birthsFail("no tracefs")).isFalse();
    assertThat(condition("Births").lastTransitionTime()).isEqualTo(START);

    assertThat(capabilities.birthsFail("tracefs is full")).isTrue();

    var condition = condition("Births");
    assertThat(condition.lastTransitionTime()).isEqualTo(now);
    assertThat(condition.message()).endsWith("does not tell of them: tracefs is full");
    assertThat(capabilities.birthsTold()).isFalse();
  }

  @Test
  void ofManyHiddenPodsFiveAreNamedAndTheOthersCounted() {
    capabilities.podsSeen(
        IntStream.rangeClosed(1, 7).mapToObj("shop/pod-%d: why"::formatted).toList());

    assertThat(condition("Visibility").reason()).isEqualTo("PodsHidden");
    assertThat(condition("Visibility").message())
        .isEqualTo(
            "Governed, but their listeners cannot be seen: shop/pod-1: why; shop/pod-2: why;"
                + " shop/pod-3: why; shop/pod-4: why; shop/pod-5: why; and 2 more");

    capabilities.podsSeen(List.of());

    assertThat(condition("Visibility").message())
        .isEqualTo("Every governed pod can be looked into.");
  }

  /** A watch on a plain host says them too. */
  @Test
  void whatIsMissingIsSaidWithoutWordsThatOnlyAClusterHas() {
    capabilities.birthsFail("why");
    capabilities.relistenFails("why");
    capabilities.sysctlFails("why");
    capabilities.kernelLogFails("why");
    capabilities.podsSeen(List.of("web.service: why"));

    assertThat(capabilities.all())
        .allMatch(each -> each.status().equals("False"))
        .extracting(Condition::message)
        .allSatisfy(text -> assertThat(text).doesNotContainPattern("\\bpods?\\b|[kK]ube"));
  }

  @Test
  void aClockThatIsRightAgainIsNothingToTell() {
    assertThat(capabilities.clockIsBehind(Duration.ofSeconds(-40))).isTrue();
    assertThat(condition("Clock").message())
        .isEqualTo(
            "The clock of the node is 40 s ahead of that of the API server. What is told has the"
                + " latter's time.");

    assertThat(capabilities.clockIsBehind(Duration.ZERO)).isTrue();

    assertThat(capabilities.all()).extracting(Condition::type).doesNotContain("Clock");
  }

  private Condition condition(String type) {
    return capabilities.all().stream()
        .filter(each -> each.type().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
