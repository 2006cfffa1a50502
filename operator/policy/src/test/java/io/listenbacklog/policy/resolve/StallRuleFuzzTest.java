package io.listenbacklog.policy.resolve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.listenbacklog.api.StallRule;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Of {@code stall.after}, which an API server without validation rules may let pass. */
class StallRuleFuzzTest {

  static Stream<byte[]> seeds() {
    return Stream.of("5s", "1m30s", "1500ms", "1h", "9999999h9999999h", "5", "s")
        .map(seed -> seed.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void aDurationIsReadOrRefused(byte[] bytes) {
    var after = new String(bytes, UTF_8);
    try {
      var duration = new StallRule(after).duration();
      assertThat(duration).isGreaterThanOrEqualTo(Duration.ZERO);
      assertThat(after).matches("([0-9]{1,7}(ms|s|m|h))+");
      assertThat(new StallRule(duration.toMillis() % 10_000_000 + "ms").duration())
          .hasMillis(duration.toMillis() % 10_000_000);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessage("stall.after: \"%s\" is not a duration".formatted(after));
    }
  }
}
