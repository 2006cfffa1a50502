package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.kernel.fake.FakeSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somaxconn was when a listener got its backlog is known, or it is not said. */
class SomaxconnAtListenTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Pod pod;

  @BeforeEach
  void aPod() {
    node = new Node(folder);
    pod = node.pod();
  }

  private NodeListener told(FakeSocket socket) {
    return node.told(socket).orElseThrow();
  }

  private void observe() {
    node.spec(enforce(pod).minimum(8192).mode(Mode.OBSERVE));
  }

  @Test
  void ofOneThatListenedBeforeTheProbeItIsNotKnown() {
    pod.namespace().somaxconn(128);
    var socket = pod.start("api").listen("0.0.0.0", 80, 511);
    pod.namespace().somaxconn(4096);
    observe();

    assertThat(told(socket).backlog()).isEqualTo(128);
    assertThat(told(socket).somaxconnAtListen()).isNull();
    assertThat(told(socket).somaxconn()).isEqualTo(4096);
    assertThat(told(socket).verdict()).isEqualTo(Verdict.UNDERSIZED_BY_APPLICATION);
  }

  @Test
  void ofOneThatHasAllThereIsTheBacklogShowsIt() {
    pod.namespace().somaxconn(128);
    var socket = pod.start("api").listen("0.0.0.0", 80, 511);
    observe();

    assertThat(told(socket).somaxconnAtListen()).isEqualTo(128);
    assertThat(told(socket).verdict()).isEqualTo(Verdict.UNDERSIZED_BY_SOMAXCONN);
  }

  @Test
  void ofOneThatHasMoreThanThereIsItIsNotKnown() {
    var socket = pod.start("api").listen("0.0.0.0", 80, 1000);
    pod.namespace().somaxconn(128);
    observe();

    assertThat(told(socket).somaxconnAtListen()).isNull();
  }

  @Test
  void ofANewbornItIsKnownAndStaysSo() {
    var process = pod.start("api");
    observe();
    node.listing();
    var socket = process.listen("0.0.0.0", 80, 128);
    node.born(process, socket);
    node.pass(Duration.ofSeconds(12));
    pod.namespace().somaxconn(1000);
    node.listing();

    assertThat(told(socket).somaxconnAtListen()).isEqualTo(4096);
    assertThat(told(socket).somaxconn()).isEqualTo(1000);
  }

  @Test
  void aRestartedProbeKnowsWhatTheStatusTells() {
    var process = pod.start("api");
    observe();
    node.listing();
    var seen = process.listen("0.0.0.0", 80, 128);
    node.born(process, seen);
    node.pass(Duration.ofSeconds(12));
    var status = node.status();
    node.restart();
    var unseen = process.listen("0.0.0.0", 81, 128);
    node.spec(status, enforce(pod).minimum(8192).mode(Mode.OBSERVE));
    node.listing();
    node.pass(Duration.ofSeconds(12));

    assertThat(told(seen).somaxconnAtListen()).isEqualTo(4096);
    assertThat(told(unseen).somaxconnAtListen()).isNull();
  }

  /** It asked for more under a somaxconn that had been written a moment before. */
  @Test
  void ofOneThatListensAnewItIsWhatItIsAtThatMoment() {
    var process = pod.start("api");
    var socket = process.listen("0.0.0.0", 80, 128);
    observe();
    node.listing();
    pod.namespace().somaxconn(256);
    socket.listen(process, 2048);
    node.sweep();

    assertThat(told(socket).backlog()).isEqualTo(256);
    assertThat(told(socket).somaxconnAtListen()).isEqualTo(256);
    assertThat(told(socket).verdict()).isEqualTo(Verdict.UNDERSIZED_BY_SOMAXCONN);
  }
}
