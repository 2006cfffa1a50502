package io.listenbacklog.policy.assess;

import static io.listenbacklog.api.ThreadActivity.BLOCKED;
import static io.listenbacklog.api.ThreadActivity.RUNNING;
import static io.listenbacklog.api.ThreadActivity.STOPPED;
import static io.listenbacklog.api.ThreadActivity.UNKNOWN;
import static io.listenbacklog.api.ThreadActivity.WAITING_FOR_LOCK;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.StalledThread;
import io.listenbacklog.api.ThreadActivity;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ThreadRankingTest {
  private int last;

  @Test
  void whoWaitsForAPeerSaysMoreThanWhoRunsAndMoreThanWhoSleeps() {
    var sleeps = thread(BLOCKED, "nanosleep", null, null);
    var runs = thread(RUNNING, null, null, null);
    var waits = thread(BLOCKED, "recvfrom", "10.0.3.7:49511", 900L);
    assertThat(ThreadRanking.choose(List.of(sleeps, runs, waits), 8))
        .containsExactly(waits, runs, sleeps);
  }

  @Test
  void whatIsStoppedSaysMost() {
    var waits = thread(BLOCKED, "recvfrom", "10.0.3.7:49511", 900L);
    var stopped = thread(STOPPED, null, null, null);
    assertThat(ThreadRanking.choose(List.of(waits, stopped), 1)).containsExactly(stopped);
  }

  @Test
  void idleThreadsAreLeftOutWhereOthersAreNotIdle() {
    var pool = thread(WAITING_FOR_LOCK, "futex", null, null);
    var loop = thread(BLOCKED, "epoll_wait", null, null);
    var reads = thread(BLOCKED, "read", null, null);
    assertThat(ThreadRanking.choose(List.of(pool, loop, reads), 8)).containsExactly(reads);
    assertThat(ThreadRanking.choose(List.of(pool, loop), 8)).containsExactly(loop, pool);
  }

  /**
   * Puma with all workers busy: one thread polls, six wait in a futex, as workers that sleep do.
   */
  @Test
  void oneThatPollsHidesNoIdleOnes() {
    var pool = thread(WAITING_FOR_LOCK, "futex", null, null);
    var polls = thread(BLOCKED, "ppoll", null, null);
    var reads = thread(BLOCKED, "read", null, null);
    assertThat(ThreadRanking.choose(List.of(pool, polls), 8)).containsExactly(polls, pool);
    assertThat(ThreadRanking.choose(List.of(pool, polls, reads), 8)).containsExactly(reads, polls);
  }

  /** Tomcat at maxConnections, soon after its start. */
  @Test
  void whoCompilesKeepsNobodyFromAccepting() {
    var pool = thread(WAITING_FOR_LOCK, "futex", null, null);
    var compiles = named("C2 CompilerThre", RUNNING);
    assertThat(ThreadRanking.choose(List.of(compiles, pool), 8)).containsExactly(pool);

    var runs = thread(RUNNING, null, null, null);
    assertThat(ThreadRanking.choose(List.of(named("V8Worker", RUNNING), runs, pool), 8))
        .containsExactly(runs);
    assertThat(ThreadRanking.choose(List.of(named("GC Thread#0", RUNNING), pool), 8))
        .extracting(StalledThread::name)
        .containsExactly("GC Thread#0");
  }

  /** RabbitMQ, a .NET program and a Java one that do not accept; one that uses io_uring. */
  @Test
  void whoServesARuntimeAllItsLifeIsLeftOut() {
    var pool = thread(WAITING_FOR_LOCK, "futex", null, null);
    var main = thread(BLOCKED, "select", null, null);
    for (var name : List.of("sys_sig_dispatc", ".NET SigHandler")) {
      var service = named(name, BLOCKED, "read");
      assertThat(ThreadRanking.choose(List.of(main, service, pool), 8)).containsExactly(main, pool);
    }
    assertThat(ThreadRanking.choose(List.of(named("process reaper", BLOCKED, "waitid"), pool), 8))
        .containsExactly(pool);
    for (var name : List.of("iou-wrk-71", "iou-sqp-71")) {
      assertThat(ThreadRanking.choose(List.of(named(name, UNKNOWN), pool), 8))
          .containsExactly(pool);
    }
    var reads = named("reader", BLOCKED, "read");
    assertThat(ThreadRanking.choose(List.of(reads, pool), 8)).containsExactly(reads);
  }

  /** nginx's master, MySQL's signal handler and its disk threads, and whoever was stopped. */
  @Test
  void whoWaitsForWhateverComesHidesNoIdleOnesAndIsNotBlamedBeforeOthers() {
    for (var call :
        List.of(
            "rt_sigsuspend",
            "rt_sigtimedwait",
            "pause",
            "io_getevents",
            "io_pgetevents",
            "restart_syscall")) {
      var waits = thread(BLOCKED, call, null, null);
      var loop = thread(BLOCKED, "epoll_wait", null, null);
      var reads = thread(BLOCKED, "read", null, null);
      assertThat(ThreadRanking.choose(List.of(waits, loop), 8)).containsExactly(waits, loop);
      assertThat(ThreadRanking.choose(List.of(waits, loop, reads), 8))
          .containsExactly(reads, waits);
    }
  }

  @Test
  void ofThreadsThatDoTheSameTheOneWithTheLongestSilenceStandsForAll() {
    var first = thread(BLOCKED, "recvfrom", "10.0.3.7:1", 10L);
    var longest = thread(BLOCKED, "recvfrom", "10.0.3.7:2", 30L);
    var asLong = thread(BLOCKED, "recvfrom", "10.0.3.7:3", 30L);
    var chosen = ThreadRanking.choose(List.of(first, longest, asLong), 8);
    assertThat(chosen).hasSize(1);
    assertThat(chosen.getFirst().thread()).isEqualTo(longest.thread());
    assertThat(chosen.getFirst().alike()).isEqualTo(3);
  }

  private StalledThread named(String name, ThreadActivity activity) {
    return named(name, activity, null);
  }

  private StalledThread named(String name, ThreadActivity activity, @Nullable String call) {
    return new StalledThread(1, ++last, name, activity, call, null, null, null, null, 1);
  }

  private StalledThread thread(
      ThreadActivity activity,
      @Nullable String call,
      @Nullable String peer,
      @Nullable Long silent) {
    int thread = ++last;
    return new StalledThread(1, thread, "worker", activity, call, null, null, peer, silent, 1);
  }
}
