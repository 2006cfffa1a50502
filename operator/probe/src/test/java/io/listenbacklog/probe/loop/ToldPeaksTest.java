package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.INTEGER;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Overflow;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.QueuePeak;
import io.listenbacklog.api.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A queue that flickers is no reason for a status; what is told anyway has the newest peak. */
class ToldPeaksTest {
  private static final Instant AT = Instant.parse("2026-11-28T11:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "4096,    1,  500, true", // not an eighth of it yet
    "4096,    1,  513, false",
    "4096, 1000, 1000, true",
    "4096, 1000, 1511, true",
    "4096, 1000, 1512, false",
    "4096, 4000, 4097, true", // the last few of a full queue
    "   5,    0,    1, false", // one of five is more than an eighth
    "   5,    5,    6, false",
    " 128,  100,   10, true", // it is another probe's; the longer one was told
  })
  void aPeakIsToldWhenItGrewByAnEighthOfTheBacklog(int backlog, int told, int now, boolean isTold) {
    assertThat(ToldPeaks.isTold(status(listener(backlog, told)), status(listener(backlog, now))))
        .isEqualTo(isTold);
  }

  @Test
  void anyOtherChangeIsToldAndThePeakWithIt() {
    var told = status(listener(4_096, 10));
    var overflow = new Overflow(3, 5, 5, 1, AT, AT);

    assertThat(ToldPeaks.isTold(null, told)).isFalse();
    assertThat(ToldPeaks.isTold(told, status(listener(4_096, 11, overflow)))).isFalse();
    assertThat(ToldPeaks.isTold(told, status(listener(4_095, 11)))).isFalse();
    assertThat(ToldPeaks.isTold(told, status(listener(4_096, 11), listener(4_096, 0)))).isFalse();
    assertThat(ToldPeaks.isTold(told, status(2, listener(4_096, 11)))).isFalse();
  }

  @Test
  void oneOfManyThatGrewIsEnough() {
    var before = IntStream.range(0, 50).mapToObj(_ -> listener(128, 20)).toList();
    var after = new ArrayList<>(before);
    after.set(7, listener(128, 21));
    assertThat(ToldPeaks.isTold(status(1, before), status(1, after))).isTrue();

    after.set(49, listener(128, 36));
    assertThat(ToldPeaks.isTold(status(1, before), status(1, after))).isFalse();
  }

  /** Sweep after sweep one connection more waits than ever before. */
  @Test
  void aQueueThatFlickersMakesNineStatusesAtMostAndTheNextTellsItsPeak(@TempDir Path folder) {
    var node = new Node(folder);
    var pod = node.pod();
    var process = pod.start("api");
    var socket = process.listen("0.0.0.0", 9876, 64);
    node.spec(enforce(pod).mode(Mode.OBSERVE).minimum(1_024));
    node.pass(Duration.ofSeconds(10));
    int before = node.statuses.size();

    for (int clients = 1; clients <= 62; clients++) {
      for (int client = 0; client < clients; client++) socket.connected();
      node.sweep();
      for (int client = 0; client < clients; client++) socket.accept(process);
      node.sweep();
    }
    assertThat(node.statuses.size() - before).isBetween(2, 9);
    assertThat(node.status().listeners().getFirst().peak())
        .extracting(QueuePeak::connections, as(INTEGER))
        .isBetween(55, 61);

    node.spec(enforce(pod).mode(Mode.OBSERVE).minimum(512));
    assertThat(node.status().listeners().getFirst().peak())
        .extracting(QueuePeak::connections)
        .isEqualTo(62);
  }

  private static NodeBacklogStatus status(NodeListener... listeners) {
    return status(1, listeners);
  }

  private static NodeBacklogStatus status(long generation, NodeListener... listeners) {
    return status(generation, Arrays.asList(listeners));
  }

  private static NodeBacklogStatus status(long generation, List<NodeListener> listeners) {
    return new NodeBacklogStatus(
        generation, "boot", List.of(), List.of(), listeners, List.of(), List.of());
  }

  private static NodeListener listener(int backlog, int peak) {
    return listener(backlog, peak, null);
  }

  private static NodeListener listener(int backlog, int peak, @Nullable Overflow overflow) {
    return new NodeListener(
            new PodReference("uid", "shop", "api"),
            null,
            "api",
            "python3",
            71,
            null,
            "0.0.0.0:9876",
            4_026_532_000L,
            1_001,
            "0000000000000001",
            backlog,
            backlog,
            8_192,
            4_096,
            Verdict.UNDERSIZED_BY_APPLICATION,
            AT,
            null,
            null,
            null,
            overflow,
            null,
            null)
        .withPeak(peak == 0 ? null : new QueuePeak(peak, AT.plusSeconds(peak)));
  }
}
