package io.listenbacklog.policy.event.kind;

import static io.listenbacklog.api.ThreadActivity.BLOCKED;
import static io.listenbacklog.api.ThreadActivity.WAITING_FOR_DISK;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Stall;
import io.listenbacklog.api.StalledThread;
import io.listenbacklog.api.ThreadActivity;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ThreadTextsTest {
  private static final Instant AT = Instant.parse("2026-11-22T12:00:00Z");

  /** nginx whose workers have reached worker_connections. */
  @Test
  void aMasterThatWaitsForSignalsIsNotBlamedForIdleWorkers() {
    var stall = stall(3, thread(BLOCKED, "rt_sigsuspend"), thread(BLOCKED, "epoll_wait"));

    assertThat(ThreadTexts.doing(stall, "nginx"))
        .isEqualTo(
            "No thread waits for this listener: of 3 there wait 1 in rt_sigsuspend, 1 in"
                + " epoll_wait.");
    assertThat(ThreadTexts.cure(stall)).contains("connection limit");
  }

  @Test
  void oneThatWasStoppedAndGoesOnIsNotBlamedForItsWait() {
    var stall = stall(2, thread(BLOCKED, "restart_syscall"), thread(BLOCKED, "epoll_wait"));
    assertThat(ThreadTexts.doing(stall, "server")).startsWith("No thread waits for this listener");

    var alone = stall(1, thread(BLOCKED, "restart_syscall"));
    assertThat(ThreadTexts.doing(alone, "server"))
        .endsWith("restart_syscall: it goes on with a wait that a signal had interrupted.");
  }

  @Test
  void oneThreadThatWaitsForSignalsAcceptsNothing() {
    for (var call : new String[] {"rt_sigsuspend", "rt_sigtimedwait", "pause"}) {
      var stall = stall(1, thread(BLOCKED, call));

      assertThat(ThreadTexts.doing(stall, "server"))
          .isEqualTo("Thread 71 waits in %s for a signal.".formatted(call));
      assertThat(ThreadTexts.cure(stall)).startsWith("its only thread waits for signals");
    }
  }

  @Test
  void anUninterruptibleWaitIsMostlyForADiskAndInVforkForAChild() {
    var writes = stall(1, thread(WAITING_FOR_DISK, "fsync"));
    assertThat(ThreadTexts.doing(writes, "server"))
        .isEqualTo("Thread 71 waits uninterruptibly (in fsync), mostly for a disk.");
    assertThat(ThreadTexts.cure(writes)).startsWith("look at the storage");

    for (var call : new String[] {"vfork", "clone", "clone3"}) {
      var starts = stall(1, thread(WAITING_FOR_DISK, call));
      assertThat(ThreadTexts.doing(starts, "server"))
          .isEqualTo(
              "Thread 71 waits uninterruptibly (in %s) for a child that it starts."
                  .formatted(call));
      assertThat(ThreadTexts.cure(starts)).doesNotContain("storage").contains("child");
    }
  }

  /** HAProxy's global maxconn is reached by who came by other listeners. */
  @Test
  void whereNoneOfItsOwnIsOpenALimitOfTheWholeProcessIsNotRuledOut() {
    var idle = thread(BLOCKED, "epoll_wait");
    assertThat(ThreadTexts.cure(withOpen(2, 0, idle)))
        .startsWith("none of its open connections came by this listener")
        .contains("a limit of the whole process");
    assertThat(ThreadTexts.cure(withOpen(2, 3, idle))).contains("3 of which came by this listener");
    assertThat(ThreadTexts.cure(withOpen(2, null, idle))).doesNotContain("came by this listener");
  }

  private static Stall stall(int workers, StalledThread... threads) {
    return withOpen(workers, null, threads);
  }

  private static Stall withOpen(int workers, @Nullable Integer open, StalledThread... threads) {
    return new Stall(
        6,
        5_000,
        0,
        64,
        1,
        workers,
        Arrays.asList(threads),
        1,
        AT,
        AT,
        AT,
        null,
        null,
        null,
        null,
        null,
        open,
        false);
  }

  private static StalledThread thread(ThreadActivity activity, String call) {
    return new StalledThread(71, 71, "server", activity, call, null, null, null, null, 1);
  }
}
