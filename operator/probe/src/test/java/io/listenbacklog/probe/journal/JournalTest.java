package io.listenbacklog.probe.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.policy.assess.Contest;
import io.listenbacklog.probe.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final ObjectMapper JSON = Json.mapper();
  private static final PodReference POD = new PodReference("uid", "shop", "api-0");
  private static final Instant AT = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir private Path folder;

  private Journal open(String boot) throws IOException {
    return Journal.open(folder, boot, JSON);
  }

  private static JournalEntry.Backlog backlog(long cookie, int original) {
    return backlog(cookie, RaisedValue.intent(original, 0, AT, OnDelete.RESTORE).took(64, AT));
  }

  private static JournalEntry.Backlog backlog(long cookie, RaisedValue raised) {
    return new JournalEntry.Backlog(
        "uid", POD, null, "api", 4026532001L, "[::]:80", cookie, 7, null, raised);
  }

  private static JournalEntry.Sysctl somaxconn() {
    var raised = RaisedValue.intent(128, 0, AT, OnDelete.KEEP).took(4096, AT);
    return new JournalEntry.Sysctl("uid", POD, null, 4026532001L, "net.core.somaxconn", raised);
  }

  @Test
  void isAsItWasAfterARestart() throws IOException {
    try (var journal = open("boot")) {
      journal.put(backlog(-1, 5));
      journal.put(somaxconn());
    }
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(backlog(-1, 5), somaxconn());
    }
  }

  /** A probe that is updated must find what the one before it raised, and the other way round. */
  @Test
  void somaxconnIsWrittenAsItAlwaysWas() throws IOException {
    Files.writeString(
        folder.resolve("journal"),
        """
        {"boot":"boot"}
        {"somaxconn":{"cgroupUid":"uid","pod":{"uid":"uid","namespace":"shop","name":"api-0"},\
        "networkNamespace":4026532001,"raised":{"original":128,"applied":4096,"intended":0,\
        "at":"2026-11-22T12:00:00Z","onDelete":"Keep"}}}
        """);
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(somaxconn());
      assertThat(Files.readString(folder.resolve("journal"))).contains("{\"somaxconn\":{");
      journal.forget(somaxconn());
      assertThat(Files.readString(folder.resolve("journal")))
          .contains("{\"forget\":\"somaxconn/uid/4026532001\"}");
    }
  }

  @Test
  void aBacklogIsWrittenAsItAlwaysWasWhereNobodyContestsIt() throws IOException {
    String written =
        """
        {"boot":"boot"}
        {"backlog":{"cgroupUid":"uid","pod":{"uid":"uid","namespace":"shop","name":"api-0"},\
        "container":"api","networkNamespace":4026532001,"address":"[::]:80","cookie":1,"inode":7,\
        "raised":{"original":5,"applied":64,"intended":0,"at":"2026-11-22T12:00:00Z",\
        "onDelete":"Restore"}}}
        """;
    Files.writeString(folder.resolve("journal"), written);
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(backlog(1, 5));
      assertThat(Files.readString(folder.resolve("journal"))).isEqualTo(written);
    }
  }

  @Test
  void aContestIsAsItWasAfterARestart() throws IOException {
    var contest =
        Contest.NONE
            .setBackAt(Duration.ofMillis(8_123_450), AT, 64)
            .startedAt(Duration.ofMillis(8_124_000), AT, 64, new Contest.Starting(72, 812_399))
            .setBackAt(Duration.ofMillis(8_125_460), AT.plusMillis(2_010), 64)
            .with(71);
    var raised = backlog(1, backlog(1, 5).raised().with(contest));
    var contested = backlog(2, RaisedValue.contested(5, AT, OnDelete.KEEP, Contest.lostTo(71, AT)));
    try (var journal = open("boot")) {
      journal.put(raised);
      journal.put(contested);
    }
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(raised, contested);
      assertThat(Files.readString(folder.resolve("journal")))
          .contains("\"contest\":{\"pid\":71,\"setBack\":[8123.450000000,8125.460000000],");
    }
  }

  /** As the version wrote them that gave up after four tries. */
  @Test
  void contestsOfAnEarlierVersionAreRead() throws IOException {
    Files.writeString(
        folder.resolve("journal"),
        """
        {"boot":"boot"}
        {"backlog":{"cgroupUid":"uid","pod":{"uid":"uid","namespace":"shop","name":"api-0"},\
        "container":"api","networkNamespace":4026532001,"address":"[::]:80","cookie":1,"inode":7,\
        "raised":{"original":5,"applied":64,"intended":0,"at":"2026-11-22T12:00:00Z",\
        "onDelete":"Restore","contest":{"pid":71,"setBack":[8123.450000000,8125.460000000],\
        "lost":false}}}}
        {"backlog":{"cgroupUid":"uid","pod":{"uid":"uid","namespace":"shop","name":"api-0"},\
        "container":"api","networkNamespace":4026532001,"address":"[::]:80","cookie":2,"inode":7,\
        "raised":{"original":5,"applied":0,"intended":0,"at":"2026-11-22T12:00:00Z",\
        "onDelete":"Restore","contest":{"pid":71,"setBack":[],"lost":true}}}}
        """);
    try (var journal = open("boot")) {
      var raised = journal.backlog(1).orElseThrow().raised();
      var contest = Objects.requireNonNull(raised.contest());
      var third = contest.setBackAt(Duration.ofSeconds(8_130), AT, 64);
      assertThat(third.mayRaise(Duration.ofSeconds(8_130))).isTrue();
      assertThat(third.times()).isEqualTo(3);
      var fourth = third.setBackAt(Duration.ofSeconds(8_132), AT, 64);
      assertThat(fourth.mayRaise(Duration.ofSeconds(8_132))).isFalse();

      var lost = Objects.requireNonNull(journal.backlog(2).orElseThrow().raised().contest());
      assertThat(lost.mayRaise(Duration.ofSeconds(8_130))).isTrue();
      assertThat(lost.waits()).isEqualTo(1);
    }
  }

  @Test
  void sysctlsOfOneNamespaceAreHeldApart() throws IOException {
    var other =
        new JournalEntry.Sysctl(
            "uid", POD, null, 4026532001L, "net.ipv4.tcp_max_syn_backlog", somaxconn().raised());
    try (var journal = open("boot")) {
      journal.put(somaxconn());
      journal.put(other);
    }
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(somaxconn(), other);
      journal.forget(other);
      assertThat(journal.entries()).containsExactly(somaxconn());
    }
  }

  @Test
  void isReadableWithoutHavingBeenClosed() throws IOException {
    try (var killed = open("boot")) {
      killed.put(backlog(1, 5));
      killed.put(backlog(2, 6));
      killed.forget(backlog(1, 5));
      try (var next = open("boot")) {
        assertThat(next.entries()).containsExactly(backlog(2, 6));
      }
    }
  }

  @Test
  void theLastWordOnAKeyCounts() throws IOException {
    try (var journal = open("boot")) {
      journal.put(backlog(1, 5));
      journal.put(backlog(1, 9));
    }
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(backlog(1, 9));
    }
  }

  @Test
  void anotherBootDiscardsIt() throws IOException {
    try (var journal = open("boot")) {
      journal.put(backlog(1, 5));
    }
    try (var journal = open("another")) {
      assertThat(journal.entries()).isEmpty();
    }
    try (var journal = open("boot")) {
      assertThat(journal.entries()).isEmpty();
    }
  }

  @Test
  void whereverTheLastLineIsTornTheRestIsThere() throws IOException {
    try (var journal = open("boot")) {
      journal.put(backlog(1, 5));
      journal.put(backlog(2, 6));
    }
    var whole = Files.readAllBytes(folder.resolve("journal"));
    int lastLine = whole.length - 1;
    while (whole[lastLine - 1] != '\n') lastLine--;
    for (int length = lastLine; length < whole.length - 1; length++) {
      Files.write(folder.resolve("journal"), Arrays.copyOf(whole, length));
      try (var journal = open("boot")) {
        assertThat(journal.entries()).containsExactly(backlog(1, 5));
      }
    }
  }

  @Test
  void linesOfOthersAreSkippedAndCounted() throws IOException {
    try (var journal = open("boot")) {
      journal.put(backlog(1, 5));
    }
    Files.writeString(
        folder.resolve("journal"), "not json\n{\"new\":1}\n[]\n", StandardOpenOption.APPEND);
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(backlog(1, 5));
      assertThat(journal.discardedLines()).isPositive();
    }
  }

  @Test
  void linesOfNothingAreSkippedAndCounted() throws IOException {
    try (var journal = open("boot")) {
      journal.put(backlog(1, 5));
    }
    Files.writeString(
        folder.resolve("journal"),
        "null\n{\"backlog\":{}}\n{\"sysctl\":{\"cgroupUid\":\"u\"}}\n",
        StandardOpenOption.APPEND);
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(backlog(1, 5));
      assertThat(journal.discardedLines()).isEqualTo(3);
    }
  }

  @Test
  void doesNotGrowWithWhatIsForgotten() throws IOException {
    try (var journal = open("boot")) {
      journal.put(backlog(0, 5));
      for (int cookie = 1; cookie < 5_000; cookie++) {
        journal.put(backlog(cookie, 5));
        journal.forget(backlog(cookie, 5));
      }
      assertThat(Files.readAllLines(folder.resolve("journal"))).hasSizeLessThan(1_100);
    }
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(backlog(0, 5));
    }
  }

  @Test
  void doesNotGrowWithWhatIsSetBack() throws IOException {
    var contest = Contest.NONE.setBackAt(Duration.ofHours(1), AT, 64);
    try (var journal = open("boot")) {
      for (int tries = 0; tries < 2_000; tries++) {
        journal.put(backlog(1, RaisedValue.contested(5, AT, OnDelete.RESTORE, contest)));
        journal.put(backlog(1, 5));
      }
      assertThat(Files.readAllLines(folder.resolve("journal"))).hasSizeLessThan(1_100);
    }
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(backlog(1, 5));
    }
  }

  @Test
  void doesNotGrowWithRaisesThatAreNotDone() throws IOException {
    var raised = backlog(1, 5);
    var intent = raised.with(raised.raised().intending(128));
    try (var journal = open("boot")) {
      journal.put(raised);
      for (int tries = 0; tries < 2_000; tries++) {
        journal.put(intent);
        journal.takeBack(intent, raised);
      }
      assertThat(Files.readAllLines(folder.resolve("journal"))).hasSizeLessThan(1_100);
      journal.put(backlog(2, 5));
      journal.takeBack(backlog(2, 5), null);
    }
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(raised);
    }
  }

  @Test
  void whereItCannotBeMadeShorterItGoesOnAsItIs() throws IOException {
    try (var journal = open("boot")) {
      journal.put(backlog(0, 5));
      var inTheWay = Files.createDirectory(folder.resolve("journal.new"));
      for (int cookie = 1; cookie < 1_000; cookie++) {
        journal.put(backlog(cookie, 5));
        journal.forget(backlog(cookie, 5));
      }
      journal.put(backlog(1_000, 6));
      Files.delete(inTheWay);
      try (var next = open("boot")) {
        assertThat(next.entries()).containsExactly(backlog(0, 5), backlog(1_000, 6));
      }
    }
  }

  @Test
  void whereItCannotBeMadeShorterNothingIsWrittenBesideIt() throws IOException {
    try (var journal = open("boot")) {
      journal.put(backlog(0, 5));
      // A folder cannot be replaced by a file: the shorter journal is written, and cannot be moved.
      Files.move(folder.resolve("journal"), folder.resolve("moved"));
      Files.createDirectories(folder.resolve("journal/full"));
      for (int cookie = 1; cookie < 1_000; cookie++) {
        journal.put(backlog(cookie, 5));
        journal.forget(backlog(cookie, 5));
      }
      journal.put(backlog(1_000, 6));
      assertThat(Files.readString(folder.resolve("moved"))).contains("\"cookie\":1000,");
      assertThat(folder.resolve("journal.new")).doesNotExist();
    }
  }

  @Test
  void whatIsThereAlreadyIsNotWrittenAgain() throws IOException {
    try (var journal = open("boot")) {
      journal.put(backlog(1, 5));
      var before = new ArrayList<>(Files.readAllLines(folder.resolve("journal")));
      journal.put(backlog(1, 5));
      journal.forget(backlog(2, 5));
      assertThat(Files.readAllLines(folder.resolve("journal"))).isEqualTo(before);
    }
  }

  @Test
  void aRaiseIsOneLineAndAShortOne() throws IOException {
    var intent = backlog(1, RaisedValue.intent(5, 64, AT, OnDelete.RESTORE));
    var raised = backlog(1, 5);
    try (var journal = open("boot")) {
      journal.put(intent);
      journal.confirm(intent, raised);
      assertThat(journal.entries()).containsExactly(raised);
      assertThat(Files.readAllLines(folder.resolve("journal")))
          .hasSize(3)
          .last()
          .isEqualTo("{\"done\":\"listener/1\"}");
    }
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(raised);
      assertThat(Files.readAllLines(folder.resolve("journal"))).hasSize(2);
    }
  }

  @Test
  void whatIsNotAsIntendedIsWrittenDown() throws IOException {
    var intent = backlog(1, RaisedValue.intent(5, 1024, AT, OnDelete.RESTORE));
    var clamped = backlog(1, 5);
    var overwrote = backlog(2, RaisedValue.intent(5, 64, AT, OnDelete.RESTORE));
    var other = backlog(2, 9);
    try (var journal = open("boot")) {
      journal.put(intent);
      journal.confirm(intent, clamped);
      journal.put(overwrote);
      journal.confirm(overwrote, other);
    }
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(clamped, other);
    }
  }

  /** Lines as probes before this one wrote them: two for each raise. */
  @Test
  void intentsAndRaisesOfOlderProbesAreRead() throws IOException {
    var line =
        "{\"backlog\":{\"cgroupUid\":\"uid\",\"pod\":{\"uid\":\"uid\",\"namespace\":\"shop\","
            + "\"name\":\"api-0\"},\"container\":\"api\",\"networkNamespace\":4026532001,"
            + "\"address\":\"[::]:80\",\"cookie\":1,\"inode\":7,\"raised\":{\"original\":5,"
            + "\"applied\":%d,\"intended\":%d,\"at\":\"2026-11-22T12:00:00Z\",\"onDelete\":\"Restore\"}}}%n";
    Files.writeString(
        folder.resolve("journal"),
        "{\"boot\":\"boot\"}\n" + line.formatted(0, 64) + line.formatted(64, 0));
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(backlog(1, 5));
    }
  }

  @Test
  void aLineThatNeverEndsIsSkipped() throws IOException {
    try (var journal = open("boot")) {
      journal.put(backlog(1, 5));
    }
    Files.writeString(
        folder.resolve("journal"), "x".repeat(5_000_000) + "\n", StandardOpenOption.APPEND);
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(backlog(1, 5));
      assertThat(journal.discardedLines()).isEqualTo(1);
      journal.put(backlog(2, 5));
    }
    try (var journal = open("boot")) {
      assertThat(journal.entries()).containsExactly(backlog(1, 5), backlog(2, 5));
    }
  }

  /** It is made shorter in parts, and whenever it is killed in between it is whole. */
  @Test
  void whatComesWhileItIsMadeShorterIsInIt() throws IOException {
    var random = new Random(20261128);
    try (var journal = open("boot")) {
      for (int cookie = 1; cookie <= 1_500; cookie++) journal.put(backlog(cookie, 5));
      for (int act = 0; act < 6_000; act++) {
        int cookie = 1 + random.nextInt(1_600);
        switch (random.nextInt(3)) {
          case 0 -> journal.put(backlog(cookie, 6 + random.nextInt(50)));
          default -> journal.forget(backlog(cookie, 5));
        }
        if (act % 97 != 0) continue;
        var copy = Files.createDirectories(folder.resolve("copy"));
        Files.copy(
            folder.resolve("journal"),
            copy.resolve("journal"),
            StandardCopyOption.REPLACE_EXISTING);
        try (var next = Journal.open(copy, "boot", JSON)) {
          assertThat(next.entries()).containsExactlyInAnyOrderElementsOf(journal.entries());
        }
      }
      assertThat(Files.readAllLines(folder.resolve("journal"))).hasSizeLessThan(3_500);
    }
  }

  @Test
  void aSecondProbeDoesNotStart() throws IOException {
    try (var _ = JournalLock.take(folder, Duration.ZERO)) {
      assertThatThrownBy(() -> JournalLock.take(folder, Duration.ZERO))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another probe runs on this node")
          .hasMessageContaining(folder.resolve("journal.lock").toString());
    }
    JournalLock.take(folder, Duration.ZERO).close();
  }

  @Test
  void aProbeThatIsAboutToEndIsWaitedFor() throws Exception {
    var old = JournalLock.take(folder, Duration.ZERO);
    try (var background = Executors.newVirtualThreadPerTaskExecutor()) {
      var next = background.submit(() -> JournalLock.take(folder, Duration.ofMinutes(1)));
      assertThat(next.isDone()).isFalse();
      old.close();
      next.get(1, TimeUnit.MINUTES).close();
    }
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    var file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> Journal.open(file.resolve("journal"), "boot", JSON))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
  }
}
