package io.listenbacklog.kernel.relisten;

import io.listenbacklog.kernel.linux.Descriptor;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.PatientCalls;
import io.listenbacklog.kernel.linux.PatientCalls.Busy;
import io.listenbacklog.kernel.linux.PatientCalls.Given;
import io.listenbacklog.kernel.linux.PatientCalls.Late;
import io.listenbacklog.kernel.linux.SyscallException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Copies descriptors of other processes, {@code pidfd_getfd(2)}. The kernel waits for the process's
 * {@code exec_update_lock} first (kernel/pid.c, {@code __pidfd_fget}), which execve(2) holds while
 * it takes down the old address space and closes files: on a dead network file system forever.
 */
final class DescriptorCopies implements AutoCloseable {
  /** How many calls may hang at once: then nothing is copied until one returns. */
  static final int COPIERS = 4;

  /** Usually it takes 20 µs; a busy machine may take its time. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final LinuxC linux;
  private final PatientCalls calls;

  /** Starts its threads. */
  DescriptorCopies(LinuxC linux) {
    this(linux, PATIENCE, System::nanoTime);
  }

  DescriptorCopies(LinuxC linux, Duration patience, LongSupplier nanos) {
    this.linux = linux;
    calls = new PatientCalls("fd-copier", COPIERS, patience, nanos);
  }

  /**
   * A copy of a descriptor.
   *
   * @param process opens a pidfd
   * @throws SyscallException as the kernel says
   * @throws IOException if it does not answer in time, or others do not
   */
  Descriptor of(int pid, PatientCalls.Call<Descriptor> process, int fd) throws IOException {
    return switch (calls.ask(pid, () -> copy(process, fd), Descriptor::close)) {
      case Given<Descriptor>(var copy) -> copy;
      case Late<Descriptor>() ->
          throw new IOException(
              "pidfd_getfd does not answer for process %d, which is perhaps in execve(2)"
                  .formatted(pid));
      case Busy<Descriptor>() ->
          throw new IOException("pidfd_getfd: too many processes that do not answer");
    };
  }

  private Descriptor copy(PatientCalls.Call<Descriptor> process, int fd) throws IOException {
    try (var pidfd = process.now()) {
      return new Descriptor(linux, linux.pidfd_getfd(pidfd.fd(), fd, 0));
    }
  }

  /** See {@link PatientCalls#close}. */
  @Override
  public void close() {
    calls.close();
  }
}
