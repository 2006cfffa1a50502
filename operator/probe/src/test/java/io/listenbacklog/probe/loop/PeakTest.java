package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.QueuePeak;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import io.listenbacklog.probe.report.ListenerSample;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The longest queue that was ever seen: what to ask for rests on it. */
class PeakTest {
  private static final Duration MOMENT = Duration.ofMillis(300);

  @TempDir private Path folder;
  private Node node;
  private Node.Pod pod;
  private FakeProcess process;
  private FakeSocket socket;

  @BeforeEach
  void aListener() {
    node = new Node(folder);
    pod = node.pod();
    process = pod.start("api");
    socket = process.listen("0.0.0.0", 9876, 64);
    node.spec(enforce(pod).mode(Mode.OBSERVE).minimum(null));
  }

  private void come(FakeSocket at, int clients) {
    for (int client = 0; client < clients; client++) at.connected();
  }

  private void accept(FakeSocket at, FakeProcess by, int clients) {
    for (int client = 0; client < clients; client++) at.accept(by);
  }

  private ListenerSample sample(int port) {
    return node.current().samples(100).listed().stream()
        .filter(each -> each.address().endsWith(":" + port))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whereNobodyEverWaitedThereIsNone() {
    node.sweep();

    assertThat(sample(9876).peak()).isZero();
    assertThat(sample(9876).peakSeconds()).isZero();
    assertThat(sample(9876).watchedSeconds()).isBetween(1, 60);
    assertThat(sample(9876).memoryBytes()).isEqualTo(65 * 135_168);
  }

  @Test
  void whatASweepSawIsKeptWhenTheQueueIsEmptyAgain() {
    come(socket, 7);
    node.sweep();
    long at = sample(9876).peakSeconds();
    accept(socket, process, 7);
    node.sweep();
    come(socket, 3);
    node.sweep();

    assertThat(sample(9876).queue()).isEqualTo(3);
    assertThat(sample(9876).peak()).isEqualTo(7);
    assertThat(sample(9876).peakSeconds()).isEqualTo(at).isPositive();
  }

  @Test
  void aBurstBetweenTwoSweepsIsSeenWhereTheQueueWasMoreThanHalfFull() {
    come(socket, 40);
    node.sweep();
    come(socket, 20);
    node.pass(MOMENT);
    accept(socket, process, 60);
    node.sweep();

    assertThat(sample(9876).queue()).isZero();
    assertThat(sample(9876).peak()).isEqualTo(60);
  }

  @Test
  void aQueueThatIsNotHalfFullIsLeftToTheSweeps() {
    come(socket, 10);
    node.sweep();
    come(socket, 50);
    node.pass(MOMENT);
    accept(socket, process, 60);
    node.sweep();

    assertThat(sample(9876).peak()).isEqualTo(10);
  }

  @Test
  void aQueueThatIsEmptyAgainIsNotLookedAtUntilTheNextSweep() {
    come(socket, 40);
    node.sweep();
    accept(socket, process, 40);
    node.pass(MOMENT);
    come(socket, 60);
    node.pass(MOMENT);
    accept(socket, process, 60);
    node.sweep();

    assertThat(sample(9876).peak()).isEqualTo(40);
  }

  /** One pod with many full queues leaves room for each other's fullest. */
  @Test
  void noPodTakesTheLooksOfAnother() {
    var crowd = node.pod();
    var many = crowd.start("many");
    for (int port = 1000; port < 1040; port++) come(many.listen("0.0.0.0", port, 128), 120);
    node.spec(enforce(pod, crowd).mode(Mode.OBSERVE).minimum(null));
    come(socket, 40);
    node.sweep();
    come(socket, 20);
    node.pass(MOMENT);
    accept(socket, process, 60);
    node.sweep();

    assertThat(sample(9876).peak()).isEqualTo(60);
  }

  @Test
  void theStatusTellsItOfAListenerThatIsTooSmall() {
    node.spec(enforce(pod).mode(Mode.OBSERVE).minimum(128));
    come(socket, 30);
    node.sweep();
    long at = sample(9876).peakSeconds();
    accept(socket, process, 30);
    node.sweep();

    assertThat(node.status().listeners()).hasSize(1);
    assertThat(node.status().listeners().getFirst().peak())
        .isEqualTo(new QueuePeak(30, Instant.ofEpochSecond(at)));
  }

  @Test
  void theStatusTellsNoneWhereNobodyEverWaited() {
    node.spec(enforce(pod).mode(Mode.OBSERVE).minimum(128));
    node.sweep();

    assertThat(node.status().listeners().getFirst().peak()).isNull();
  }

  /** There may be thousands of those that are raised, and nothing is the matter with them. */
  @Test
  void theStatusTellsNoneOfOneThatIsRaisedAndWell() {
    node.spec(enforce(pod).minimum(128));
    come(socket, 7);
    node.sweep();

    assertThat(sample(9876).peak()).isEqualTo(7);
    assertThat(node.status().listeners().getFirst().remedy()).isNotNull();
    assertThat(node.status().listeners().getFirst().peak()).isNull();
  }
}
