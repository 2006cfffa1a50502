package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverflowTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Pod pod;
  private FakeProcess process;
  private FakeSocket socket;

  @BeforeEach
  void aListenerThatIsOnlyObserved() {
    node = new Node(folder);
    pod = node.pod();
    process = pod.start("api");
    socket = process.listen("0.0.0.0", 9876, 2);
    node.spec(observe(pod));
  }

  private static Node.Need observe(Node.Pod... pods) {
    return enforce(pods).mode(Mode.OBSERVE).minimum(null);
  }

  private static void connect(FakeSocket socket, int times) {
    for (int i = 0; i < times; i++) socket.connect();
  }

  @Test
  void isToldInTheSweepAfterIt() {
    connect(socket, 3 + 7);
    node.sweep();

    var overflow = node.overflow(socket);
    assertThat(overflow.attempts()).isEqualTo(7);
    assertThat(overflow.queue()).isEqualTo(3);
    assertThat(overflow.backlog()).isEqualTo(2);
    assertThat(overflow.times()).isEqualTo(1);
    assertThat(overflow.since()).isEqualTo(overflow.last());
    assertThat(node.status().policies().getFirst().listeners().overflowing()).isEqualTo(1);
    assertThat(socket.backlog()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {-60, 60})
  void aClockThatSomebodySetsNeitherKeepsItNorItsNumbers(int minutes) {
    connect(socket, 4);
    node.sweep();
    node.clockSetBy = Duration.ofMinutes(minutes);
    connect(socket, 2);
    node.pass(Duration.ofSeconds(40));
    assertThat(node.overflow(socket).attempts()).isEqualTo(3);

    node.pass(Duration.ofMinutes(4));
    assertThat(node.overflows(socket)).isTrue();
    node.pass(Duration.ofMinutes(2));
    assertThat(node.overflows(socket)).isFalse();
  }

  @Test
  void aClockThatDiffersFromTheApiServersIsToldAsThat() {
    node.current().clockIsBehind(Duration.ofHours(1));
    node.sweep();
    assertThat(node.status().capabilities().getLast().type()).isEqualTo("Clock");
    assertThat(node.status().capabilities().getLast().message()).contains("3600 s behind");

    node.current().clockIsBehind(Duration.ZERO);
    node.sweep();
    assertThat(node.status().capabilities()).noneMatch(each -> each.type().equals("Clock"));
  }

  @Test
  void isToldThoughTheQueueIsEmptyAgain() {
    connect(socket, 4);
    for (int i = 0; i < 3; i++) socket.accept();
    node.sweep();

    assertThat(node.overflow(socket).attempts()).isEqualTo(1);
    assertThat(node.overflow(socket).queue()).isZero();
  }

  @Test
  void aLastAckIsOneAttemptThoughItIsTwoDrops() {
    connect(socket, 3);
    socket.dropLastAck();
    node.sweep();

    assertThat(node.overflow(socket).attempts()).isEqualTo(1);
  }

  @Test
  void aFullQueueAloneIsNone() {
    connect(socket, 3);
    node.listing();

    assertThat(node.told(socket)).isEmpty();
  }

  @Test
  void strayResetsAndDeferredClientsAreNone() {
    var deferring = process.listen("0.0.0.0", 9877, 2);
    deferring.deferAccept();
    node.born(process, deferring);
    for (int i = 0; i < 10; i++) {
      socket.strayReset();
      deferring.connect();
    }
    node.sweep();

    assertThat(node.status().listeners()).isEmpty();
  }

  @Test
  void ofSeveralTheOneThatIsFullOverflowed() {
    var other = process.listen("0.0.0.0", 9877, 2);
    node.born(process, other);
    connect(socket, 5);
    for (int i = 0; i < 10; i++) other.strayReset();
    node.sweep();

    assertThat(node.overflow(socket).attempts()).isEqualTo(2);
    assertThat(node.told(other)).isEmpty();
  }

  @Test
  void anOverflowOfAListenerThatIsGoneIsBlamedOnNobody() {
    var other = process.listen("0.0.0.0", 9877, 2);
    node.born(process, other);
    connect(other, 9);
    process.close(other);
    socket.strayReset();
    node.sweep();

    assertThat(node.status().listeners()).isEmpty();
  }

  @Test
  void anOverflowOfAListenerThatIsNotKnownYetIsBlamedOnNobody() {
    connect(process.listen("0.0.0.0", 9877, 2), 9);
    socket.strayReset();
    node.listing();

    assertThat(node.status().listeners()).isEmpty();
  }

  @Test
  void whatWasDroppedBeforeTheFirstLookIsNone() {
    var late = node.pod();
    var there = late.start("api").listen("0.0.0.0", 80, 2);
    connect(there, 50);

    node.spec(observe(pod, late));
    node.listing();
    assertThat(node.told(there)).isEmpty();

    connect(there, 1);
    node.sweep();
    assertThat(node.overflow(there).attempts()).isEqualTo(1);
  }

  @Test
  void aRestartedProbeTellsNoneOfWhatIsPast() {
    connect(socket, 50);
    node.restart();
    node.spec(observe(pod));
    node.listing();

    assertThat(node.status().listeners()).isEmpty();
  }

  @Test
  void aBirthInBetweenLosesNothing() {
    connect(socket, 5);
    var second = process.listen("0.0.0.0", 9876, 2);
    node.born(process, second);
    node.sweep();

    assertThat(node.overflow(socket).attempts()).isEqualTo(2);
  }

  @Test
  void onTheNodesNetworkOnlyAFullQueueProves() {
    var onNode = node.hostNetworkPod();
    var mine = onNode.start("proxy").listen("0.0.0.0", 8080, 2);
    var kubelet = node.kernel.process(node.own, "kubelet").listen("0.0.0.0", 10250, 2);
    node.spec(observe(onNode));
    connect(kubelet, 30);
    mine.strayReset();
    node.sweep();
    assertThat(node.status().listeners()).isEmpty();

    connect(mine, 5);
    node.sweep();
    assertThat(node.overflow(mine).attempts()).isEqualTo(2);
    assertThat(node.status().listeners()).hasSize(1);
  }

  @Test
  void anExemptPortIsExemptFromThisToo() {
    node.spec(observe(pod).port(new NodePort(9876, null, null, true)));
    connect(socket, 9);
    node.sweep();

    assertThat(node.status().listeners()).isEmpty();
  }

  @Test
  void whileItLastsItsNumbersAreToldEveryHalfMinute() {
    int before = node.statuses.size();
    for (int sweep = 0; sweep < 150; sweep++) { // five minutes
      connect(socket, 4);
      node.pass(Duration.ofSeconds(2));
    }

    assertThat(node.statuses.size() - before).isBetween(9, 12);
    assertThat(node.overflow(socket).attempts()).isGreaterThan(500);
    assertThat(node.overflow(socket).times()).isGreaterThan(130);
  }

  @Test
  void itsLastNumbersAreToldThoughItIsOver() {
    connect(socket, 4);
    node.sweep();
    connect(socket, 10);
    node.sweep();
    assertThat(node.overflow(socket).attempts()).isEqualTo(1);

    node.pass(Duration.ofSeconds(40));
    assertThat(node.overflow(socket).attempts()).isEqualTo(11);
    assertThat(node.overflow(socket).times()).isEqualTo(2);
  }

  @Test
  void itIsForgottenAfterFiveQuietMinutes() {
    connect(socket, 4);
    node.sweep();
    var first = node.overflow(socket).since();

    node.pass(Duration.ofMinutes(4));
    connect(socket, 4);
    node.pass(Duration.ofMinutes(4));
    assertThat(node.overflow(socket).since()).isEqualTo(first);

    node.pass(Duration.ofMinutes(2));
    assertThat(node.status().listeners()).isEmpty();
    assertThat(node.status().policies().getFirst().listeners().overflowing()).isZero();

    connect(socket, 1);
    node.sweep();
    assertThat(node.overflow(socket).attempts()).isEqualTo(1);
    assertThat(node.overflow(socket).since()).isAfter(first);
  }

  @Test
  void aDropThatProvesNothingCostsOneLookAtTheCounters() {
    node.pass(Duration.ofMinutes(5));
    int before = pod.namespace().counterReads();
    node.pass(Duration.ofMinutes(5));
    int quiet = pod.namespace().counterReads() - before; // for the SYN queues, in turns

    socket.strayReset();
    node.pass(Duration.ofMinutes(5));
    assertThat(pod.namespace().counterReads() - before - quiet).isBetween(quiet + 1, quiet + 2);
  }
}
