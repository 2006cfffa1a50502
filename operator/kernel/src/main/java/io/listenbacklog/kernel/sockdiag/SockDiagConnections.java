package io.listenbacklog.kernel.sockdiag;

import io.listenbacklog.kernel.linux.Descriptor;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.socket.AcceptQueue;
import io.listenbacklog.kernel.socket.BoundAddresses;
import io.listenbacklog.kernel.socket.Connection;
import io.listenbacklog.kernel.socket.ConnectionTable;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The connections of the network namespace that the calling thread is in, by sock_diag(7): rarely
 * used, so each dump opens a socket of its own, and may be abandoned.
 */
public final class SockDiagConnections implements ConnectionTable {
  /** Sockets looked at in one dump, at most. */
  private static final int MOST_SEEN = 131_072;

  /** Addresses of one port that are told apart, at most. */
  private static final int MOST_ADDRESSES = 4096;

  private final LinuxC linux;
  private final DiagBuffers buffers;

  /**
   * @param buffers not used elsewhere during a call
   */
  public SockDiagConnections(LinuxC linux, DiagBuffers buffers) {
    this.linux = linux;
    this.buffers = buffers;
  }

  @Override
  public List<AcceptQueue> queues(int port) throws IOException {
    if (port < 1 || port > 65535) throw new IllegalArgumentException("port " + port);
    for (int attempt = 1; attempt <= SockDiag.DUMP_ATTEMPTS; attempt++) {
      var listeners = new ArrayList<Listener>();
      var oldest = new PriorityQueue<>(AcceptQueue.OLDEST_FIRST.reversed());
      var seen = new int[1];
      try (var socket = open()) {
        var end =
            new Dump(linux, socket, buffers.dumpReply)
                .run(
                    buffers.requests.dumpQueues(port, attempt),
                    attempt,
                    message -> {
                      var listener = message.listener();
                      if (listener != null) listeners.add(listener);
                      var connection = listener == null ? message.connection() : null;
                      if (connection != null && connection.waits()) oldest.add(connection);
                      if (oldest.size() > MOST_WAITING) oldest.remove();
                      return ++seen[0] < MOST_SEEN;
                    });
        if (end == Dump.End.LEFT) return List.of(); // what was not seen may be older
        if (end == Dump.End.WHOLE) return AcceptQueue.of(listeners, oldest);
      }
    }
    throw new SyscallException(
        "sock_diag(dump, interrupted %d times)".formatted(SockDiag.DUMP_ATTEMPTS), Errno.EINTR);
  }

  @Override
  public List<Connection> waiting() throws IOException {
    var oldest = new PriorityQueue<>(AcceptQueue.OLDEST_FIRST.reversed());
    var seen = new int[1];
    try (var socket = open()) {
      var end =
          new Dump(linux, socket, buffers.dumpReply)
              .run(
                  buffers.requests.dumpConnections(1),
                  1,
                  message -> {
                    var connection = message.connection();
                    if (connection != null && connection.waits()) oldest.add(connection);
                    if (oldest.size() > MOST_WAITING) oldest.remove();
                    return ++seen[0] < MOST_SEEN;
                  });
      if (end == Dump.End.LEFT) return List.of(); // what was not seen may be older
    }
    return oldest.stream().sorted(AcceptQueue.OLDEST_FIRST).toList();
  }

  @Override
  public OptionalInt open(ListenerId id) throws IOException {
    var bound = new BoundAddresses();
    var seen = new int[1];
    var open = new int[1];
    try (var socket = open()) {
      var end =
          new Dump(linux, socket, buffers.dumpReply)
              .run(
                  buffers.requests.dumpQueues(id.port(), 1),
                  1,
                  message -> {
                    // The kernel shows the listeners before any connection (inet_diag_dump_icsk).
                    var listener = message.listener();
                    if (listener != null) bound.add(listener.id());
                    var connection = listener == null ? message.connection() : null;
                    if (connection != null
                        && !connection.waits()
                        && bound.isReached(id, connection)) {
                      open[0]++;
                    }
                    return bound.size() <= MOST_ADDRESSES && ++seen[0] < MOST_SEEN;
                  });
      // What was left out was not counted, and a limit of connections is compared with this.
      if (end != Dump.End.WHOLE) return OptionalInt.empty();
    }
    return OptionalInt.of(open[0]);
  }

  @Override
  public Map<Long, Connection> accepted(Set<Long> inodes) throws IOException {
    var found = new HashMap<Long, Connection>();
    if (inodes.isEmpty()) return found;
    var seen = new int[1];
    try (var socket = open()) {
      new Dump(linux, socket, buffers.dumpReply)
          .run(
              buffers.requests.dumpConnections(1),
              1,
              message -> {
                var connection = message.connection();
                if (connection != null
                    && !connection.waits()
                    && inodes.contains(connection.inode())) {
                  found.put(connection.inode(), connection);
                }
                return found.size() < inodes.size() && ++seen[0] < MOST_SEEN;
              });
    }
    return found;
  }

  private Descriptor open() throws SyscallException {
    return new Descriptor(
        linux,
        linux.socket(
            LinuxC.AF_NETLINK, LinuxC.SOCK_RAW | LinuxC.SOCK_CLOEXEC, InetDiag.NETLINK_SOCK_DIAG));
  }
}
