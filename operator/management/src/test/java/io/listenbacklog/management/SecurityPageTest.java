package io.listenbacklog.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/security.md says what the code does. */
class SecurityPageTest {
  private static final Path PAGE = Path.of("../../docs/security.md");

  @Test
  void theBudgetsOfTheServersAreTheCodes() throws IOException {
    Map<String, List<String>> rows =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("| "))
            .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
            .collect(
                Collectors.toMap(
                    cells -> cells.get(1), cells -> cells.subList(2, 4), (one, _) -> one));
    var health = Bounds.HEALTH;
    var metrics = Bounds.METRICS;

    assertThat(rows)
        .containsEntry("connections at a time", of(health.connections(), metrics.connections()))
        .containsEntry(
            "of one client address",
            of(health.connectionsPerAddress(), metrics.connectionsPerAddress()))
        .containsEntry("bytes of a request's head", of(health.headBytes(), metrics.headBytes()))
        .containsEntry(
            "seconds until the head has ended",
            of(health.requestTime().toSeconds(), metrics.requestTime().toSeconds()))
        .containsEntry(
            "seconds until the answer is read",
            of(health.answerTime().toSeconds(), metrics.answerTime().toSeconds()))
        .containsEntry(
            "pages made at a time, and that wait for it",
            List.of("none waits", Workers.THREADS + ", " + Workers.WAITING));
  }

  @Test
  void soAreThoseOfAccess() throws IOException {
    assertThat(Files.readString(PAGE).replace('\n', ' '))
        .contains(
            Access.KEPT + " answers of the API server are kept for who may and " + Access.KEPT)
        .contains(Access.REVIEWS == 8 ? "has eight new tokens reviewed at once" : "another number");
  }

  private static List<String> of(long health, long metrics) {
    return List.of(Long.toString(health), Long.toString(metrics));
  }
}
