package io.listenbacklog.probe.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.listenbacklog.probe.json.Json;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecReadingTest {
  private static final ObjectMapper JSON = Json.mapper();
  private static final String KNOWN =
      "{\"mode\":\"Observe\",\"minimum\":64,\"onDelete\":\"Keep\",\"pods\":[" + pod("a") + "]}";

  private static String pod(String uid) {
    return "{\"uid\":\"%s\",\"namespace\":\"shop\",\"name\":\"pod-%s\",\"hostNetwork\":false}"
        .formatted(uid, uid);
  }

  private static SpecReading read(String requirements) throws IOException {
    return SpecReading.read(JSON.readTree("{\"requirements\":" + requirements + "}"), JSON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"mode\":\"Dance\"",
        "\"mode\":\"Enforce\",\"remedies\":[\"Relisten\",\"Pray\"]",
        "\"mode\":\"Enforce\",\"onDelete\":\"Forget\"",
        "\"mode\":\"Enforce\",\"minimum\":{\"percent\":50}",
      })
  void whatIsNotUnderstoodIsOneRequirementAlone(String strange) throws IOException {
    var reading = read("[{" + strange + ",\"pods\":[" + pod("b") + "]}," + KNOWN + "]");

    assertThat(reading.understood().requirements()).hasSize(1);
    assertThat(reading.unread())
        .singleElement()
        .satisfies(unread -> assertThat(unread.pods().getFirst().uid()).isEqualTo("b"));
    var spec = NodeSpec.of("object", 1, reading);
    assertThat(spec.pods()).containsOnlyKeys("a");
    assertThat(spec.unread()).containsOnlyKeys("b");
  }

  @Test
  void fieldsOfALaterVersionAreNoTrouble() throws IOException {
    assertThat(read("[" + KNOWN.replace("{\"mode\"", "{\"weather\":1,\"mode\"") + "]").unread())
        .isEmpty();
  }

  @Test
  void nothingAskedIsNoTrouble() throws IOException {
    assertThat(SpecReading.read(JSON.readTree("{}"), JSON).understood().requirements()).isEmpty();
    assertThat(read("null").unread()).isEmpty();
  }

  /** Else it would seem that nothing is asked of them, and what was raised would be put back. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"mode\":\"Dance\"}]",
        "[{\"mode\":\"Dance\",\"pods\":\"all\"}]",
        "[{\"mode\":\"Dance\",\"pods\":[{\"name\":\"a\"}]}]",
        "[7]",
        "\"all\"",
      })
  void whoIsMeantMustBeUnderstood(String requirements) {
    assertThatThrownBy(() -> read(requirements)).isInstanceOf(IOException.class);
  }
}
