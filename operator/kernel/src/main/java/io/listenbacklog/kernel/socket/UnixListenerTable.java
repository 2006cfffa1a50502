package io.listenbacklog.kernel.socket;

import java.io.IOException;
import java.util.List;

/** The UNIX listeners that were made in one network namespace, whatever their paths. */
public interface UnixListenerTable {

  /**
   * All of them, by cookie: a dump, for which the kernel walks the UNIX sockets of the namespace
   * (before Linux 6.0 those of the node).
   *
   * @throws io.listenbacklog.kernel.linux.SyscallException ENOENT where the kernel has no unix_diag
   */
  List<UnixListener> unix() throws IOException;
}
