package io.listenbacklog.kernel.netns;

import io.listenbacklog.kernel.socket.ConnectionTable;
import io.listenbacklog.kernel.socket.ListenerTable;
import io.listenbacklog.kernel.socket.UnixListenerTable;
import java.io.IOException;

/** A network namespace from inside; valid only during the visit. */
public interface NamespaceView {

  /**
   * What {@code net.core.somaxconn} is where nobody has set it (SOMAXCONN, include/linux/socket.h,
   * since Linux 5.4). A namespace that a user namespace owns has no sysctl for it before Linux 6.5:
   * there this default applies, and nobody can change it.
   */
  int DEFAULT_SOMAXCONN = 4096;

  /** Its inode. */
  long inode();

  /** Its TCP listeners. */
  ListenerTable listeners();

  /** The UNIX listeners that were made in it. */
  UnixListenerTable unixListeners();

  /** Its TCP connections. */
  ConnectionTable connections();

  /**
   * Its {@code TcpExt} counters. The kernel prints a hundred others with them: 40 to 80 µs, as much
   * as dozens of look-ups.
   */
  NetCounters counters() throws IOException;

  /**
   * How many connections were made to listeners of the namespace since it exists ({@code Tcp:
   * PassiveOpens} of /proc/net/snmp): each is in an accept queue, was accepted, or its listener is
   * gone.
   */
  long passiveOpens() throws IOException;

  /** {@code net.core.somaxconn}. */
  int somaxconn() throws IOException;

  /**
   * {@code net.ipv4.tcp_syncookies}: 0 never, 1 when a SYN queue is full, 2 always; 0 where the
   * kernel knows none.
   */
  int synCookies() throws IOException;

  /**
   * {@code net.ipv4.tcp_max_syn_backlog}: without SYN cookies a SYN queue holds no more than three
   * quarters of it.
   */
  int tcpMaxSynBacklog() throws IOException;

  /**
   * Writes {@code net.core.somaxconn}.
   *
   * @param value 1 to 65535
   * @return what was read back
   * @throws IOException named with the errno, where it cannot be written
   */
  int writeSomaxconn(int value) throws IOException;

  /**
   * Writes {@code net.ipv4.tcp_max_syn_backlog}.
   *
   * @param value 0 to 65535
   * @return what was read back
   * @throws IOException named with the errno, where it cannot be written
   */
  int writeTcpMaxSynBacklog(int value) throws IOException;
}
