package io.listenbacklog.policy.assess;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DescriptorEvidenceTest {
  private static final Duration AFTER = Duration.ofSeconds(5);

  private static Duration at(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  void itIsProvenWhenItLastsAndNoSooner() {
    var evidence = DescriptorEvidence.begin(7, at(100)).seen(7).seen(7);

    assertThat(evidence.isProven(at(104), AFTER)).isFalse();
    assertThat(evidence.isProven(at(105), AFTER)).isTrue();
    assertThat(evidence.reopened()).isZero();
  }

  @Test
  void twoLooksFarApartProveNothing() {
    assertThat(DescriptorEvidence.begin(7, at(100)).seen(7).isProven(at(200), AFTER)).isFalse();
  }

  @Test
  void listenersThatFollowEachOtherAreCounted() {
    var evidence = DescriptorEvidence.begin(7, at(100)).seen(8).seen(8).seen(9);

    assertThat(evidence.reopened()).isEqualTo(2);
    assertThat(evidence.begun()).isEqualTo(at(100));
  }
}
