package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Mode;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    node.pass(Duration.ofMinutes(3)); // it has started
  }

  @Test
  void anApplicationThatSetsItsOwnValueIsRaisedAgain() {
    server.listen(10);
    node.sweep();

    assertThat(server.backlog()).isEqualTo(64);
    assertThat(node.remedy(server.socket()).original()).isEqualTo(10);
  }

  @Test
  void afterThreeMoreTriesInTenMinutesItIsRaisedAtGrowingIntervals() {
    contest();
    assertThat(node.told(server.socket()).orElseThrow().remedy()).isNull();
    for (int seconds : new int[] {30, 60, 120, 300, 600, 600, 600}) {
      node.pass(Duration.ofSeconds(seconds - 5));
      isWaiting();
      node.pass(Duration.ofSeconds(5));
      assertThat(server.backlog()).isEqualTo(64);
      server.listen(5);
      node.sweep();
      isWaiting();
    }
  }

  private void isWaiting() {
    assertThat(server.backlog()).isEqualTo(5);
    assertThat(node.hindrance(server.socket()).reason()).isEqualTo(EventReasons.BACKLOG_CONTESTED);
    assertThat(undersized()).isEqualTo(1);
  }

  private int undersized() {
    return node.status().policies().getFirst().listeners().undersized();
  }

  @Test
  void whileItGoesOnOneEventTellsHowOftenAndWhoAndWhatHoldsNow() {
    contest();
    var names = contested();
    assertThat(names).hasSize(1);
    node.pass(Duration.ofSeconds(40));
    assertThat(server.backlog()).isEqualTo(64);
    assertThat(undersized()).isZero();
    assertThat(contested()).isEqualTo(names);

    var contest = requireNonNull(node.told(server.socket()).orElseThrow().contest());
    assertThat(contest.times()).isEqualTo(4);
    assertThat(contest.holders()).isEqualTo(1);
    server.process().fork();
    node.pass(Duration.ofMinutes(3));
    for (int listens = 0; listens < 2; listens++) {
      server.listen(5); // the child may have been slow
      node.sweep();
    }
    server.listen(5);
    node.sweep();
    contest = requireNonNull(node.told(server.socket()).orElseThrow().contest());
    assertThat(contest.times()).isEqualTo(5);
    assertThat(contest.holders()).isEqualTo(2);
    assertThat(contested()).isEqualTo(names);
    assertThat(node.events(node.status()))
        .noneMatch(each -> each.reason().equals(EventReasons.BACKLOG_TOO_SMALL));

    node.pass(Duration.ofMinutes(70));
    assertThat(server.backlog()).isEqualTo(64);
    assertThat(contested()).isEmpty();
    isRaisedAgain(3);
  }

  private List<String> contested() {
    return names(EventReasons.BACKLOG_CONTESTED);
  }

  private List<String> names(String reason) {
    return node.events(node.status()).stream()
        .filter(each -> each.reason().equals(reason))
        .flatMap(each -> each.eventNames().stream())
        .toList();
  }

  @Test
  void whatIsRaisedAgainIsNotToldAgain() {
    var before = names(EventReasons.BACKLOG_RAISED);
    isRaisedAgain(3);
    assertThat(names(EventReasons.BACKLOG_RAISED)).isEqualTo(before).hasSize(1);

    node.spec(enforce(server).minimum(128));
    assertThat(names(EventReasons.BACKLOG_RAISED)).hasSize(1).isNotEqualTo(before);
  }

  /** gunicorn with uvicorn workers: each listens on what it inherited, when it has imported. */
  @Test
  void workersThatListenAsTheyStartContestNothing() {
    var before = names(EventReasons.BACKLOG_RAISED);
    for (int generation = 0; generation < 30; generation++) {
      var workers = new ArrayList<FakeProcess>();
      for (int i = 0; i < 8; i++) workers.add(server.process().fork());
      for (var worker : workers) {
        node.pass(Duration.ofSeconds(3));
        server.socket().listen(worker, 32);
        node.sweep();
        assertThat(server.backlog()).isEqualTo(64);
      }
      workers.forEach(FakeProcess::exit);
    }
    assertThat(contested()).isEmpty();
    assertThat(names(EventReasons.BACKLOG_RAISED)).isEqualTo(before);
  }

  /** A model that takes minutes to load, by one worker at a time. */
  @Test
  void aWorkerThatStartsSlowlyContestsNothing() {
    for (int generation = 0; generation < 10; generation++) {
      var worker = server.process().fork();
      node.pass(Duration.ofMinutes(5));
      server.socket().listen(worker, 5);
      node.sweep();
      assertThat(server.backlog()).isEqualTo(64);
      worker.exit();
    }
    assertThat(contested()).isEmpty();
  }

  /** A listener that listens from the beginning has no worker that starts. */
  @Test
  void aChildThatHoldsNothingOfItExcusesNobody() {
    for (int tries = 0; tries < 4; tries++) {
      server.pod().start("api");
      server.listen(5);
      node.sweep();
    }
    isWaiting();
  }

  /** What it costs to answer somebody who does nothing else, for ever. */
  @Test
  void anApplicationThatDoesNothingElseIsRaisedSixTimesAnHour() throws IOException {
    for (int hour = 0; hour < 4; hour++) {
      int before = node.kernel.relistens();
      setBackFor(Duration.ofHours(1));
      assertThat(node.kernel.relistens() - before).isBetween(5, hour == 0 ? 13 : 7);
    }
    assertThat(contested()).hasSize(1);
    assertThat(journalLines()).isLessThan(200);
  }

  /** One that forks, so that there is always a process that might be starting. */
  @Test
  void anApplicationThatForksIsExcusedTwiceAProcess() throws IOException {
    var child = server.process().fork();
    for (int minute = 0; minute < 30; minute++) {
      setBackFor(Duration.ofMinutes(1));
      child.exit();
      child = server.process().fork();
    }
    int excused = 2 * 30;
    assertThat(node.kernel.relistens()).isLessThanOrEqualTo(1 + excused + 13);
    assertThat(contested()).hasSize(1);
    assertThat(journalLines()).isLessThan(200);
  }

  /** One that forks each time it does it. */
  @Test
  void anApplicationThatForksAsOftenIsRaisedOnceInTwoSecondsAtMost() {
    for (int second = 0; second < 1800; second++) {
      var child = server.process().fork();
      server.socket().listen(child, 5);
      node.pass(Duration.ofSeconds(1));
      child.exit();
    }
    assertThat(node.kernel.relistens()).isLessThanOrEqualTo(1 + 900 + 30 + 13);
  }

  /** It is young, and does nothing else all the same. */
  @Test
  void aProcessThatHasJustStartedAndListensAgainAndAgainIsExcusedTwice() {
    server = node.server(5);
    node.spec(enforce(server));
    isRaisedAgain(2);
    contest();
    isWaiting();
  }

  /** Each listens on what it inherited as it starts, and again when its model is loaded. */
  @Test
  void workersThatListenTwiceContestNothing() {
    for (int generation = 0; generation < 5; generation++) {
      var workers = new ArrayList<FakeProcess>();
      for (int i = 0; i < 8; i++) workers.add(server.process().fork());
      for (int listens = 0; listens < 2; listens++) {
        for (var worker : workers) {
          node.pass(Duration.ofSeconds(3));
          server.socket().listen(worker, 32);
          node.sweep();
          assertThat(server.backlog()).isEqualTo(64);
        }
      }
      workers.forEach(FakeProcess::exit);
    }
    assertThat(contested()).isEmpty();
  }

  /** All forked at once, and each takes longer than the one before. */
  @Test
  void workersThatStartSlowlyAndAtDifferentPaceContestNothing() {
    var workers = new ArrayList<FakeProcess>();
    for (int i = 0; i < 8; i++) workers.add(server.process().fork());
    for (var worker : workers) {
      node.pass(Duration.ofMinutes(4));
      server.socket().listen(worker, 32);
      node.sweep();
      assertThat(server.backlog()).isEqualTo(64);
    }
    assertThat(contested()).isEmpty();
    isRaisedAgain(8); // as far as anybody can see they do it again
    contest();
    isWaiting();
  }

  private void setBackFor(Duration time) {
    for (long seconds = 0; seconds < time.toSeconds(); seconds++) {
      server.listen(5);
      node.pass(Duration.ofSeconds(1));
    }
  }

  /** haproxy at SIGTTOU and SIGTTIN: it shuts the socket down, and listens on it again. */
  @Test
  void aListenerThatPausesWithinASweepContestsNothing() {
    for (int tries = 0; tries < 10; tries++) {
      server.listen(5);
      node.born(server.process(), server.socket());
      node.sweep();
      assertThat(server.backlog()).isEqualTo(64);
    }
    assertThat(contested()).isEmpty();
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
    for (int tries = 0; tries < 4; tries++) {
      server.listen(100);
      node.sweep();
      server.listen(5);
      node.sweep();
    }

    assertThat(node.kernel.relistens()).isEqualTo(4);
    isWaiting();
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
    node.pass(Duration.ofMinutes(3));
    isRaisedAgain(2); // the child may have been slow
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
    isWaiting();
    assertThat(node.kernel.relistens()).isEqualTo(4);
    node.pass(Duration.ofSeconds(30));
    assertThat(server.backlog()).isEqualTo(64);
    server.listen(5);
    node.sweep();
    restart();
    node.pass(Duration.ofSeconds(50));
    isWaiting();
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
    node.pass(Duration.ofMinutes(3));
    isRaisedAgain(2); // the child may have been slow
    contest();
    isWaiting();
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
