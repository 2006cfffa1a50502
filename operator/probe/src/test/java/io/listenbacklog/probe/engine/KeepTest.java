package io.listenbacklog.probe.engine;

import static io.listenbacklog.probe.engine.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeepTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Pod pod;
  private FakeProcess process;
  private FakeSocket socket;

  @BeforeEach
  void aRemediedListener() {
    node = new Node(folder);
    pod = node.pod();
    process = pod.start("api");
    socket = process.listen("0.0.0.0", 9876, 5);
    node.spec(enforce(pod));
  }

  @Test
  void anApplicationThatSetsItsOwnValueIsRaisedAgain() {
    socket.listen(process, 10);
    node.sweep();

    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(node.remedy(socket).original()).isEqualTo(10);
  }

  @Test
  void afterThreeMoreTriesInTenMinutesItIsLeftAlone() {
    contest();
    node.pass(Duration.ofHours(1));

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.kernel.relistens()).isEqualTo(4);
    var told = node.told(socket).orElseThrow();
    assertThat(node.hindrance(socket).reason()).isEqualTo(EventReasons.BACKLOG_CONTESTED);
    assertThat(told.remedy()).isNull();
  }

  private void contest() {
    for (int tries = 0; tries < 3; tries++) {
      socket.listen(process, 5);
      node.sweep();
      assertThat(socket.backlog()).isEqualTo(64);
    }
    socket.listen(process, 5);
    node.sweep();
  }

  @Test
  void anApplicationThatSetsItsValueNowAndThenIsRaisedEachTime() {
    for (int tries = 0; tries < 12; tries++) {
      socket.listen(process, 5);
      node.pass(Duration.ofMinutes(4));
      assertThat(socket.backlog()).isEqualTo(64);
    }
  }

  @Test
  void aNewSocketStartsAfresh() {
    contest();
    process.close(socket);
    var next = process.listen("0.0.0.0", 9876, 5);
    node.born(process, next);

    assertThat(next.backlog()).isEqualTo(64);
  }

  @Test
  void anotherProcessStartsAfresh() {
    var successor = process.fork();
    contest();
    process.exit();
    node.listing();

    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(node.told(socket).orElseThrow().pid()).isEqualTo(successor.pid());
  }

  @Test
  void aDoorThatCloses_isNotForcedOpen_andIsRaisedWhenItOpens() {
    socket.listen(process, 0);
    node.sweep();
    assertThat(socket.backlog()).isZero();
    assertThat(node.told(socket).orElseThrow().remedy()).isNull();

    socket.listen(process, 5);
    node.sweep();
    assertThat(socket.backlog()).isEqualTo(64);
  }

  @Test
  void aSomaxconnThatIsLoweredIsRaisedAgain() {
    node.spec(enforce(pod).somaxconn(8192));
    pod.namespace().somaxconn(100);
    node.listing();

    assertThat(pod.namespace().somaxconn()).isEqualTo(8192);
  }
}
