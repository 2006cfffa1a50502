package io.listenbacklog.kernel.relisten;

import io.listenbacklog.kernel.linux.Descriptor;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.SyscallException;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Copies descriptors of other processes, {@code pidfd_getfd(2)}. The kernel waits for the process's
 * {@code exec_update_lock} first (kernel/pid.c, {@code __pidfd_fget}), which execve(2) holds while
 * it takes down the old address space and closes files: on a dead network file system forever. So
 * it is asked by threads that may hang, with a short timeout.
 *
 * <p>The threads are started at the beginning: one that is created while its creator is in a pod's
 * network namespace would stay there.
 */
final class DescriptorCopies implements AutoCloseable {
  /** How many calls may hang at once: then nothing is copied until one returns. */
  static final int COPIERS = 4;

  /** Usually it takes 20 µs; a busy machine may take its time. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** How long a process that hung is left alone. */
  private static final long AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

  private static final int MOST_REMEMBERED = 64;

  private final LinuxC linux;
  private final Duration patience;
  private final LongSupplier nanos;
  private final Semaphore idle = new Semaphore(COPIERS);
  private final BlockingQueue<Runnable> calls = new ArrayBlockingQueue<>(COPIERS);
  private final Thread[] copiers = new Thread[COPIERS];

  /** When a process may be asked again, by pid. */
  private final Map<Integer, Long> hung =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Long> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /** Starts its threads. */
  DescriptorCopies(LinuxC linux) {
    this(linux, PATIENCE, System::nanoTime);
  }

  DescriptorCopies(LinuxC linux, Duration patience, LongSupplier nanos) {
    this.linux = linux;
    this.patience = patience;
    this.nanos = nanos;
    for (int each = 0; each < COPIERS; each++) {
      copiers[each] = Thread.ofPlatform().daemon().name("fd-copier-" + each).start(this::serve);
    }
  }

  private void serve() {
    try {
      while (true) {
        var call = calls.take();
        call.run();
        idle.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /**
   * A copy of a descriptor.
   *
   * @param process a pidfd, which is closed here
   * @throws SyscallException as the kernel says
   * @throws IOException if it does not answer in time, or others do not
   */
  synchronized Descriptor of(int pid, Descriptor process, int fd) throws IOException {
    Long again = hung.get(pid);
    boolean isHung = again != null && nanos.getAsLong() - again < 0;
    if (isHung || !idle.tryAcquire()) {
      process.close();
      throw new IOException(
          isHung ? unanswered(pid) : "pidfd_getfd: too many processes that do not answer");
    }
    var copy = new CompletableFuture<Descriptor>();
    calls.add(() -> copy(process, fd, copy));
    try {
      if (!isAnswered(copy) && copy.cancel(false)) {
        hung.put(pid, nanos.getAsLong() + AGAIN_NANOS);
        throw new IOException(unanswered(pid));
      }
      return copy.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (!copy.cancel(false) && !copy.isCompletedExceptionally()) copy.join().close();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SyscallException cause) throw cause;
      throw new IllegalStateException("pidfd_getfd", e.getCause());
    }
  }

  private boolean isAnswered(CompletableFuture<Descriptor> copy)
      throws InterruptedException, ExecutionException {
    try {
      copy.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private void copy(Descriptor process, int fd, CompletableFuture<Descriptor> answer) {
    Descriptor copy;
    try (process) {
      copy = new Descriptor(linux, linux.pidfd_getfd(process.fd(), fd, 0));
    } catch (SyscallException | RuntimeException e) {
      answer.completeExceptionally(e);
      return;
    }
    if (!answer.complete(copy)) copy.close(); // nobody waits for it any more
  }

  private static String unanswered(int pid) {
    return "pidfd_getfd does not answer for process %d, which is perhaps in execve(2)"
        .formatted(pid);
  }

  /** Ends the threads that do not hang; the others end with the process. */
  @Override
  public void close() {
    for (var each : copiers) each.interrupt();
  }
}
