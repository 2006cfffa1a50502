package io.listenbacklog.policy.event.kind;

import static io.listenbacklog.api.ThreadActivity.BLOCKED;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Stall;
import io.listenbacklog.api.StalledThread;
import io.listenbacklog.api.ThreadActivity;
import java.time.Instant;
import java.util.Arrays;
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

  private static Stall stall(int workers, StalledThread... threads) {
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
        null,
        false);
  }

  private static StalledThread thread(ThreadActivity activity, String call) {
    return new StalledThread(71, 71, "server", activity, call, null, null, null, null, 1);
  }
}
