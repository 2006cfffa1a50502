package io.listenbacklog.kernel.log;

import java.io.IOException;
import java.util.List;

/** The kernel's log: a ring buffer of the whole node. */
public interface KernelLog {

  /**
   * The warnings of SYN floods that the log holds now, the oldest first. Reading takes a
   * millisecond or more, because the kernel formats the whole ring; nothing is consumed.
   *
   * @throws io.listenbacklog.kernel.linux.SyscallException EPERM without CAP_SYSLOG, where {@code
   *     kernel.dmesg_restrict} = 1
   */
  List<FloodWarning> floods() throws IOException;
}
