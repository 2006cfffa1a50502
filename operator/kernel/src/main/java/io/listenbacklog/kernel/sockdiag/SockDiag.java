package io.listenbacklog.kernel.sockdiag;

import io.listenbacklog.kernel.linux.Descriptor;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.ListenerTable;
import io.listenbacklog.kernel.socket.PortListing;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.socket.UnixListenerTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of the network namespace that the opening thread is in, by sock_diag(7). While it
 * is open it pins that namespace.
 *
 * <p>Requests are answered before send() returns, and each further part of a dump by the recv()
 * that took the one before, so nothing here ever blocks.
 */
public final class SockDiag implements ListenerTable, UnixListenerTable, AutoCloseable {
  static final int DUMP_ATTEMPTS = 5;

  private static final Comparator<Listener> BY_PORT_THEN_ADDRESS =
      Comparator.comparingInt((Listener listener) -> listener.id().port())
          .thenComparing(listener -> listener.id().address().ipv6())
          .thenComparing(listener -> listener.id().address().high(), Long::compareUnsigned)
          .thenComparing(listener -> listener.id().address().low(), Long::compareUnsigned)
          .thenComparingLong(listener -> listener.id().cookie());

  private final LinuxC linux;
  private final DiagBuffers buffers;
  private Descriptor socket;
  private int sequence;

  private SockDiag(LinuxC linux, DiagBuffers buffers, Descriptor socket) {
    this.linux = linux;
    this.buffers = buffers;
    this.socket = socket;
  }

  /**
   * Opens the table of the calling thread's network namespace.
   *
   * @param buffers not used elsewhere while this is open
   */
  public static SockDiag open(LinuxC linux, DiagBuffers buffers) throws SyscallException {
    return new SockDiag(linux, buffers, socket(linux));
  }

  private static Descriptor socket(LinuxC linux) throws SyscallException {
    int socket =
        linux.socket(
            LinuxC.AF_NETLINK, LinuxC.SOCK_RAW | LinuxC.SOCK_CLOEXEC, InetDiag.NETLINK_SOCK_DIAG);
    return new Descriptor(linux, socket);
  }

  @Override
  public void close() {
    socket.close();
  }

  @Override
  public List<Listener> all() throws IOException {
    return dump(0);
  }

  @Override
  public List<Listener> onPort(int port) throws IOException {
    if (port < 1 || port > 65535) throw new IllegalArgumentException("port " + port);
    return dump(port);
  }

  @Override
  public List<Listener> known(Collection<ListenerId> ids) throws IOException {
    var asked = ids.toArray(ListenerId[]::new);
    var found = new @Nullable Listener[asked.length];
    int missing = 0;
    for (int from = 0; from < asked.length; from += DiagRequests.BATCH) {
      missing += lookUp(asked, found, from, Math.min(asked.length, from + DiagRequests.BATCH));
    }
    if (missing > 0) findInGroups(asked, found);
    // For each namespace in each sweep: no streams.
    var all = new ArrayList<Listener>(found.length);
    for (var each : found) if (each != null) all.add(each);
    return all;
  }

  /** Looks up a batch; returns how many were not found. */
  private int lookUp(ListenerId[] asked, @Nullable Listener[] found, int from, int to)
      throws IOException {
    int count = to - from;
    int first = sequence + 1;
    sequence += count;
    for (int index = 0; index < count; index++) {
      buffers.requests.lookUp(index, asked[from + index], first + index);
    }
    send(count);
    int answered = 0;
    int missing = 0;
    while (answered < count) {
      int received =
          linux.recvmmsg(
              socket.fd(), buffers.vector(count - answered), count - answered, LinuxC.MSG_DONTWAIT);
      for (int index = 0; index < received; index++) {
        if ((buffers.flags(index) & LinuxC.MSG_TRUNC) != 0) {
          throw new IOException("sock_diag: an answer is longer than any should be");
        }
        var reply = buffers.reply(index);
        while (reply.next()) {
          int which = reply.sequence() - first;
          if (which < 0 || which >= count) continue; // of an earlier request that failed midway
          answered++;
          found[from + which] = answer(reply, asked[from + which]);
          if (found[from + which] == null) missing++;
        }
      }
    }
    return missing;
  }

  private void send(int count) throws IOException {
    var batch = buffers.requests.batch(count);
    int sent = linux.send(socket.fd(), batch, 0);
    if (sent != batch.byteSize())
      throw new IOException("send(sock_diag): %d bytes".formatted(sent));
  }

  private static @Nullable Listener answer(DiagReply reply, ListenerId asked) throws IOException {
    if (reply.type() != InetDiag.NLMSG_ERROR) return reply.listener(asked);
    int errno = reply.errno();
    if (errno == Errno.ENOENT) return null;
    throw new SyscallException("sock_diag(look-up of %s)".formatted(asked.text()), errno);
  }

  /**
   * Of an SO_REUSEPORT group an exact look-up finds one member, the one that a hash picks; a dump
   * finds them all. Most that is not found is closed, though, and that may be thousands at once.
   */
  private void findInGroups(ListenerId[] asked, @Nullable Listener[] found) throws IOException {
    var ports = new LinkedHashSet<Integer>();
    for (int index = 0; index < asked.length; index++) {
      if (found[index] == null) ports.add(asked[index].port());
    }
    var there = new HashMap<ListenerId, Listener>();
    for (var each : PortListing.of(this, ports).listeners()) there.put(each.id(), each);
    for (int index = 0; index < asked.length; index++) {
      if (found[index] == null) found[index] = there.get(asked[index]);
    }
  }

  /** Complete or not: what comes and goes meanwhile does not matter in a flood. */
  @Override
  public Map<ListenerId, Integer> synReceived(Collection<ListenerId> ids) throws IOException {
    if (ids.isEmpty()) return Map.of();
    var counted = new SynReceived(ids);
    new Dump(linux, socket, buffers.dumpReply)
        .run(
            buffers.requests.dumpSynReceived(++sequence),
            sequence,
            reply -> {
              reply.ifSynReceived(counted::add);
              return true;
            });
    return counted.shares();
  }

  @Override
  public List<UnixListener> unix() throws IOException {
    for (int attempt = 1; attempt <= DUMP_ATTEMPTS; attempt++) {
      var listeners = new TreeMap<Long, UnixListener>();
      var end =
          new Dump(linux, socket, buffers.dumpReply)
              .run(
                  buffers.requests.dumpUnix(++sequence),
                  sequence,
                  reply -> {
                    var listener = reply.unixListener();
                    if (listener != null) listeners.put(listener.id().cookie(), listener);
                    return listeners.size() < UnixListenerTable.MOST;
                  });
      abandonIf(end);
      if (end != Dump.End.HOLES) return List.copyOf(listeners.values());
    }
    throw new SyscallException(
        "unix_diag(dump, interrupted %d times)".formatted(DUMP_ATTEMPTS), Errno.EINTR);
  }

  @Override
  public List<Long> clients(UnixListener listener) throws IOException {
    linux.send(socket.fd(), buffers.requests.unixClients(listener, ++sequence), 0);
    while (true) {
      int length =
          linux.recv(socket.fd(), buffers.dumpReply, LinuxC.MSG_DONTWAIT | LinuxC.MSG_TRUNC);
      if (length > buffers.dumpReply.byteSize()) {
        throw new IOException("unix_diag: an answer has %d bytes".formatted(length));
      }
      var reply = new DiagReply(buffers.dumpReply.asSlice(0, length));
      while (reply.next()) {
        if (reply.sequence() != sequence) continue; // of an earlier request that failed midway
        if (reply.type() != InetDiag.NLMSG_ERROR) return reply.unixClients(MOST_CLIENTS);
        int errno = reply.errno();
        // ESTALE: its inode is another's now. EMSGSIZE: they are too many to be shown.
        if (errno == Errno.ENOENT || errno == Errno.ESTALE || errno == Errno.EMSGSIZE) {
          return List.of();
        }
        throw new SyscallException(
            "unix_diag(look-up of %s)".formatted(listener.id().text()), errno);
      }
    }
  }

  private List<Listener> dump(int port) throws IOException {
    for (int attempt = 1; attempt <= DUMP_ATTEMPTS; attempt++) {
      var listeners = new HashMap<ListenerId, Listener>();
      if (dumpInto(listeners, port)) {
        return listeners.values().stream().sorted(BY_PORT_THEN_ADDRESS).toList();
      }
    }
    throw new SyscallException(
        "sock_diag(dump, interrupted %d times)".formatted(DUMP_ATTEMPTS), Errno.EINTR);
  }

  /**
   * Dumps once, as many as are looked at; false if the kernel said that the dump may have holes.
   */
  private boolean dumpInto(Map<ListenerId, Listener> listeners, int port) throws IOException {
    var request = buffers.requests.dump(port, ++sequence);
    var end =
        new Dump(linux, socket, buffers.dumpReply)
            .run(
                request,
                sequence,
                reply -> {
                  var listener = reply.listener();
                  if (listener != null) listeners.put(listener.id(), listener);
                  return listeners.size() < ListenerTable.MOST;
                });
    abandonIf(end);
    return end != Dump.End.HOLES;
  }

  /** The kernel would go on with a dump that was left. */
  private void abandonIf(Dump.End end) throws SyscallException {
    if (end != Dump.End.LEFT) return;
    socket.close();
    socket = socket(linux);
  }
}
