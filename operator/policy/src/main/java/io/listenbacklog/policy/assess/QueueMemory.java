package io.listenbacklog.policy.assess;

/**
 * How much of the kernel's memory connections may take that wait for accept(). Up to Linux 7.1 it
 * is charged to no pod before somebody accepts them (mem_cgroup_sk_alloc in
 * net/ipv4/inet_connection_sock.c, inet_csk_accept), so it is the node's to lose.
 */
public final class QueueMemory {
  /**
   * What a client may send to a socket that nobody reads from: the kernel's default of the second
   * number of net.ipv4.tcp_rmem (Documentation/networking/ip-sysctl.rst). It grows only while
   * somebody reads.
   */
  private static final long RECEIVE_BUFFER = 131_072;

  /** The socket itself and what hangs on it; struct tcp_sock is 2.2 to 2.5 KiB. */
  private static final long SOCKET = 4_096;

  /**
   * Bytes that a full queue may take, at most, where tcp_rmem is the default.
   *
   * @param backlog the kernel lets one more wait than that
   */
  public static long mostBytes(int backlog) {
    return (backlog + 1L) * (RECEIVE_BUFFER + SOCKET);
  }

  private QueueMemory() {}
}
