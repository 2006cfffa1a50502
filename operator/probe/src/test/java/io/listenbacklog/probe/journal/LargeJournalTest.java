package io.listenbacklog.probe.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.policy.assess.Contest;
import io.listenbacklog.probe.ImageFlags;
import io.listenbacklog.probe.json.Json;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A probe that has raised as much as it can hold must be able to start again. */
class LargeJournalTest {
  /** More than twice as many as a probe may raise: one that had no such bound may have. */
  private static final int RAISED = 40_000;

  private static final ObjectMapper JSON = Json.mapper();

  @TempDir private Path folder;

  /** Opens a journal beside what else a probe holds, with the flags of the image. */
  static final class Starts {
    private Starts() {}

    public static void main(String[] arguments) throws IOException {
      var others = new byte[7][1 << 20];
      try (var journal = Journal.open(Path.of(arguments[0]), "boot", JSON)) {
        System.out.println(journal.entries().size() + " " + others.length);
      }
    }
  }

  @Test
  void isReadInTheHeapOfAProbe() throws Exception {
    // With two lines a raise, as older probes wrote it.
    try (var lines = Files.newBufferedWriter(folder.resolve("journal"))) {
      lines.write("{\"boot\":\"boot\"}\n");
      for (int cookie = 1; cookie <= RAISED; cookie++) {
        lines.write(line(cookie, RaisedValue.intent(5, 64, at(cookie), OnDelete.RESTORE)));
        var raised = RaisedValue.intent(5, 64, at(cookie), OnDelete.RESTORE).took(64, at(cookie));
        lines.write(line(cookie, raised));
      }
    }
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(ImageFlags.ofProbe());
    assertThat(command).contains("-Xmx26m", "-XX:+ExitOnOutOfMemoryError");
    command.addAll(List.of("-cp", classPath(), Starts.class.getName(), folder.toString()));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isZero();
    assertThat(told).startsWith(RAISED + " ");
    try (var lines = Files.lines(folder.resolve("journal"))) {
      assertThat(lines).hasSize(1 + RAISED);
    }
  }

  private static Instant at(int cookie) {
    return Instant.parse("2026-11-22T12:00:00Z").plusMillis(cookie);
  }

  private static String line(int cookie, RaisedValue raised) throws IOException {
    var entry =
        new JournalEntry.Backlog(
            "6e4a0f5c-36a4-4d1e-8b1e-2f1f4f6f1d11",
            new PodReference("6e4a0f5c-36a4-4d1e-8b1e-2f1f4f6f1d11", "shop", "api-7d4b9c-x2x7k"),
            null,
            "api",
            4026532001L,
            "0.0.0.0:" + (1024 + cookie),
            cookie,
            100_000 + cookie,
            null,
            raised);
    return "{\"backlog\":" + JSON.writeValueAsString(entry) + "}\n";
  }

  /** Where the classes are, whoever runs this. */
  private static String classPath() {
    return Stream.of(
            Starts.class,
            Journal.class,
            OnDelete.class,
            Contest.class,
            ObjectMapper.class,
            JsonFactory.class,
            JsonProperty.class,
            JavaTimeModule.class)
        .map(LargeJournalTest::place)
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
