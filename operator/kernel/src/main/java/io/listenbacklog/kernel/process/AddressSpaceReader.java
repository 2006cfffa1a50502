package io.listenbacklog.kernel.process;

import io.listenbacklog.kernel.linux.KernelFiles;
import io.listenbacklog.kernel.linux.PatientCalls;
import io.listenbacklog.kernel.linux.PatientCalls.Given;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Reads the files of a process that the kernel makes from its memory: cmdline, environ and maps
 * wait for the lock of its address space ({@code mmap_read_lock_killable} in fs/proc/base.c and
 * task_mmu.c), which is held for as long as a page fault or munmap() takes, on a dead network file
 * system forever: {@code ps} hangs there. So they are read by threads that may hang, with a short
 * timeout.
 */
public final class AddressSpaceReader implements AutoCloseable {
  /** How many reads may hang at once: then nothing is read until one returns. */
  static final int READERS = 2;

  /** Usually it takes 50 µs; a busy machine may take its time. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final KernelFiles files;
  private final PatientCalls calls;

  /** Starts its threads. */
  public AddressSpaceReader(KernelFiles files) {
    this(files, PATIENCE, System::nanoTime);
  }

  AddressSpaceReader(KernelFiles files, Duration patience, LongSupplier nanos) {
    this.files = files;
    calls = new PatientCalls("proc-reader", READERS, patience, nanos);
  }

  /** Empty where the process is gone, or did not answer in time. */
  Optional<byte[]> read(int pid, String path, int limit) throws IOException {
    return calls.ask(pid, () -> files.readIfThere(path, limit), _ -> {})
            instanceof Given<Optional<byte[]>>(var content)
        ? content
        : Optional.empty();
  }

  /** See {@link PatientCalls#close}. */
  @Override
  public void close() {
    calls.close();
  }
}
