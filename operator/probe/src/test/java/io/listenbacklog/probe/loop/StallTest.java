package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.DescriptorUse;
import io.listenbacklog.api.FormerServer;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.StalledThread;
import io.listenbacklog.api.ThreadActivity;
import io.listenbacklog.api.WaitingSeen;
import io.listenbacklog.kernel.fake.FakeConnection;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import io.listenbacklog.kernel.threads.BlockedCall;
import io.listenbacklog.kernel.threads.FdTarget;
import io.listenbacklog.kernel.threads.ThreadFacts.Condition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StallTest {
  private static final BlockedCall EPOLL =
      new BlockedCall("epoll_wait", 4, new FdTarget("eventpoll", 0));

  @TempDir private Path folder;
  private Node node;
  private Node.Pod pod;
  private FakeProcess process;
  private FakeSocket socket;

  @BeforeEach
  void aListener() {
    node = new Node(folder);
    node.stallAfterMillis = 5_000;
    pod = node.pod();
    process = pod.start("api");
    socket = process.listen("0.0.0.0", 9876, 64);
    node.spec(enforce(pod).mode(Mode.OBSERVE).minimum(null));
  }

  /** The octavia case: one silent client holds the only thread, and others come. */
  private FakeConnection hang() {
    var silent = socket.connected();
    socket.accept(process);
    process.waitsFor(silent);
    for (int client = 0; client < 6; client++) socket.connected().send(384);
    return silent;
  }

  @Test
  void aStallIsToldWithWhoIsWaitedFor() {
    node.pass(Duration.ofMillis(700));
    hang();
    node.pass(Duration.ofSeconds(9));

    var stall = stall().orElseThrow();
    assertThat(stall.waiting()).isEqualTo(6);
    assertThat(stall.unreadBytes()).isEqualTo(384);
    assertThat(stall.backlog()).isEqualTo(64);
    assertThat(stall.oldestMillis()).isBetween(5_000L, 7_000L);
    assertThat(stall.processes()).isEqualTo(1);
    assertThat(stall.workers()).isEqualTo(1);
    assertThat(stall.until()).isNull();
    assertThat(stall.threads())
        .containsExactly(
            new StalledThread(
                process.pid(),
                process.pid(),
                "server",
                ThreadActivity.BLOCKED,
                "recvfrom",
                100,
                "socket",
                "10.0.3.7:49511",
                stall.oldestMillis(),
                1));
  }

  @Test
  void itIsToldWithinThreeSecondsOfItsThreshold() {
    for (int millis = 0; millis < 2_000; millis += 250) {
      aListener();
      node.pass(Duration.ofMillis(millis));
      hang();

      node.pass(Duration.ofMillis(4_900));
      assertThat(stall()).as("after %d ms, too early", millis).isEmpty();
      node.pass(Duration.ofMillis(3_100));
      assertThat(stall()).as("after %d ms, in time", millis).isPresent();
    }
  }

  @Test
  void aBacklogThatWasRaisedMakesNoStallGood() {
    node.spec(enforce(pod).minimum(1024));
    hang();
    node.pass(Duration.ofSeconds(8));

    assertThat(socket.backlog()).isEqualTo(1024);
    assertThat(stall().orElseThrow().until()).isNull();
  }

  /** One comes for each that is accepted: the length of the queue shows nothing. */
  @Test
  void aLookThatFailsIsMadeAgainSoThatTheStallEnds() {
    hang();
    node.pass(Duration.ofSeconds(8));
    assertThat(until(stall())).isNull();
    node.tricky.beforeVisit =
        () -> {
          throw new UncheckedIOException(new IOException("too many open files"));
        };
    node.pass(Duration.ofSeconds(11));
    node.tricky.beforeVisit = () -> {};
    assertThat(until(stall())).isNull();

    for (int client = 0; client < 15; client++) {
      socket.accept();
      socket.connected();
      node.pass(Duration.ofSeconds(1));
    }

    assertThat(until(stall())).isNotNull();
  }

  @Test
  void itIsOverWhenSomethingIsAccepted() {
    hang();
    node.pass(Duration.ofSeconds(8));

    for (int client = 0; client < 6; client++) socket.accept();
    node.sweep();

    var stall = stall().orElseThrow();
    assertThat(stall.until()).isNotNull();
    node.pass(Duration.ofMinutes(4));
    assertThat(until(stall())).isEqualTo(stall.until());
  }

  @Test
  void oneThatIsAcceptedEndsItAndTheNextOnesBeginAnotherOfTheSameEpisode() {
    hang();
    node.pass(Duration.ofSeconds(8));
    var first = stall().orElseThrow();
    socket.accept();
    node.sweep();
    assertThat(until(stall())).isNotNull();

    node.pass(Duration.ofSeconds(8));

    assertThat(until(stall())).isNull();
    assertThat(stall().orElseThrow().waiting()).isEqualTo(5);
    assertThat(stall().orElseThrow().times()).isGreaterThan(first.times());
    assertThat(stall().orElseThrow().episode()).isEqualTo(first.since());
    assertThat(first.waiting()).isEqualTo(6);
  }

  @Test
  void fiveMinutesAfterItsEndItIsForgotten() {
    hang();
    node.pass(Duration.ofSeconds(8));
    for (int client = 0; client < 6; client++) socket.accept();
    node.pass(Duration.ofMinutes(6));

    assertThat(stall()).isEmpty();
  }

  @Test
  void whileItLastsItsNumbersAreToldAnewEveryHalfMinute() {
    hang();
    node.pass(Duration.ofSeconds(8));
    var first = stall().orElseThrow();
    int statuses = node.statuses.size();
    socket.connected();

    node.pass(Duration.ofSeconds(60));

    var last = stall().orElseThrow();
    assertThat(last.since()).isEqualTo(first.since());
    assertThat(last.waiting()).isEqualTo(7);
    assertThat(last.oldestMillis()).isGreaterThan(first.oldestMillis() + 29_000);
    assertThat(last.times()).isGreaterThan(first.times());
    assertThat(node.statuses.size() - statuses).isLessThanOrEqualTo(2);
  }

  @Test
  void aRestartedProbeGoesOnWithTheSameStall() {
    hang();
    node.pass(Duration.ofSeconds(8));
    var before = stall().orElseThrow();
    var status = node.status();

    node.restart();
    node.spec(status, enforce(pod).minimum(null));
    assertThat(stall()).contains(before);
    node.pass(Duration.ofSeconds(8));

    var after = stall().orElseThrow();
    assertThat(after.since()).isEqualTo(before.since());
    assertThat(after.times()).isGreaterThan(before.times());
    assertThat(after.until()).isNull();
  }

  @Test
  void aStallThatEndedWhileThereWasNoProbeIsOver() {
    hang();
    node.pass(Duration.ofSeconds(8));
    var status = node.status();
    for (int client = 0; client < 6; client++) socket.accept();

    node.restart();
    node.spec(status, enforce(pod).minimum(null));
    node.sweep();

    assertThat(until(stall())).isNotNull();
  }

  @Test
  void aServerThatAcceptsSlowlyWithALongQueueIsNotStalled() {
    for (int client = 0; client < 60; client++) socket.connected();
    for (int round = 0; round < 300; round++) {
      socket.accept();
      socket.connected();
      node.pass(Duration.ofMillis(100)); // each waits for six seconds
    }

    assertThat(stall()).isEmpty();
    assertThat(node.kernel.threadReads()).isZero();
  }

  @Test
  void aQueueThatFlickersIsNotStalled() {
    for (int round = 0; round < 200; round++) {
      socket.connected();
      node.pass(Duration.ofMillis(round % 2 == 0 ? 2_000 : 130));
      socket.accept();
    }

    assertThat(stall()).isEmpty();
    assertThat(node.kernel.threadReads()).isZero();
  }

  @Test
  void anEmptyQueueIsNeverLookedInto() {
    node.pass(Duration.ofMinutes(1));

    assertThat(pod.namespace().dumps()).isZero();
  }

  @Test
  void aDoorThatTheApplicationClosedIsNoStall() {
    socket.listen(process, 0);
    socket.connected();
    node.pass(Duration.ofSeconds(20));

    assertThat(stall()).isEmpty();
  }

  @Test
  void anExemptPortIsNotWatched() {
    node.spec(enforce(pod).port(new NodePort(9876, null, null, true)));
    hang();
    node.pass(Duration.ofSeconds(20));

    assertThat(stall()).isEmpty();
    assertThat(pod.namespace().dumps()).isZero();
  }

  @Test
  void oneWorkerOfAGroupThatHangsIsTold() {
    var other = process.listen("0.0.0.0", 9876, 64);
    node.born(process, other);
    var silent = socket.connected();
    socket.accept(process);
    process.waitsFor(silent);
    socket.connected();
    for (int round = 0; round < 100; round++) {
      other.connected();
      other.connected();
      node.pass(Duration.ofMillis(70));
      other.accept();
      node.pass(Duration.ofMillis(20));
      other.accept();
    }

    assertThat(stall().orElseThrow().until()).isNull();
    assertThat(node.told(other)).isEmpty();
  }

  @Test
  void allWorkersOfAGroupThatHangAreTold() {
    var other = process.listen("0.0.0.0", 9876, 64);
    node.born(process, other);
    socket.connected();
    other.connected();
    node.pass(Duration.ofSeconds(8));

    assertThat(stall()).isPresent();
    assertThat(node.told(other).map(NodeListener::stall)).isPresent();
  }

  /** Who of a group waits where cannot be told of more than 4,096: its stall goes on as told. */
  @Test
  void aStalledGroupAtWhichThousandsWaitDoesNotAcceptAgain() {
    var other = process.listen("0.0.0.0", 9876, 4_096);
    node.born(process, other);
    socket.connected();
    other.connected();
    node.pass(Duration.ofSeconds(8));
    for (int client = 0; client < 4_090; client++) other.connected();
    for (int client = 0; client < 20; client++) socket.connected();

    node.pass(Duration.ofSeconds(60));

    assertThat(until(stall())).isNull();
    assertThat(until(node.told(other).map(NodeListener::stall))).isNull();
    socket.accept();
    node.sweep();
    assertThat(until(stall())).isNotNull();
    assertThat(until(node.told(other).map(NodeListener::stall))).isNull();
  }

  @Test
  void aStallAtAPortWithTooManyConnectionsToBeLookedAtGoesOnUntilItsQueueShrinks() {
    hang();
    node.pass(Duration.ofSeconds(8));
    node.tricky.tooManyConnections = true;
    for (int client = 0; client < 10; client++) socket.connected();

    node.pass(Duration.ofSeconds(60));

    assertThat(until(stall())).isNull();
    socket.accept();
    node.sweep();
    assertThat(until(stall())).isNotNull();
  }

  @Test
  void workersThatShareAListenerAreCountedAndTheOnesAlikeToldAsOne() {
    var master = process;
    for (int worker = 0; worker < 11; worker++) {
      var child = master.fork();
      var client = socket.connected();
      socket.accept(child);
      child.waitsFor(client);
      node.pass(Duration.ofMillis(100));
    }
    master.does(Condition.SLEEPING, new BlockedCall("select", -1, null));
    socket.connected();
    node.pass(Duration.ofSeconds(9));

    var stall = stall().orElseThrow();
    assertThat(stall.processes()).isEqualTo(12);
    assertThat(stall.workers()).isEqualTo(12);
    assertThat(stall.threads())
        .extracting(StalledThread::call)
        .containsExactly("recvfrom", "select");
    assertThat(stall.threads()).extracting(StalledThread::alike).containsExactly(11, 1);
    // The first one's client has been silent longest.
    assertThat(stall.threads().getFirst().peer()).isEqualTo("10.0.3.7:49511");
  }

  @Test
  void idleThreadsOfAPoolAreLeftOutWhereOthersSayMore() {
    for (int idle = 0; idle < 20; idle++) {
      process.thread("pool", Condition.SLEEPING, new BlockedCall("futex", -1, null));
      process.thread(
          "loop",
          Condition.SLEEPING,
          new BlockedCall("epoll_wait", 4, new FdTarget("eventpoll", 0)));
    }
    process.does(Condition.RUNNING, null);
    socket.connected();
    node.pass(Duration.ofSeconds(9));

    var stall = stall().orElseThrow();
    assertThat(stall.workers()).isEqualTo(41);
    assertThat(stall.threads())
        .extracting(StalledThread::activity)
        .containsExactly(ThreadActivity.RUNNING);
  }

  @Test
  void aThreadThatWokeForAMomentIsNotTakenForOneThatIsBusy() {
    process.does(Condition.SLEEPING, new BlockedCall("futex", -1, null));
    process.thread("pool", Condition.SLEEPING, new BlockedCall("futex", -1, null));
    process.wakesForMoments();
    socket.connected();
    node.pass(Duration.ofSeconds(9));

    assertThat(stall().orElseThrow().threads())
        .extracting(StalledThread::activity)
        .containsExactly(ThreadActivity.WAITING_FOR_LOCK);
  }

  @Test
  void idleThreadsAreToldWhereThereAreNoOthers() {
    process.does(Condition.SLEEPING, new BlockedCall("futex", -1, null));
    process.thread(
        "loop", Condition.SLEEPING, new BlockedCall("epoll_wait", 4, new FdTarget("eventpoll", 0)));
    socket.connected();
    node.pass(Duration.ofSeconds(9));

    assertThat(stall().orElseThrow().threads())
        .extracting(StalledThread::call)
        .containsExactly("epoll_wait", "futex");
  }

  /** Go's own sleeps between its looks at all others; what other programs sleep for is a cause. */
  @Test
  void theThreadOfGosRuntimeThatSleepsIsLeftOut() {
    process.does(Condition.SLEEPING, new BlockedCall("futex", -1, null));
    process.thread("server", Condition.SLEEPING, new BlockedCall("nanosleep", -1, null));
    process.thread("server", Condition.SLEEPING, EPOLL);
    socket.connected();
    node.tricky.goPrograms = Set.of(process.pid());
    node.pass(Duration.ofSeconds(9));
    assertThat(stall().orElseThrow().threads())
        .extracting(StalledThread::call)
        .containsExactly("epoll_wait", "futex");

    node.tricky.goPrograms = Set.of();
    node.pass(Duration.ofSeconds(45));
    assertThat(stall().orElseThrow().threads())
        .extracting(StalledThread::call)
        .containsExactly("nanosleep");
  }

  /** php-fpm: the master has the listener as 7, its children as 9. */
  @Test
  void workersThatHoldTheListenerUnderAnotherNumberAreSeen() {
    process.move(socket, 7);
    process.does(Condition.SLEEPING, EPOLL);
    for (int worker = 0; worker < 2; worker++) {
      var child = process.fork();
      child.move(socket, 9);
      child.does(Condition.SLEEPING, new BlockedCall("clock_nanosleep", -1, null));
    }
    socket.connected();
    node.pass(Duration.ofSeconds(9));

    var stall = stall().orElseThrow();
    assertThat(stall.processes()).isEqualTo(3);
    assertThat(stall.threads()).extracting(StalledThread::call).containsExactly("clock_nanosleep");
    assertThat(stall.threads().getFirst().alike()).isEqualTo(2);
  }

  /** supervisord's [fcgi-program]: it has the listener as 5, its program as 0, and runs another. */
  @Test
  void aWorkerOfAnotherProgramThatGotTheListenerIsSeen() {
    process.move(socket, 5);
    process.does(Condition.SLEEPING, new BlockedCall("poll", -1, null));
    var program = process.forkAndExec("fcgi-app");
    program.move(socket, 0);
    var client = socket.connected();
    socket.accept(program);
    program.waitsFor(client);
    socket.connected();
    node.pass(Duration.ofSeconds(9));

    var stall = stall().orElseThrow();
    assertThat(stall.processes()).isEqualTo(2);
    assertThat(stall.threads().getFirst().pid()).isEqualTo(program.pid());
    assertThat(stall.threads().getFirst().call()).isEqualTo("recvfrom");
  }

  @Test
  void anOwnerThatClosedTheListenerWhileItsWorkerHoldsItIsNamedNoMore() {
    var worker = process.fork();
    node.sweep();
    process.close(socket);
    socket.connected();
    node.pass(Duration.ofSeconds(9));

    var told = node.told(socket).orElseThrow();
    assertThat(told.pid()).isEqualTo(worker.pid());
    assertThat(requireNonNull(told.stall()).processes()).isEqualTo(1);
  }

  @Test
  void theHoldersOfAHundredListenersOfOnePodAreSearchedTogether() {
    for (int port = 1000; port < 1100; port++) process.listen("0.0.0.0", port, 64).connected();
    for (int worker = 0; worker < 20; worker++) process.fork();
    node.listing();
    node.pass(Duration.ofSeconds(30));
    int before = node.kernel.descriptorReads();

    node.pass(Duration.ofSeconds(60));

    // Each is told anew twice in a minute; one search reads 21 processes.
    assertThat(node.kernel.descriptorReads() - before).isLessThanOrEqualTo(30 * 21);
  }

  @Test
  void threadsThatAcceptFromOtherListenersHaveNothingToDo() {
    var shutdown = process.listen("127.0.0.1", 8005, 1);
    var accept = new BlockedCall("accept", 52, new FdTarget("socket", shutdown.inode()));
    process.does(Condition.SLEEPING, new BlockedCall("futex", -1, null));
    process.thread("pool", Condition.SLEEPING, new BlockedCall("futex", -1, null));
    process.thread("shutdown", Condition.SLEEPING, accept);
    process.thread("poller", Condition.SLEEPING, EPOLL);
    socket.connected();
    node.pass(Duration.ofSeconds(9));

    var threads = stall().orElseThrow().threads();
    assertThat(threads)
        .extracting(StalledThread::call)
        .containsExactlyInAnyOrder("futex", "accept", "epoll_wait");
    assertThat(threads).extracting(StalledThread::target).contains(StalledThread.OTHER_LISTENER);
  }

  @Test
  void aThreadThatAcceptsElsewhereIsLeftOutWhereAnotherSaysMore() {
    var metrics = process.listen("0.0.0.0", 9102, 5);
    var accept = new BlockedCall("accept4", 4, new FdTarget("socket", metrics.inode()));
    process.thread("metrics", Condition.SLEEPING, accept);
    var client = socket.connected();
    socket.accept(process);
    process.waitsFor(client);
    socket.connected();
    node.pass(Duration.ofSeconds(9));

    assertThat(stall().orElseThrow().threads())
        .extracting(StalledThread::call)
        .containsExactly("recvfrom");
  }

  @Test
  void aServerAtItsLimitOfDescriptorsIsToldWithBothNumbers() {
    for (int client = 0; client < 28; client++) {
      socket.connected();
      socket.accept(process);
    }
    process.limitFilesToThoseOpen();
    process.does(Condition.RUNNING, null);
    socket.connected();
    node.pass(Duration.ofSeconds(9));

    assertThat(stall().orElseThrow().descriptors())
        .isEqualTo(new DescriptorUse(process.pid(), 32, 32));
  }

  /** At its limit it closes its listener, as if that helped, and opens it again. */
  private void reopen() {
    process.close(socket);
    node.pass(Duration.ofMillis(300));
    socket = process.listen("0.0.0.0", 9876, 64);
    node.born(process, socket);
    for (int client = 0; client < 3; client++) socket.connected();
  }

  @Test
  void aServerThatReopensItsListenerAtItsLimitOfDescriptorsIsToldOnceAndWithoutAGap() {
    process.limitFilesToThoseOpen();
    for (int second = 0; second < 12; second++) {
      reopen();
      node.pass(Duration.ofMillis(700));
    }
    var first = stall().orElseThrow();
    var use = requireNonNull(first.descriptors());
    assertThat(use.open()).isEqualTo(4);
    assertThat(use.limit()).isEqualTo(4);
    assertThat(use.since()).isEqualTo(first.since());
    assertThat(use.reopened()).isGreaterThanOrEqualTo(2);
    assertThat(first.waiting()).isEqualTo(3);
    assertThat(first.neverAccepted()).isFalse();

    for (int second = 0; second < 40; second++) {
      reopen();
      node.pass(Duration.ofMillis(100));
      assertThat(stall()).as("of the new one, after %d s", second).isPresent();
      assertThat(stall().orElseThrow().episode()).isEqualTo(first.episode());
      node.pass(Duration.ofMillis(600));
    }
    assertThat(stall().orElseThrow().times()).isGreaterThan(first.times());

    process.raiseLimitOfFiles();
    while (socket.queued() > 0) socket.accept(process);
    node.pass(Duration.ofSeconds(5));
    assertThat(until(stall())).isNotNull();
  }

  @Test
  void aServerThatAcceptsOnlyInThePlaceOfWhatItClosesIsToldAsAtItsLimit() {
    process.limitFilesToThoseOpen();
    for (int client = 0; client < 6; client++) socket.connected();
    for (int second = 0; second < 12; second++) {
      socket.accept(); // by its spare descriptor, and closes it at once
      socket.connected();
      node.pass(Duration.ofSeconds(1));
    }

    var use = requireNonNull(stall().orElseThrow().descriptors());
    assertThat(use.since()).isNotNull();
    assertThat(use.reopened()).isNull();
  }

  @Test
  void whoReopensItsListenerAndHasDescriptorsLeftIsNotStalled() {
    for (int second = 0; second < 12; second++) {
      reopen();
      node.pass(Duration.ofMillis(700));
      assertThat(node.told(socket).map(NodeListener::stall)).isEmpty();
    }
  }

  @Test
  void aProbeThatBeginsAgainGoesOnWithWhatWasToldOfTheLimit() {
    process.limitFilesToThoseOpen();
    for (int second = 0; second < 12; second++) {
      reopen();
      node.pass(Duration.ofMillis(700));
    }
    var before = stall().orElseThrow();
    var status = node.status();

    node.restart();
    node.spec(status, enforce(pod).mode(Mode.OBSERVE).minimum(null));
    node.pass(Duration.ofSeconds(1));

    assertThat(stall().orElseThrow().episode()).isEqualTo(before.episode());
    assertThat(until(stall())).isNull();
  }

  @Test
  void ofSeveralWorkersTheOneAtItsLimitIsNamed() {
    var worker = process.fork();
    socket.connected();
    socket.accept(worker);
    worker.limitFilesToThoseOpen();
    socket.connected();
    node.pass(Duration.ofSeconds(9));

    assertThat(stall().orElseThrow().descriptors())
        .isEqualTo(new DescriptorUse(worker.pid(), 5, 5));
  }

  @Test
  void aServerThatMayOpenMoreIsNotAtALimit() {
    hang();
    node.pass(Duration.ofSeconds(9));

    assertThat(stall().orElseThrow().descriptors()).isNull();
  }

  /** TPROXY: who waits at 15006 came for 8080, where an innocent server listens. */
  @Test
  void whoWaitsUnderAnotherPortIsFoundByTheQueueThatCannotHaveThem() {
    var innocent = process.listen("0.0.0.0", 8080, 64);
    for (int client = 0; client < 3; client++) socket.connectedFor("10.9.0.1", 8080).send(7);
    node.pass(Duration.ofSeconds(9));

    var stall = stall().orElseThrow();
    assertThat(stall.waiting()).isEqualTo(3);
    assertThat(stall.unreadBytes()).isEqualTo(7);
    assertThat(stall.waitingSeen()).isEqualTo(WaitingSeen.ELSEWHERE);
    assertThat(stall.open()).as("what it accepted has other addresses too").isNull();
    assertThat(stall.until()).isNull();
    assertThat(node.told(innocent)).isEmpty();
  }

  /** sk_lookup: an address that nobody listens at. */
  @Test
  void whoWaitsUnderAnotherAddressIsFound() {
    var local = process.listen("127.0.0.1", 7000, 64);
    local.connectedFor("192.0.2.7", 443);
    node.born(process, local);
    node.pass(Duration.ofSeconds(9));

    assertThat(requireNonNull(node.told(local).orElseThrow().stall()).waitingSeen())
        .isEqualTo(WaitingSeen.ELSEWHERE);
  }

  /** One comes for each that is accepted: always three wait, and never the same for long. */
  @Test
  void aServerBehindTproxyThatAcceptsIsNotStalled() {
    for (int client = 0; client < 3; client++) socket.connectedFor("10.9.0.1", 8080);
    for (int round = 0; round < 300; round++) {
      socket.accept();
      socket.connectedFor("10.9.0.1", 8080);
      node.pass(Duration.ofMillis(100));
    }

    assertThat(stall()).isEmpty();
  }

  @Test
  void ofTwoServersBehindTproxyTheOneThatAcceptsIsNotBlamed() {
    var other = process.listen("0.0.0.0", 15001, 64);
    node.born(process, other);
    socket.connectedFor("10.9.0.1", 8080);
    for (int round = 0; round < 200; round++) {
      other.connectedFor("10.9.0.1", 8081);
      node.pass(Duration.ofMillis(70));
      other.accept();
      node.pass(Duration.ofMillis(20));
    }

    assertThat(node.told(other)).isEmpty();
    assertThat(stall().orElseThrow().until()).isNull();
  }

  @Test
  void aQueueWhoseClientsAreAllGoneAndThatNeverShrinksIsAStall() {
    for (int client = 0; client < 3; client++) socket.connected().reset();
    node.pass(Duration.ofSeconds(12));

    var stall = stall().orElseThrow();
    assertThat(stall.waiting()).isEqualTo(3);
    assertThat(stall.waitingSeen()).isEqualTo(WaitingSeen.NOWHERE);
    assertThat(stall.oldestMillis()).isGreaterThanOrEqualTo(5_000);
    for (int client = 0; client < 3; client++) socket.accept();
    node.sweep();
    assertThat(until(stall())).isNotNull();
  }

  @Test
  void aStallLastsThoughAllItsClientsAreGone() {
    var clients = List.of(socket.connected(), socket.connected());
    node.pass(Duration.ofSeconds(9));
    var before = stall().orElseThrow();

    clients.forEach(FakeConnection::reset);
    node.pass(Duration.ofSeconds(60));

    assertThat(until(stall())).isNull();
    assertThat(stall().orElseThrow().since()).isEqualTo(before.since());
  }

  /** A load balancer's checks: they connect, and reset at once. */
  @Test
  void aServerThatTakesConnectionsThatWereResetIsNotStalled() {
    for (int round = 0; round < 400; round++) {
      socket.connected().reset();
      node.pass(Duration.ofMillis(round % 3 == 0 ? 90 : 40));
      socket.accept();
    }

    assertThat(stall()).isEmpty();
  }

  @Test
  void aServerThatNeverAcceptedAnythingIsToldAsThatWithSinceWhenItListens() {
    var late = process.listen("0.0.0.0", 8000, 64);
    node.born(process, late);
    node.pass(Duration.ofSeconds(30));
    late.connected();
    late.connected();
    node.pass(Duration.ofSeconds(10));

    var stall = requireNonNull(node.told(late).orElseThrow().stall());
    assertThat(stall.neverAccepted()).isTrue();
    assertThat(stall.listeningSince())
        .isBetween(stall.at().minusSeconds(41), stall.at().minusSeconds(36));
  }

  @Test
  void wherePartOfWhatEverCameIsGoneNothingIsClaimed() {
    socket.connected();
    socket.accept();
    socket.connected();
    node.pass(Duration.ofSeconds(9));

    assertThat(stall().orElseThrow().neverAccepted()).isFalse();
    assertThat(stall().orElseThrow().listeningSince()).isNull();
  }

  /** By it a young server that has accepted is told from one that still starts. */
  @Test
  void connectionsThatWereAcceptedAndAreOpenAreCounted() {
    var other = process.listen("0.0.0.0", 8080, 64);
    other.connected();
    other.accept(process);
    hang();
    node.pass(Duration.ofSeconds(9));

    assertThat(stall().orElseThrow().open()).isEqualTo(1);

    socket.accept(process);
    socket.connected();
    node.pass(Duration.ofSeconds(45));

    assertThat(stall().orElseThrow().open()).isEqualTo(2);
  }

  @Test
  void whoIsWaitedForAndWhatIsOpenIsSeenInTheSameVisit() {
    var idle = node.pod();
    var second = idle.start("idle");
    var another = second.listen("0.0.0.0", 9876, 64);
    node.spec(
        enforce(pod).mode(Mode.OBSERVE).minimum(null).policy("a"),
        enforce(idle).mode(Mode.OBSERVE).minimum(null).policy("b"));
    int earlier = pod.namespace().visits() - idle.namespace().visits();
    second.does(Condition.SLEEPING, EPOLL);
    another.connected();
    another.accept(second);
    for (int client = 0; client < 6; client++) another.connected().send(384);
    hang();
    node.pass(Duration.ofSeconds(9));

    assertThat(stall().orElseThrow().threads())
        .extracting(StalledThread::peer)
        .doesNotContainNull();
    assertThat(stall().orElseThrow().open()).isEqualTo(1);
    assertThat(node.told(another).map(NodeListener::stall).orElseThrow().open()).isEqualTo(1);
    assertThat(pod.namespace().visits()).isEqualTo(idle.namespace().visits() + earlier);
  }

  @Test
  void thatItNeverAcceptedAnythingIsRememberedByTheNextProbe() {
    var late = process.listen("0.0.0.0", 8000, 64);
    node.born(process, late);
    late.connected();
    node.pass(Duration.ofSeconds(9));
    var before = requireNonNull(node.told(late).orElseThrow().stall());
    var status = node.status();

    node.restart();
    node.spec(status, enforce(pod).minimum(null));
    node.pass(Duration.ofSeconds(40));

    var after = requireNonNull(node.told(late).orElseThrow().stall());
    assertThat(after.listeningSince()).isEqualTo(before.listeningSince());
    assertThat(after.neverAccepted()).isTrue();
  }

  @Test
  void aProgramThatInheritedTheListenerOfAServerThatIsGoneIsNoServer() {
    node.sweep();
    var child = process.forkAndExec("helper");
    process.exit();
    socket.connected();
    node.pass(Duration.ofSeconds(12));

    var told = node.told(socket).orElseThrow();
    assertThat(told.process()).isEqualTo("helper");
    assertThat(told.pid()).isEqualTo(child.pid());
    assertThat(requireNonNull(told.stall()).inheritedFrom())
        .isEqualTo(new FormerServer("server", process.pid()));
  }

  @Test
  void aProgramThatServesNobodyIsNoServerThoughItsServerWasNeverSeen() {
    var other = pod.start("api");
    var leaked = other.listen("0.0.0.0", 8000, 5);
    other.forkAndExec("sleep");
    other.exit();
    node.listing();
    leaked.connected();
    node.pass(Duration.ofSeconds(12));

    assertThat(requireNonNull(node.told(leaked).orElseThrow().stall()).inheritedFrom())
        .isEqualTo(FormerServer.UNSEEN);
  }

  /** SO_REUSEPORT, and a new server beside the forgotten socket. */
  @Test
  void aForgottenSocketBesideANewServerIsTold() {
    node.sweep();
    process.forkAndExec("helper");
    process.exit();
    var next = pod.start("api");
    var fresh = next.listen("0.0.0.0", 9876, 64);
    node.born(next, fresh);
    socket.connected();
    for (int round = 0; round < 100; round++) {
      fresh.connected();
      node.pass(Duration.ofMillis(70));
      fresh.accept();
      node.pass(Duration.ofMillis(50));
    }

    assertThat(stall().orElseThrow().inheritedFrom()).isNotNull();
    assertThat(node.told(fresh)).isEmpty();
  }

  @Test
  void anHeirThatServedSomebodyIsAServer() {
    node.sweep();
    var child = process.forkAndExec("fcgi-app");
    process.exit();
    var client = socket.connected();
    socket.accept(child);
    child.waitsFor(client);
    socket.connected();
    node.pass(Duration.ofSeconds(12));

    assertThat(stall().orElseThrow().inheritedFrom()).isNull();
  }

  @Test
  void aWorkerOfTheSameProgramWhoseMasterIsGoneIsAServer() {
    node.sweep();
    process.fork();
    process.exit();
    socket.connected();
    node.pass(Duration.ofSeconds(12));

    assertThat(stall().orElseThrow().inheritedFrom()).isNull();
  }

  @Test
  void aListenerWithABacklogOf0FromTheBeginningIsWatched() {
    var mistaken = process.listen("0.0.0.0", 8000, 0);
    node.listing();
    mistaken.connected();
    node.pass(Duration.ofSeconds(9));

    assertThat(node.told(mistaken).map(NodeListener::stall)).isPresent();
  }

  @Test
  void whatCannotBeToldIsUnknown() {
    process.does(Condition.SLEEPING, null);
    socket.connected();
    node.pass(Duration.ofSeconds(9));

    assertThat(stall().orElseThrow().threads().getFirst().activity())
        .isEqualTo(ThreadActivity.UNKNOWN);
  }

  @Test
  void onlyItsOwnListenersCountForAPodOnTheNodesNetwork() {
    var host = node.hostNetworkPod();
    var own = host.start("agent").listen("0.0.0.0", 9000, 64);
    var daemons = node.kernel.process(node.own, "sshd").listen("0.0.0.0", 22, 64);
    node.spec(enforce(host).minimum(null));
    own.connected();
    daemons.connected();
    node.pass(Duration.ofSeconds(9));

    assertThat(node.told(own).orElseThrow().stall()).isNotNull();
    assertThat(node.told(daemons)).isEmpty();
  }

  @Test
  void aNamespaceThatCannotBeEnteredStopsNothing() {
    hang();
    node.sweep();
    pod.namespace().breakWith(new IOException("out of order"));
    var second = node.pod();
    var listener = second.start("web").listen("0.0.0.0", 80, 64);
    listener.connected();
    node.spec(enforce(pod, second).minimum(null));
    node.pass(Duration.ofSeconds(9));

    assertThat(node.told(listener).orElseThrow().stall()).isNotNull();
  }

  @Test
  void ofManyListenersAtWhichSomebodyWaitsSixteenAreLookedAtAfterASweep() {
    for (int port = 1000; port < 1100; port++) {
      process.listen("0.0.0.0", port, 64).connected();
    }
    node.listing();
    int before = pod.namespace().dumps();
    node.sweep();

    // Those whose proof was due came besides.
    assertThat(pod.namespace().dumps() - before).isLessThanOrEqualTo(64);
    node.pass(Duration.ofMinutes(1));
    assertThat(node.status().policies().getFirst().listeners().stalled()).isEqualTo(100);
  }

  /** Looks that cost much: all that these stalled listeners ask for take more than all the time. */
  @Test
  void aPodWithHundredsOfStalledListenersDelaysNobodyElsesAndAllOfItsOwnAreLookedAt() {
    for (int port = 10_000; port < 10_300; port++) {
      process.listen("0.0.0.0", port, 64).connected();
    }
    var second = node.pod();
    var victim = second.start("web").listen("0.0.0.0", 80, 64);
    node.spec(
        enforce(pod).mode(Mode.OBSERVE).minimum(null).policy("a"),
        enforce(second).mode(Mode.OBSERVE).minimum(null).policy("b"));
    node.listing();
    node.pass(Duration.ofMinutes(1));
    assertThat(node.status().policies().getFirst().listeners().stalled()).isEqualTo(300);

    var looked = new HashSet<Integer>();
    node.tricky.atQueues =
        port -> {
          looked.add(port);
          node.takes(Duration.ofMillis(60));
        };
    node.pass(Duration.ofSeconds(40));
    victim.connected();
    node.pass(Duration.ofSeconds(9));
    assertThat(node.told(victim).map(NodeListener::stall)).isPresent();

    node.pass(Duration.ofMinutes(3));
    assertThat(looked).hasSize(301);
  }

  private Optional<Stall> stall() {
    return node.told(socket).map(NodeListener::stall);
  }

  private static @Nullable Instant until(Optional<Stall> stall) {
    return requireNonNull(stall.orElse(null)).until();
  }
}
