package io.listenbacklog.kernel.process;

import io.listenbacklog.kernel.linux.KernelFiles;
import io.listenbacklog.kernel.linux.SyscallException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A process whose main thread has ended lives on in its other threads, but {@code /proc/PID/ns} and
 * {@code /proc/PID/fd} are those of the main thread, and empty: another thread's show what they
 * would.
 */
public final class LivingThread {
  private static final int MOST = 1024;

  private LivingThread() {}

  /**
   * Another thread of a live process.
   *
   * @param proc where procfs is mounted
   * @return empty if all of the process is gone
   */
  public static OptionalInt besideMain(KernelFiles files, String proc, int pid)
      throws SyscallException {
    String threads = proc + "/" + pid + "/task";
    for (var each : files.names(threads, MOST).orElse(List.of())) {
      if (each.equals(Integer.toString(pid)) || !each.matches("[0-9]{1,9}")) continue;
      Optional<String> namespace = files.link(threads + "/" + each + "/ns/net");
      if (namespace.isPresent()) return OptionalInt.of(Integer.parseInt(each));
    }
    return OptionalInt.empty();
  }
}
