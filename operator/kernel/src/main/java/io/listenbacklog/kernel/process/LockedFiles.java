package io.listenbacklog.kernel.process;

import io.listenbacklog.kernel.linux.KernelFiles;
import io.listenbacklog.kernel.linux.PatientCalls;
import io.listenbacklog.kernel.linux.PatientCalls.Given;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads the files of a process for which the kernel takes a lock that the process may hold as long
 * as it likes, on a dead network file system forever: {@code ps} hangs there.
 *
 * <ul>
 *   <li>cmdline, environ and maps wait for the lock of its address space ({@code
 *       mmap_read_lock_killable} in fs/proc/base.c and task_mmu.c), held during a page fault and
 *       munmap();
 *   <li>syscall and stack wait for its {@code exec_update_lock} ({@code lock_trace} in
 *       fs/proc/base.c), held while execve(2) closes files.
 * </ul>
 */
public interface LockedFiles {
  /**
   * The content; empty where the process is gone, or did not answer in time.
   *
   * @param path in the folder of the process in procfs
   * @param limit how many bytes at most
   */
  Optional<byte[]> read(int pid, String path, int limit) throws IOException;

  /** Reads on the calling thread, and hangs with it. */
  static LockedFiles hanging(KernelFiles files) {
    return (_, path, limit) -> files.readIfThere(path, limit);
  }

  /** Never hangs: what cannot be read in time is as if it were not there. */
  static LockedFiles patient(KernelFiles files, PatientCalls calls) {
    return (pid, path, limit) ->
        calls.ask(pid, () -> files.readIfThere(path, limit), _ -> {})
                instanceof Given<Optional<byte[]>>(var content)
            ? content
            : Optional.empty();
  }
}
