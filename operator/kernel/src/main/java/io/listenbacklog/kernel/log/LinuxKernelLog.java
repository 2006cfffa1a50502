package io.listenbacklog.kernel.log;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.SyscallException;
import java.io.Closeable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the kernel's log by {@code syslog(2)}, as dmesg(1) does: not by {@code /dev/kmsg}, which no
 * container may open, and never by {@code /proc/kmsg}, where reading takes the lines away from the
 * node's log daemon. Used by one thread at a time.
 */
public final class LinuxKernelLog implements KernelLog, Closeable {
  /**
   * Of a longer log the newest lines are read: rings of machines with many CPUs are larger than
   * this, but what is looked for is some seconds old.
   */
  private static final int LONGEST = 1024 * 1024;

  private final LinuxC linux;
  private final Arena memory = Arena.ofShared();
  private @Nullable MemorySegment buffer;

  public LinuxKernelLog(LinuxC linux) {
    this.linux = linux;
  }

  @Override
  public List<FloodWarning> floods() throws SyscallException {
    var text = buffer();
    int length = linux.klogctl(LinuxC.SYSLOG_ACTION_READ_ALL, text);
    return LogText.floods(
        text.asSlice(0, Math.clamp(length, 0, text.byteSize())).toArray(JAVA_BYTE));
  }

  private MemorySegment buffer() throws SyscallException {
    if (buffer != null) return buffer;
    int ring = linux.klogctl(LinuxC.SYSLOG_ACTION_SIZE_BUFFER, MemorySegment.NULL);
    buffer = memory.allocate(Math.clamp(ring, 4096, LONGEST));
    return buffer;
  }

  @Override
  public void close() {
    memory.close();
  }
}
