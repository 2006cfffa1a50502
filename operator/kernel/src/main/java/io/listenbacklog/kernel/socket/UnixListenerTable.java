package io.listenbacklog.kernel.socket;

import java.io.IOException;
import java.util.List;

/** The UNIX listeners that were made in one network namespace, whatever their paths. */
public interface UnixListenerTable {
  /** So many of those that wait are told: enough to see whether the first ones still do. */
  int MOST_CLIENTS = 8;

  /** So many are shown of a network namespace: a pod can make tens of thousands. */
  int MOST = 4_096;

  /**
   * All of them, by cookie, but no more than {@link #MOST}: a dump, for which the kernel walks the
   * UNIX sockets of the namespace (before Linux 6.0 those of the node).
   *
   * @throws io.listenbacklog.kernel.linux.SyscallException ENOENT where the kernel has no unix_diag
   */
  List<UnixListener> unix() throws IOException;

  /**
   * The first clients that wait at one of them, in the order in which they are to be accepted: the
   * inode of each one's own socket, or 0 where it has closed that.
   *
   * @return at most {@link #MOST_CLIENTS}; empty where nobody waits, it is gone, or more wait than
   *     the kernel shows: what fits into a page or two, some thousands
   */
  List<Long> clients(UnixListener listener) throws IOException;
}
