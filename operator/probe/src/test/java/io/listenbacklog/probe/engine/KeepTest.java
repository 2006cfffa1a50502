package io.listenbacklog.probe.engine;

import static io.listenbacklog.probe.engine.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Mode;
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
  private Node.Server server;

  @BeforeEach
  void aRemediedListener() {
    node = new Node(folder);
    server = node.server(5);
    node.spec(enforce(server));
  }

  @Test
  void anApplicationThatSetsItsOwnValueIsRaisedAgain() {
    server.listen(10);
    node.sweep();

    assertThat(server.backlog()).isEqualTo(64);
    assertThat(node.remedy(server.socket()).original()).isEqualTo(10);
  }

  @Test
  void afterThreeMoreTriesInTenMinutesItIsLeftAlone() {
    contest();
    node.pass(Duration.ofHours(1));

    assertThat(server.backlog()).isEqualTo(5);
    assertThat(node.kernel.relistens()).isEqualTo(4);
    var told = node.told(server.socket()).orElseThrow();
    assertThat(node.hindrance(server.socket()).reason()).isEqualTo(EventReasons.BACKLOG_CONTESTED);
    assertThat(told.remedy()).isNull();
  }

  private void contest() {
    isRaisedAgain(3);
    server.listen(5);
    node.sweep();
  }

  private void isRaisedAgain(int times) {
    for (int tries = 0; tries < times; tries++) {
      server.listen(5);
      node.sweep();
      assertThat(server.backlog()).isEqualTo(64);
    }
  }

  private void isLeftAlone() {
    server.listen(5);
    node.sweep();
    assertThat(server.backlog()).isEqualTo(5);
    assertThat(node.hindrance(server.socket()).reason()).isEqualTo(EventReasons.BACKLOG_CONTESTED);
  }

  private void restart() {
    node.restart();
    node.spec(enforce(server));
  }

  @Test
  void anApplicationThatSetsItsValueNowAndThenIsRaisedEachTime() {
    for (int tries = 0; tries < 12; tries++) {
      server.listen(5);
      node.pass(Duration.ofMinutes(4));
      assertThat(server.backlog()).isEqualTo(64);
    }
  }

  @Test
  void anApplicationThatSetsMoreInBetweenIsRaisedNoMoreOften() {
    for (int tries = 0; tries < 6; tries++) {
      server.listen(100);
      node.sweep();
      server.listen(5);
      node.sweep();
    }

    assertThat(node.kernel.relistens()).isEqualTo(4);
    assertThat(server.backlog()).isEqualTo(5);
    assertThat(node.hindrance(server.socket()).reason()).isEqualTo(EventReasons.BACKLOG_CONTESTED);
  }

  @Test
  void whatTheApplicationSetsJustBeforeItIsRaisedFurtherIsItsOwnAndCounts() {
    node.tricky.beforeRaise = () -> server.listen(7);
    node.spec(enforce(server).minimum(128));
    node.tricky.beforeRaise = () -> {};
    assertThat(server.backlog()).isEqualTo(128);
    assertThat(node.remedy(server.socket()).original()).isEqualTo(7);

    for (int tries = 0; tries < 3; tries++) {
      server.listen(7);
      node.sweep();
    }
    assertThat(server.backlog()).isEqualTo(7);
    assertThat(node.hindrance(server.socket()).reason()).isEqualTo(EventReasons.BACKLOG_CONTESTED);
  }

  @Test
  void aNewSocketStartsAfresh() {
    contest();
    server.process().close(server.socket());
    var next = server.process().listen("0.0.0.0", 9876, 5);
    node.born(server.process(), next);

    assertThat(next.backlog()).isEqualTo(64);
  }

  @Test
  void anotherProcessStartsAfresh() {
    var successor = server.process().fork();
    contest();
    server.process().exit();
    node.listing();

    assertThat(server.backlog()).isEqualTo(64);
    assertThat(node.told(server.socket()).orElseThrow().pid()).isEqualTo(successor.pid());
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
    assertThat(server.backlog()).isEqualTo(5);
    assertThat(node.hindrance(server.socket()).reason()).isEqualTo(EventReasons.BACKLOG_CONTESTED);
    assertThat(node.kernel.relistens()).isEqualTo(4);
  }

  @Test
  void whatIsSetBackWhileNoProbeIsThereCounts() {
    for (int tries = 0; tries < 3; tries++) {
      server.listen(5);
      restart();
      assertThat(server.backlog()).isEqualTo(64);
    }
    server.listen(5);
    restart();

    assertThat(server.backlog()).isEqualTo(5);
    assertThat(node.kernel.relistens()).isEqualTo(4);
  }

  @Test
  void aProbeThatIsKilledBetweenJournalAndActForgetsNoTry() {
    isRaisedAgain(2);
    server.listen(5);
    node.tricky.beforeRaise =
        () -> {
          throw new TrickyKernel.Killed();
        };
    assertThatThrownBy(node::sweep).isInstanceOf(TrickyKernel.Killed.class);
    node.tricky.beforeRaise = () -> {};

    restart();
    assertThat(server.backlog()).isEqualTo(64);
    isLeftAlone();
  }

  @Test
  void aRefusedTryForgetsNoneOfThoseBefore() {
    isRaisedAgain(2);
    node.kernel.refuseRelisten(new SyscallException("pidfd_getfd", Errno.EPERM));
    server.listen(5);
    node.sweep();
    assertThat(server.backlog()).isEqualTo(5);
    node.kernel.refuseRelisten(null);

    restart();
    assertThat(server.backlog()).isEqualTo(64);
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
    var successor = server.process().fork();
    contest();
    server.process().exit();
    server = new Node.Server(server.pod(), successor, server.socket());
    restart();
    assertThat(server.backlog()).isEqualTo(64);

    isRaisedAgain(3);
    isLeftAlone();
  }

  @Test
  void whoAsksAgainForWhatWasLostBeginsFromTheBeginning() {
    contest();
    node.spec(enforce(server).mode(Mode.OBSERVE));
    node.spec(enforce(server));
    assertThat(server.backlog()).isEqualTo(64);

    contest();
    node.spec();
    assertThat(node.status().listeners()).isEmpty();
    node.spec(enforce(server));
    assertThat(server.backlog()).isEqualTo(64);
  }

  @Test
  void aDoorThatCloses_isNotForcedOpen_andIsRaisedWhenItOpens() {
    server.listen(0);
    node.sweep();
    assertThat(server.backlog()).isZero();
    assertThat(node.told(server.socket()).orElseThrow().remedy()).isNull();

    server.listen(5);
    node.sweep();
    assertThat(server.backlog()).isEqualTo(64);
  }

  @Test
  void aDoorThatClosesJustBeforeTheRaise_isNotForcedOpen() {
    server.listen(5);
    node.tricky.beforeRaise = () -> server.listen(0);
    node.sweep();
    node.tricky.beforeRaise = () -> {};

    assertThat(server.backlog()).isZero();
    assertThat(node.told(server.socket()).orElseThrow().remedy()).isNull();
    assertThat(node.hindrance(server.socket()).reason()).isEqualTo(EventReasons.REMEDY_UNAVAILABLE);
    assertThat(node.hindrance(server.socket()).message()).contains("its backlog is 0");
    assertThat(node.kernel.relistens()).isEqualTo(1);

    server.listen(5);
    node.sweep();
    assertThat(server.backlog()).isEqualTo(64);
  }

  @Test
  void aSomaxconnThatIsLoweredIsRaisedAgain() {
    node.spec(enforce(server).somaxconn(8192));
    server.namespace().somaxconn(100);
    node.listing();

    assertThat(server.namespace().somaxconn()).isEqualTo(8192);
  }
}
