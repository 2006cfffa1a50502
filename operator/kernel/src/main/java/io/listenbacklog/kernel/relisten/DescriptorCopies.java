package io.listenbacklog.kernel.relisten;

import io.listenbacklog.kernel.linux.Descriptor;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.PatientCalls;
import io.listenbacklog.kernel.linux.PatientCalls.Busy;
import io.listenbacklog.kernel.linux.PatientCalls.Given;
import io.listenbacklog.kernel.linux.PatientCalls.Late;
import io.listenbacklog.kernel.linux.SyscallException;
import java.io.IOException;

/**
 * Copies descriptors of other processes, {@code pidfd_getfd(2)}. The kernel waits for the process's
 * {@code exec_update_lock} first (kernel/pid.c, {@code __pidfd_fget}), which execve(2) holds while
 * it takes down the old address space and closes files: on a dead network file system forever.
 */
final class DescriptorCopies {
  private final LinuxC linux;
  private final PatientCalls calls;

  DescriptorCopies(LinuxC linux, PatientCalls calls) {
    this.linux = linux;
    this.calls = calls;
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
              "pidfd_getfd does not answer for process %d or others of its pod: perhaps in execve(2)"
                  .formatted(pid));
      case Busy<Descriptor>() ->
          throw new IOException("pidfd_getfd: too many processes that do not answer");
    };
  }

  /**
   * A copy of a descriptor of this process, which is not in execve(2): on the calling thread,
   * however long a slow machine takes for the first call.
   *
   * @throws SyscallException as the kernel says
   */
  Descriptor ofOwn(int fd) throws IOException {
    int own = Math.toIntExact(ProcessHandle.current().pid());
    return copy(() -> new Descriptor(linux, linux.pidfd_open(own, 0)), fd);
  }

  private Descriptor copy(PatientCalls.Call<Descriptor> process, int fd) throws IOException {
    try (var pidfd = process.now()) {
      return new Descriptor(linux, linux.pidfd_getfd(pidfd.fd(), fd, 0));
    }
  }
}
