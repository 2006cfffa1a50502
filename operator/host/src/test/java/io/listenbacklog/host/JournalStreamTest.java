package io.listenbacklog.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.policy.event.kind.EventType;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines for people and for systemd's journal. */
class JournalStreamTest {
  private static final Instant AT = Instant.parse("2026-11-29T03:00:00.123Z");

  @Test
  void onlyTheStreamThatTheVariableNamesIsTheJournals(@TempDir Path folder) throws IOException {
    var stream = Files.createFile(folder.resolve("stream"));
    var other = Files.createFile(folder.resolve("other"));
    String variable =
        Files.getAttribute(stream, "unix:dev") + ":" + Files.getAttribute(stream, "unix:ino");

    assertThat(JournalStream.is(variable, stream)).isTrue();
    assertThat(JournalStream.is(variable, other)).isFalse();
    assertThat(JournalStream.is("8:12:13", stream)).isFalse();
    assertThat(JournalStream.is(null, stream)).isFalse();
    assertThat(JournalStream.is(variable, folder.resolve("none"))).isFalse();
  }

  @Test
  void theJournalGetsALevelAndPeopleTheTime() {
    assertThat(said(true)).isEqualTo("<4>too small\n<5>raised\n");
    assertThat(said(false))
        .isEqualTo("2026-11-29T03:00:00Z Warning too small\n2026-11-29T03:00:00Z Normal raised\n");
  }

  /** What a process calls itself must not look like another line, nor move the cursor. */
  @Test
  void aLineStaysOneLine() {
    var out = new StringWriter();
    new WatchLines(new PrintWriter(out), true).say(EventType.NORMAL, AT, "a\n<0>b\u001b[2J");

    assertThat(out.toString()).isEqualTo("<5>a?<0>b?[2J\n");
  }

  private static String said(boolean journal) {
    var out = new StringWriter();
    var lines = new WatchLines(new PrintWriter(out), journal);
    lines.say(EventType.WARNING, AT, "too small");
    lines.say(EventType.NORMAL, AT, "raised");
    return out.toString();
  }
}
