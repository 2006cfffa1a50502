package io.listenbacklog.kernel.socket;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The TCP connections of one network namespace, IPv4 and IPv6. Each method is one dump, for which
 * the kernel walks the connections of the whole node: 0.2 ms for an empty table of 262,144 buckets.
 */
public interface ConnectionTable {
  /** Waiting connections of one port that are returned at most, the oldest. */
  int MOST_WAITING = 4096;

  /**
   * Who waits at a port for accept(), listener by listener, seen in the same dump.
   *
   * @return empty where more than 131,072 sockets have this local port
   */
  List<AcceptQueue> queues(int port) throws IOException;

  /**
   * Who waits for accept() at any address and port: what a listener with TPROXY, or one that a
   * program at sk_lookup chose, has in its queue keeps the address it was made to.
   *
   * @return the ones that wait longest, at most {@link #MOST_WAITING}; empty where the namespace
   *     has more than 131,072 connections
   */
  List<Connection> waiting() throws IOException;

  /**
   * How many connections that were accepted at a listener, or at its group of SO_REUSEPORT, are
   * open; empty where more than 131,072 sockets have its port, or more than 4,096 addresses of it
   * are listened at, or the kernel may have left some out. What reached it under another port
   * (TPROXY, sk_lookup) is not among them.
   */
  OptionalInt open(ListenerId listener) throws IOException;

  /**
   * Finds accepted connections by the inodes of their sockets.
   *
   * @return those that were found; none where the namespace has more than 131,072 sockets before
   *     them
   */
  Map<Long, Connection> accepted(Set<Long> inodes) throws IOException;
}
