package io.listenbacklog.kernel.relisten;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.kernel.linux.Descriptor;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.PatientCalls;
import io.listenbacklog.kernel.linux.SyscallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process in execve(2) keeps whoever wants a copy of its descriptors waiting. */
@Timeout(60)
class DescriptorCopiesTest {
  /** pidfds of processes that answer stand for themselves; those from here on do not answer. */
  private static final int SILENT = 1000;

  private static final Duration PATIENCE = Duration.ofSeconds(2); // busy machines

  private final Set<Integer> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger next = new AtomicInteger(5000);
  private final CountDownLatch execve = new CountDownLatch(1);
  private final AtomicLong nanos = new AtomicLong();
  private final LinuxC linux = linux();
  private final PatientCalls calls = new PatientCalls(pid -> pid, PATIENCE, nanos::get);
  private final DescriptorCopies copies = new DescriptorCopies(linux, calls);

  @AfterEach
  void end() {
    execve.countDown();
    calls.close();
  }

  private LinuxC linux() {
    InvocationHandler kernel =
        (_, method, arguments) ->
            switch (method.getName()) {
              case "close" -> {
                if (!open.remove((Integer) arguments[0])) {
                  throw new SyscallException("close", Errno.EBADF);
                }
                yield null;
              }
              case "pidfd_open" -> pidfd(SILENT).fd();
              case "pidfd_getfd" -> {
                if ((Integer) arguments[1] < 0) {
                  throw new SyscallException("pidfd_getfd", Errno.EBADF);
                }
                if ((Integer) arguments[0] >= SILENT) execve.await();
                int copy = next.incrementAndGet();
                open.add(copy);
                yield copy;
              }
              default -> throw new AssertionError(method);
            };
    return (LinuxC)
        Proxy.newProxyInstance(
            LinuxC.class.getClassLoader(), new Class<?>[] {LinuxC.class}, kernel);
  }

  private Descriptor pidfd(int pid) {
    open.add(pid);
    return new Descriptor(linux, pid);
  }

  @Test
  void aCopyIsTheCallersAndThePidfdIsClosed() throws IOException {
    try (var copy = copies.of(7, () -> pidfd(7), 3)) {
      assertThat(open).containsExactly(copy.fd());
    }
    assertThat(open).isEmpty();
  }

  @Test
  void whatTheKernelSaysIsThrown() {
    assertThatThrownBy(() -> copies.of(7, () -> pidfd(7), -1))
        .isInstanceOfSatisfying(
            SyscallException.class, refusal -> assertThat(refusal.is(Errno.EBADF)).isTrue());
    assertThat(open).isEmpty();
  }

  @Test
  void whoDoesNotAnswerIsLeftAloneForAWhileAndTheOthersAreAsked() throws IOException {
    assertThatThrownBy(() -> copies.of(SILENT, () -> pidfd(SILENT), 3))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not answer for process 1000")
        .isNotInstanceOf(SyscallException.class);

    copies.of(7, () -> pidfd(7), 3).close();
    execve.countDown();
    // The copy that came too late is nobody's.
    await().untilAsserted(() -> assertThat(open).isEmpty());
    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    copies.of(SILENT, () -> pidfd(SILENT), 3).close();
    assertThat(open).isEmpty();
  }

  private int ownCopy() {
    try {
      return copies.ofOwn(3).fd();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theOwnProcessIsNotWaitedForHoweverLongItTakes() throws Exception {
    var copied = new CompletableFuture<Integer>();
    Thread.ofPlatform().start(() -> copied.complete(ownCopy()));

    Thread.sleep(PATIENCE.multipliedBy(2));
    assertThat(copied).isNotDone();
    execve.countDown();
    assertThat(open).containsExactly(copied.get());
  }

  @Test
  void whereAllThreadsHangNothingIsCopiedUntilOneComesBack() {
    var hurried = new PatientCalls(pid -> pid, PATIENCE.dividedBy(10), nanos::get); // many wait
    var copies = new DescriptorCopies(linux, hurried);
    for (int pid = SILENT; pid < SILENT + PatientCalls.MOST; pid++) {
      int silent = pid;
      assertThatThrownBy(() -> copies.of(silent, () -> pidfd(silent), 3))
          .hasMessageContaining("answer");
    }
    assertThatThrownBy(() -> copies.of(7, () -> pidfd(7), 3))
        .hasMessageContaining("too many processes");

    execve.countDown();
    await()
        .untilAsserted(
            () -> {
              nanos.addAndGet(Duration.ofMinutes(1).toNanos());
              copies.of(7, () -> pidfd(7), 3).close();
            });
    await().untilAsserted(() -> assertThat(open).isEmpty());
    hurried.close();
  }
}
