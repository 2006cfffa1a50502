package io.listenbacklog.probe.engine;

import static io.listenbacklog.probe.engine.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Mode;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
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
    isRaisedAgain(3);
    socket.listen(process, 5);
    node.sweep();
  }

  private void isRaisedAgain(int times) {
    for (int tries = 0; tries < times; tries++) {
      socket.listen(process, 5);
      node.sweep();
      assertThat(socket.backlog()).isEqualTo(64);
    }
  }

  private void isLeftAlone() {
    socket.listen(process, 5);
    node.sweep();
    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.hindrance(socket).reason()).isEqualTo(EventReasons.BACKLOG_CONTESTED);
  }

  private void restart() {
    node.restart();
    node.spec(enforce(pod));
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
  void aProbeThatRestartsAfterEachTryTriesNoMoreOften() {
    for (int tries = 0; tries < 3; tries++) {
      isRaisedAgain(1);
      restart();
    }
    isLeftAlone();

    restart();
    node.pass(Duration.ofHours(1));
    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.hindrance(socket).reason()).isEqualTo(EventReasons.BACKLOG_CONTESTED);
    assertThat(node.kernel.relistens()).isEqualTo(4);
  }

  @Test
  void whatIsSetBackWhileNoProbeIsThereCounts() {
    for (int tries = 0; tries < 3; tries++) {
      socket.listen(process, 5);
      restart();
      assertThat(socket.backlog()).isEqualTo(64);
    }
    socket.listen(process, 5);
    restart();

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.kernel.relistens()).isEqualTo(4);
  }

  @Test
  void aProbeThatIsKilledBetweenJournalAndActForgetsNoTry() {
    isRaisedAgain(2);
    socket.listen(process, 5);
    node.tricky.beforeRaise =
        () -> {
          throw new TrickyKernel.Killed();
        };
    assertThatThrownBy(node::sweep).isInstanceOf(TrickyKernel.Killed.class);
    node.tricky.beforeRaise = () -> {};

    restart();
    assertThat(socket.backlog()).isEqualTo(64);
    isLeftAlone();
  }

  @Test
  void aRefusedTryForgetsNoneOfThoseBefore() {
    isRaisedAgain(2);
    node.kernel.refuseRelisten(new SyscallException("pidfd_getfd", Errno.EPERM));
    socket.listen(process, 5);
    node.sweep();
    assertThat(socket.backlog()).isEqualTo(5);
    node.kernel.refuseRelisten(null);

    restart();
    assertThat(socket.backlog()).isEqualTo(64);
    isLeftAlone();
  }

  @Test
  void aTryIsThreeLinesOfTheJournal() throws IOException {
    int before = journalLines();
    isRaisedAgain(1);
    // It was set back, it is to be raised, it was raised.
    assertThat(journalLines()).isEqualTo(before + 3);
  }

  private int journalLines() throws IOException {
    return Files.readAllLines(folder.resolve("journal")).size();
  }

  @Test
  void triesBeforeARestartCountForTenMinutesWhateverTheTimeOfDay() {
    isRaisedAgain(3);
    node.pass(Duration.ofMinutes(9));
    node.clockSetBy = Duration.ofDays(1);
    restart();
    isLeftAlone();
  }

  @Test
  void triesBeforeARestartCountNoLongerThanTenMinutesWhateverTheTimeOfDay() {
    isRaisedAgain(3);
    node.pass(Duration.ofMinutes(10));
    node.clockSetBy = Duration.ofDays(-1);
    restart();
    isRaisedAgain(3);
    isLeftAlone();
  }

  /** Its cookies begin anew, and its uptime. */
  @Test
  void triesOfAnotherBootDoNotCount() {
    isRaisedAgain(3);
    node.kernel.bootId("00000000-0000-4000-8000-000000000002");
    restart();
    isRaisedAgain(4); // for the first time, and three times more
    isLeftAlone();
  }

  @Test
  void anotherProcessStartsAfreshThoughTheProbeRestarts() {
    var successor = process.fork();
    contest();
    process.exit();
    process = successor;
    restart();
    assertThat(socket.backlog()).isEqualTo(64);

    isRaisedAgain(3);
    isLeftAlone();
  }

  @Test
  void whoAsksAgainForWhatWasLostBeginsFromTheBeginning() {
    contest();
    node.spec(enforce(pod).mode(Mode.OBSERVE));
    node.spec(enforce(pod));
    assertThat(socket.backlog()).isEqualTo(64);

    contest();
    node.spec();
    assertThat(node.status().listeners()).isEmpty();
    node.spec(enforce(pod));
    assertThat(socket.backlog()).isEqualTo(64);
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
