package io.listenbacklog.kernel.process;

import io.listenbacklog.kernel.linux.KernelFiles;
import io.listenbacklog.kernel.linux.SyscallException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Reads the files of a process that the kernel makes from its memory: cmdline, environ and maps
 * wait for the lock of its address space ({@code mmap_read_lock_killable} in fs/proc/base.c and
 * task_mmu.c), which is held for as long as a page fault or munmap() takes, on a dead network file
 * system forever: {@code ps} hangs there. So they are read by threads that may hang, with a short
 * timeout.
 *
 * <p>The threads are started at the beginning: one that is created while its creator is in a pod's
 * network namespace would stay there.
 */
public final class AddressSpaceReader implements AutoCloseable {
  /** How many reads may hang at once: then nothing is read until one returns. */
  static final int READERS = 2;

  /** Usually it takes 50 µs; a busy machine may take its time. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** How long a process that hung is left alone. */
  private static final long AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

  private static final int MOST_REMEMBERED = 64;

  private final KernelFiles files;
  private final Duration patience;
  private final LongSupplier nanos;
  private final Semaphore idle = new Semaphore(READERS);
  private final BlockingQueue<Runnable> reads = new ArrayBlockingQueue<>(READERS);
  private final Thread[] readers = new Thread[READERS];

  /** When a process may be read again, by pid. */
  private final Map<Integer, Long> hung =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Long> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /** Starts its threads. */
  public AddressSpaceReader(KernelFiles files) {
    this(files, PATIENCE, System::nanoTime);
  }

  AddressSpaceReader(KernelFiles files, Duration patience, LongSupplier nanos) {
    this.files = files;
    this.patience = patience;
    this.nanos = nanos;
    for (int each = 0; each < READERS; each++) {
      readers[each] = Thread.ofPlatform().daemon().name("proc-reader-" + each).start(this::serve);
    }
  }

  private void serve() {
    try {
      while (true) {
        var read = reads.take();
        read.run();
        idle.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** Empty where the process is gone, or did not answer in time. */
  synchronized Optional<byte[]> read(int pid, String path, int limit) throws SyscallException {
    Long again = hung.get(pid);
    if (again != null && nanos.getAsLong() - again < 0) return Optional.empty();
    if (!idle.tryAcquire()) return Optional.empty();
    var read = new FutureTask<>(() -> files.readIfThere(path, limit));
    reads.add(read);
    try {
      var content = read.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      hung.remove(pid);
      return content;
    } catch (TimeoutException e) {
      hung.put(pid, nanos.getAsLong() + AGAIN_NANOS);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SyscallException cause) throw cause;
      throw new IllegalStateException("reading " + path, e.getCause());
    }
  }

  /** Ends the threads that do not hang; the others end with the process. */
  @Override
  public void close() {
    for (var each : readers) each.interrupt();
  }
}
