package io.listenbacklog.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.kernel.linux.PatientCalls.Answer;
import io.listenbacklog.kernel.linux.PatientCalls.Busy;
import io.listenbacklog.kernel.linux.PatientCalls.Given;
import io.listenbacklog.kernel.linux.PatientCalls.Late;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PatientCallsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(2); // busy machines

  private final AtomicLong nanos = new AtomicLong();
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> late = new ConcurrentLinkedQueue<>();

  /** Ten processes are a pod. */
  private final PatientCalls calls = new PatientCalls(pid -> pid / 10, PATIENCE, nanos::get);

  /** For tests in which many do not answer. */
  private final PatientCalls hurried =
      new PatientCalls(pid -> pid / 10, PATIENCE.dividedBy(10), nanos::get);

  @AfterEach
  void end() {
    end.countDown();
    calls.close();
    hurried.close();
  }

  private Answer<String> answers(int pid) throws IOException {
    return calls.ask(pid, () -> "answer", late::add);
  }

  /** Whether it does, tried again after a while: for many, patience is short. */
  private void awaitAnswer(int pid) {
    await()
        .untilAsserted(
            () -> {
              nanos.addAndGet(Duration.ofMinutes(1).toNanos());
              assertThat(hurried.ask(pid, () -> "answer", late::add)).isInstanceOf(Given.class);
            });
  }

  private Answer<String> hangs(int pid) throws IOException {
    return hangs(calls, pid);
  }

  private Answer<String> hangs(PatientCalls calls, int pid) throws IOException {
    return calls.ask(
        pid,
        () -> {
          asked.incrementAndGet();
          try {
            end.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return "late";
        },
        late::add);
  }

  @Test
  void anAnswerIsTheCallers() throws IOException {
    assertThat(answers(1)).isEqualTo(new Given<>("answer"));
    assertThat(late).isEmpty();
  }

  @Test
  void anErrorIsTheCallers() {
    assertThatThrownBy(
            () ->
                calls.ask(
                    1,
                    () -> {
                      throw new SyscallException("pidfd_open", Errno.ESRCH);
                    },
                    late::add))
        .isInstanceOf(SyscallException.class)
        .hasMessageContaining("pidfd_open");
  }

  @Test
  void whoDoesNotAnswerIsLeftAloneUntilTheCallIsBackAndHalfAMinuteIsOver() throws Exception {
    assertThat(hangs(1)).isInstanceOf(Late.class);
    nanos.addAndGet(Duration.ofMinutes(10).toNanos());
    // Each time it were asked another thread would hang.
    for (int time = 0; time < 2 * PatientCalls.MOST; time++) {
      assertThat(answers(1)).isInstanceOf(Late.class);
    }
    assertThat(asked).hasValue(1);

    end.countDown();
    await().untilAsserted(() -> assertThat(late).containsExactly("late"));
    await().untilAsserted(() -> assertThat(answers(1)).isInstanceOf(Given.class));
  }

  @Test
  void whoAnswersTooLateIsLeftAloneForHalfAMinute() throws Exception {
    assertThat(hangs(1)).isInstanceOf(Late.class);
    end.countDown();
    await().untilAsserted(() -> assertThat(late).containsExactly("late"));

    nanos.addAndGet(Duration.ofSeconds(29).toNanos());
    assertThat(answers(1)).isInstanceOf(Late.class);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(answers(1)).isInstanceOf(Given.class);
  }

  @Test
  void aPodHasAShareOfTheThreads() throws IOException {
    for (int pid = 10; pid < 20; pid++) assertThat(hangs(pid)).isInstanceOf(Late.class);

    assertThat(asked).hasValue(PatientCalls.SHARE);
    assertThat(answers(20)).isInstanceOf(Given.class);
  }

  @Test
  void aNodeFullOfPodsThatDoNotAnswerDoesNotKeepAllThreads() throws IOException {
    int pods = 110; // of a kubelet, if not told otherwise
    for (int pid = 0; pid < 10 * pods; pid++) {
      assertThat(hangs(hurried, pid)).isInstanceOf(Late.class);
    }

    await().untilAsserted(() -> assertThat(asked).hasValue(32 * 2 + (pods - 32)));
    awaitAnswer(10 * pods);
  }

  @Test
  void othersOfAPodOfWhichOneDoesNotAnswerAreAsked() throws IOException {
    assertThat(hangs(10)).isInstanceOf(Late.class);

    assertThat(answers(11)).isInstanceOf(Given.class);
  }

  @Test
  void whereAllThreadsHangNobodyIsAskedUntilOneIsBack() throws IOException {
    for (int pod = 0; pod < PatientCalls.MOST; pod++) {
      assertThat(hangs(hurried, 10 * pod)).isInstanceOf(Late.class);
    }
    int other = 10 * PatientCalls.MOST;
    assertThat(hurried.ask(other, () -> "answer", late::add)).isInstanceOf(Busy.class);

    end.countDown();
    awaitAnswer(other);
    await()
        .untilAsserted(
            () -> assertThat(late).filteredOn("late"::equals).hasSize(PatientCalls.MOST));
  }

  @Test
  void whatComesWhileTheCallerIsInterruptedIsNotLost() throws IOException {
    Thread.currentThread().interrupt();
    var answer = hangs(1); // one that answers may have done so before the interruption is seen

    assertThat(Thread.interrupted()).isTrue();
    assertThat(answer).isInstanceOf(Late.class);
    end.countDown();
    await().untilAsserted(() -> assertThat(late).containsExactly("late"));
  }
}
