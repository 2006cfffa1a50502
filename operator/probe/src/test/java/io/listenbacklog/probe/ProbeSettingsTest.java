package io.listenbacklog.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeSettingsTest {

  @Test
  void onlyTheNameOfTheNodeIsRequired() {
    assertThat(ProbeSettings.of(Map.of("NODE_NAME", "node-1")))
        .isEqualTo(
            new ProbeSettings(
                "node-1",
                Path.of("/host/proc"),
                Path.of("/run/listen-backlog-operator"),
                Path.of("/tracing"),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                8080,
                8081,
                false));
  }

  @Test
  void withoutANodeNothingStarts() {
    assertThatThrownBy(() -> ProbeSettings.of(Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NODE_NAME");
  }

  @ParameterizedTest
  @CsvSource({
    "SWEEP_INTERVAL, 99ms",
    "SWEEP_INTERVAL, 2",
    "SWEEP_INTERVAL, 61s",
    "SWEEP_INTERVAL, often",
    "LISTING_INTERVAL, 999ms",
    "HTTP_PORT, 65536",
    "HTTP_PORT, -1",
    "HTTP_PORT, http",
    "HEALTH_PORT, 65536",
    "METRICS_AUTHORIZATION, yes",
  })
  void aBadValueIsNamedWithItsVariable(String name, String value) {
    assertThatThrownBy(() -> ProbeSettings.of(Map.of("NODE_NAME", "node-1", name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("\"" + value + "\"");
  }

  @ParameterizedTest
  @CsvSource({"500ms, 500", "3s, 3000", "1m, 60000"})
  void aDurationHasAUnit(String text, long millis) {
    var settings = ProbeSettings.of(Map.of("NODE_NAME", "node-1", "SWEEP_INTERVAL", text));
    assertThat(settings.sweepInterval()).hasMillis(millis);
  }
}
