package io.listenbacklog.kernel.sockdiag;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.UnixListener;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/** Requests to sock_diag, in a buffer that is reused. */
final class DiagRequests {
  /**
   * Look-ups in one send. Each answer waits in the receive buffer, 212,992 bytes by default, where
   * one takes 2 to 3 KiB: what does not fit is lost.
   */
  static final int BATCH = 32;

  private static final long HEADER = InetDiag.NLMSGHDR.byteSize();
  private static final long EXACT = HEADER + InetDiag.REQUEST_V2.byteSize();
  private static final long DUMP = HEADER + InetDiag.LEGACY_REQUEST.byteSize();

  private static final long LEN = InetDiag.offset(InetDiag.NLMSGHDR, "nlmsg_len");
  private static final long TYPE = InetDiag.offset(InetDiag.NLMSGHDR, "nlmsg_type");
  private static final long FLAGS = InetDiag.offset(InetDiag.NLMSGHDR, "nlmsg_flags");
  private static final long SEQ = InetDiag.offset(InetDiag.NLMSGHDR, "nlmsg_seq");

  private static final long FAMILY = HEADER + InetDiag.offset(InetDiag.REQUEST_V2, "sdiag_family");
  private static final long PROTOCOL =
      HEADER + InetDiag.offset(InetDiag.REQUEST_V2, "sdiag_protocol");
  private static final long EXT = HEADER + InetDiag.offset(InetDiag.REQUEST_V2, "idiag_ext");
  private static final long STATES = HEADER + InetDiag.offset(InetDiag.REQUEST_V2, "idiag_states");
  private static final long ID = HEADER + InetDiag.offset(InetDiag.REQUEST_V2, "id");

  private static final long LEGACY_EXT =
      HEADER + InetDiag.offset(InetDiag.LEGACY_REQUEST, "idiag_ext");
  private static final long LEGACY_ID = HEADER + InetDiag.offset(InetDiag.LEGACY_REQUEST, "id");
  private static final long LEGACY_STATES =
      HEADER + InetDiag.offset(InetDiag.LEGACY_REQUEST, "idiag_states");

  private static final long SPORT = InetDiag.offset(InetDiag.SOCKID, "idiag_sport");
  private static final long SRC = InetDiag.offset(InetDiag.SOCKID, "idiag_src");
  private static final long IF = InetDiag.offset(InetDiag.SOCKID, "idiag_if");
  private static final long COOKIE = InetDiag.offset(InetDiag.SOCKID, "idiag_cookie");

  private static final long UNIX_DUMP = HEADER + UnixDiag.REQUEST.byteSize();
  private static final long UNIX_FAMILY =
      HEADER + InetDiag.offset(UnixDiag.REQUEST, "sdiag_family");
  private static final long UNIX_STATES =
      HEADER + InetDiag.offset(UnixDiag.REQUEST, "udiag_states");
  private static final long UNIX_SHOW = HEADER + InetDiag.offset(UnixDiag.REQUEST, "udiag_show");

  private static final long UNIX_INODE = HEADER + InetDiag.offset(UnixDiag.REQUEST, "udiag_ino");
  private static final long UNIX_COOKIE =
      HEADER + InetDiag.offset(UnixDiag.REQUEST, "udiag_cookie");

  private static final byte WITH_MEMINFO = 1 << (InetDiag.INET_DIAG_SKMEMINFO - 1);
  private static final byte WITH_INFO = 1 << (InetDiag.INET_DIAG_INFO - 1);
  private static final int LISTENING = 1 << InetDiag.TCP_LISTEN;

  /** In these states only is a socket without inode one that waits for accept(). */
  private static final int CONNECTED = 1 << InetDiag.TCP_ESTABLISHED | 1 << InetDiag.TCP_CLOSE_WAIT;

  private final MemorySegment exact;
  private final MemorySegment dump;
  private final MemorySegment synReceived;
  private final MemorySegment unix;
  private final MemorySegment unixClients;

  DiagRequests(SegmentAllocator memory) {
    exact = memory.allocate(EXACT * BATCH, 8);
    dump = memory.allocate(DUMP, 8);
    synReceived = memory.allocate(DUMP, 8);
    unix = memory.allocate(UNIX_DUMP, 8);
    header(
        unix, InetDiag.SOCK_DIAG_BY_FAMILY, (short) (InetDiag.NLM_F_REQUEST | InetDiag.NLM_F_DUMP));
    unix.set(JAVA_BYTE, UNIX_FAMILY, (byte) LinuxC.AF_UNIX);
    unix.set(JAVA_INT, UNIX_STATES, LISTENING);
    unix.set(JAVA_INT, UNIX_SHOW, UnixDiag.UDIAG_SHOW_NAME | UnixDiag.UDIAG_SHOW_RQLEN);
    unixClients = memory.allocate(UNIX_DUMP, 8);
    header(unixClients, InetDiag.SOCK_DIAG_BY_FAMILY, InetDiag.NLM_F_REQUEST);
    unixClients.set(JAVA_BYTE, UNIX_FAMILY, (byte) LinuxC.AF_UNIX);
    unixClients.set(JAVA_INT, UNIX_STATES, LISTENING);
    unixClients.set(JAVA_INT, UNIX_SHOW, UnixDiag.UDIAG_SHOW_ICONS);
    header(
        synReceived,
        InetDiag.TCPDIAG_GETSOCK,
        (short) (InetDiag.NLM_F_REQUEST | InetDiag.NLM_F_DUMP));
    synReceived.set(JAVA_INT, LEGACY_STATES, 1 << InetDiag.TCP_SYN_RECV);
    for (int index = 0; index < BATCH; index++) {
      var request = exact.asSlice(index * EXACT, EXACT);
      header(request, InetDiag.SOCK_DIAG_BY_FAMILY, InetDiag.NLM_F_REQUEST);
      request.set(JAVA_BYTE, PROTOCOL, InetDiag.IPPROTO_TCP);
      request.set(JAVA_BYTE, EXT, WITH_MEMINFO);
      request.set(JAVA_INT, STATES, LISTENING);
    }
    header(dump, InetDiag.TCPDIAG_GETSOCK, (short) (InetDiag.NLM_F_REQUEST | InetDiag.NLM_F_DUMP));
  }

  private static void header(MemorySegment request, short type, short flags) {
    request.set(JAVA_INT, LEN, (int) request.byteSize());
    request.set(JAVA_SHORT, TYPE, type);
    request.set(JAVA_SHORT, FLAGS, flags);
  }

  /**
   * Writes an exact look-up into the batch.
   *
   * @param index 0 to {@link #BATCH} - 1
   */
  void lookUp(int index, ListenerId id, int sequence) {
    long at = index * EXACT;
    long socket = at + ID;
    var address = id.address();
    exact.set(JAVA_INT, at + SEQ, sequence);
    exact.set(JAVA_BYTE, at + FAMILY, (byte) (address.ipv6() ? LinuxC.AF_INET6 : LinuxC.AF_INET));
    exact.set(InetDiag.BE16, socket + SPORT, (short) id.port());
    if (address.ipv6()) {
      exact.set(InetDiag.BE64, socket + SRC, address.high());
      exact.set(InetDiag.BE64, socket + SRC + 8, address.low());
    } else {
      exact.set(InetDiag.BE64, socket + SRC, address.low() << 32);
      exact.set(InetDiag.BE64, socket + SRC + 8, 0);
    }
    exact.set(JAVA_INT, socket + IF, id.device());
    exact.set(JAVA_INT, socket + COOKIE, (int) id.cookie());
    exact.set(JAVA_INT, socket + COOKIE + 4, (int) (id.cookie() >>> 32));
  }

  /** The first look-ups of the batch. */
  MemorySegment batch(int count) {
    return exact.asSlice(0, count * EXACT);
  }

  /** A dump of all connections whose handshake is not over. */
  MemorySegment dumpSynReceived(int sequence) {
    synReceived.set(JAVA_INT, SEQ, sequence);
    return synReceived;
  }

  /** A dump of all UNIX listeners. */
  MemorySegment dumpUnix(int sequence) {
    unix.set(JAVA_INT, SEQ, sequence);
    return unix;
  }

  /** An exact look-up of a UNIX listener, with who waits there. */
  MemorySegment unixClients(UnixListener listener, int sequence) {
    long cookie = listener.id().cookie();
    unixClients.set(JAVA_INT, SEQ, sequence);
    unixClients.set(JAVA_INT, UNIX_INODE, (int) listener.inode());
    unixClients.set(JAVA_INT, UNIX_COOKIE, (int) cookie);
    unixClients.set(JAVA_INT, UNIX_COOKIE + 4, (int) (cookie >>> 32));
    return unixClients;
  }

  /**
   * A dump of all listeners, IPv4 and IPv6.
   *
   * @param port only those on it; 0: all
   */
  MemorySegment dump(int port, int sequence) {
    return dump(port, sequence, LISTENING, WITH_MEMINFO);
  }

  /** A dump of the listeners of a port and of the connections whose local port it is. */
  MemorySegment dumpQueues(int port, int sequence) {
    return dump(port, sequence, LISTENING | CONNECTED, (byte) (WITH_MEMINFO | WITH_INFO));
  }

  /** A dump of all connections. */
  MemorySegment dumpConnections(int sequence) {
    return dump(0, sequence, CONNECTED, WITH_INFO);
  }

  private MemorySegment dump(int port, int sequence, int states, byte extensions) {
    dump.set(JAVA_INT, SEQ, sequence);
    dump.set(InetDiag.BE16, LEGACY_ID + SPORT, (short) port);
    dump.set(JAVA_INT, LEGACY_STATES, states);
    dump.set(JAVA_BYTE, LEGACY_EXT, extensions);
    return dump;
  }
}
