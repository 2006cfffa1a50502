package io.listenbacklog.probe.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.probe.telemetry.Counters;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatusPublisherTest {
  private final Counters tally = new Counters();
  private final List<NodeBacklogStatus> written = new CopyOnWriteArrayList<>();
  private volatile boolean away;
  private final StatusPublisher writer = new StatusPublisher(this::write, tally);
  private final Thread thread = new Thread(writer, "status");

  private void write(NodeBacklogStatus status) throws IOException {
    if (away) throw new IOException("connection refused");
    written.add(status);
  }

  private static NodeBacklogStatus status(long generation) {
    return new NodeBacklogStatus(
        generation, "boot", List.of(), List.of(), List.of(), List.of(), List.of());
  }

  @BeforeEach
  void start() {
    thread.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }

  @Test
  void theNewestIsWrittenOnce() {
    writer.offer(status(1));
    await().until(() -> written.size() == 1);
    writer.offer(status(1));
    writer.offer(status(2));

    await().until(() -> written.contains(status(2)));
    assertThat(written).containsExactly(status(1), status(2));
  }

  @Test
  void aFloodBecomesAFewWrites() {
    for (int generation = 1; generation <= 1_000; generation++) writer.offer(status(generation));

    await().until(() -> written.contains(status(1_000)));
    assertThat(written).hasSizeLessThan(20);
  }

  @Test
  void whatCouldNotBeWrittenIsWrittenWhenTheApiIsBack() {
    away = true;
    writer.offer(status(1));
    await().until(() -> tally.statusFailures.get() > 0);
    away = false;

    await().until(() -> written.contains(status(1)));
  }

  @Test
  void aStatusThatIsLostWithItsObjectIsWrittenAgain() {
    writer.offer(status(1));
    await().until(() -> written.size() == 1);
    writer.writeAgain();

    await().until(() -> written.size() == 2);
  }

  @Test
  void theLastOneIsWrittenBeforeItStops() throws InterruptedException {
    writer.offer(status(1));

    assertThat(writer.flush(Duration.ofSeconds(10))).isTrue();
    assertThat(written).contains(status(1));
  }

  @Test
  void itDoesNotWaitForAnApiThatIsAway() throws InterruptedException {
    away = true;
    writer.offer(status(1));

    assertThat(writer.flush(Duration.ofMillis(50))).isFalse();
  }
}
