package io.listenbacklog.policy.assess;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CeilingTest {
  @ParameterizedTest(name = "{0}, seen: {1}, now {2}, {3} before our raise: {4}")
  @CsvSource({
    "5, true, 4096, 0, 4096",
    "4096, true, 4096, 0, 4096",
    "4096, false, 4096, 0, 4096", // it has all there is
    "5, false, 4096, 0, 0",
    "128, false, 4096, 0, 0",
    "4096, false, 128, 0, 0", // somaxconn was lowered since, from who knows what
    "100, false, 4096, 100, 100", // older than our raise
    "100, true, 4096, 100, 100",
    "64, false, 4096, 100, 0",
    "5, true, 0, 0, 0", // it cannot be read
    "5, false, 0, 0, 0",
  })
  void isKnownOrNot(int backlog, boolean seen, int now, int beforeOurRaise, int then) {
    assertThat(Ceiling.of(backlog, seen, now, beforeOurRaise)).isEqualTo(then);
  }
}
