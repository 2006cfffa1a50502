package io.listenbacklog.kernel.sockdiag;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.process.PlainText;
import io.listenbacklog.kernel.socket.Connection;
import io.listenbacklog.kernel.socket.Endpoint;
import io.listenbacklog.kernel.socket.IpAddress;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.socket.UnixListenerId;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A response of sock_diag, message by message. Each length is checked against what was received
 * before it is used.
 */
final class DiagReply {
  private static final long HEADER = InetDiag.NLMSGHDR.byteSize();
  private static final long LEN = InetDiag.offset(InetDiag.NLMSGHDR, "nlmsg_len");
  private static final long TYPE = InetDiag.offset(InetDiag.NLMSGHDR, "nlmsg_type");
  private static final long FLAGS = InetDiag.offset(InetDiag.NLMSGHDR, "nlmsg_flags");
  private static final long SEQ = InetDiag.offset(InetDiag.NLMSGHDR, "nlmsg_seq");

  private static final long FAMILY = InetDiag.offset(InetDiag.MESSAGE, "idiag_family");
  private static final long STATE = InetDiag.offset(InetDiag.MESSAGE, "idiag_state");
  private static final long ID = InetDiag.offset(InetDiag.MESSAGE, "id");
  private static final long RQUEUE = InetDiag.offset(InetDiag.MESSAGE, "idiag_rqueue");
  private static final long WQUEUE = InetDiag.offset(InetDiag.MESSAGE, "idiag_wqueue");
  private static final long INODE = InetDiag.offset(InetDiag.MESSAGE, "idiag_inode");
  private static final long SPORT = ID + InetDiag.offset(InetDiag.SOCKID, "idiag_sport");
  private static final long DPORT = ID + InetDiag.offset(InetDiag.SOCKID, "idiag_dport");
  private static final long SRC = ID + InetDiag.offset(InetDiag.SOCKID, "idiag_src");
  private static final long DST = ID + InetDiag.offset(InetDiag.SOCKID, "idiag_dst");
  private static final long IF = ID + InetDiag.offset(InetDiag.SOCKID, "idiag_if");
  private static final long COOKIE = ID + InetDiag.offset(InetDiag.SOCKID, "idiag_cookie");

  private static final long ATTRIBUTE_HEADER = InetDiag.NLATTR.byteSize();
  private static final long NLA_LEN = InetDiag.offset(InetDiag.NLATTR, "nla_len");
  private static final long NLA_TYPE = InetDiag.offset(InetDiag.NLATTR, "nla_type");

  private static final long UNIX_FAMILY = InetDiag.offset(UnixDiag.MESSAGE, "udiag_family");
  private static final long UNIX_STATE = InetDiag.offset(UnixDiag.MESSAGE, "udiag_state");
  private static final long UNIX_INODE = InetDiag.offset(UnixDiag.MESSAGE, "udiag_ino");
  private static final long UNIX_COOKIE = InetDiag.offset(UnixDiag.MESSAGE, "udiag_cookie");

  private static final long LAST_SENT = InetDiag.offset(InetDiag.TCP_INFO, "tcpi_last_data_sent");
  private static final long LAST_RECEIVED =
      InetDiag.offset(InetDiag.TCP_INFO, "tcpi_last_data_recv");
  private static final long DROPS = 4L * InetDiag.SK_MEMINFO_DROPS;

  private final MemorySegment received;
  private final long limit;
  private long at;
  private long end;

  /**
   * @param received as many bytes as the kernel gave
   */
  DiagReply(MemorySegment received) {
    this(received, 0, received.byteSize());
  }

  /**
   * @param buffer in a part of which the response is
   * @param from where that part begins, a multiple of 4
   * @param length as many bytes as the kernel gave
   */
  DiagReply(MemorySegment buffer, long from, long length) {
    received = buffer;
    end = from;
    limit = from + length;
  }

  /** Steps to the next message; false after the last. */
  boolean next() throws IOException {
    at = InetDiag.aligned(end);
    if (at >= limit) return false;
    long left = limit - at;
    if (left < HEADER) throw new IOException("netlink message of %d bytes".formatted(left));
    long length = Integer.toUnsignedLong(received.get(JAVA_INT, at + LEN));
    if (length < HEADER || length > left) {
      throw new IOException("netlink message says %d bytes, has %d".formatted(length, left));
    }
    end = at + length;
    return true;
  }

  short type() {
    return received.get(JAVA_SHORT, at + TYPE);
  }

  int sequence() {
    return received.get(JAVA_INT, at + SEQ);
  }

  /** Whether the table changed so much during a dump that it must be read again. */
  boolean isInterrupted() {
    return (received.get(JAVA_SHORT, at + FLAGS) & InetDiag.NLM_F_DUMP_INTR) != 0;
  }

  /** The errno of an NLMSG_ERROR, or of the NLMSG_DONE that ends a dump; 0: none. */
  int errno() throws IOException {
    if (end - at < HEADER + 4) {
      if (type() == InetDiag.NLMSG_DONE) return 0; // before Linux 3.x it had no payload
      throw tooShort();
    }
    return -received.get(JAVA_INT, at + HEADER);
  }

  /** The listener of this message; null if it is a socket of another state, family or port 0. */
  @Nullable Listener listener() throws IOException {
    long body = body();
    if (received.get(JAVA_BYTE, body + STATE) != InetDiag.TCP_LISTEN) return null;
    var address = address(body, SRC);
    int port = port(body, SPORT);
    if (address == null || port == 0) return null;
    var id = new ListenerId(address, port, received.get(JAVA_INT, body + IF), cookie(body));
    return seen(id, body);
  }

  /**
   * The listener of this message, if it is the one that was asked for: when that is gone, another
   * may answer, the wildcard for an address, a dual-stack one for IPv4.
   */
  @Nullable Listener listener(ListenerId asked) throws IOException {
    long body = body();
    boolean same =
        received.get(JAVA_BYTE, body + STATE) == InetDiag.TCP_LISTEN
            && cookie(body) == asked.cookie()
            && port(body, SPORT) == asked.port()
            && isBoundTo(asked.address(), body)
            && received.get(JAVA_INT, body + IF) == asked.device();
    return same ? seen(asked, body) : null;
  }

  /**
   * Passes on the local endpoint of the connection of this message, if its handshake is not
   * complete.
   */
  void ifSynReceived(BiConsumer<IpAddress, Integer> taker) throws IOException {
    long body = body();
    if (received.get(JAVA_BYTE, body + STATE) != InetDiag.TCP_SYN_RECV) return;
    var address = address(body, SRC);
    if (address != null) taker.accept(address, port(body, SPORT));
  }

  /**
   * The connection of this message; null if it is a socket of another state or family, or the
   * kernel does not say how long it has been there.
   */
  @Nullable Connection connection() throws IOException {
    long body = body();
    byte state = received.get(JAVA_BYTE, body + STATE);
    if (state != InetDiag.TCP_ESTABLISHED && state != InetDiag.TCP_CLOSE_WAIT) return null;
    var local = address(body, SRC);
    var peer = address(body, DST);
    long info = attribute(body, InetDiag.INET_DIAG_INFO, InetDiag.TCP_INFO.byteSize());
    if (local == null || peer == null || info == 0) return null;
    long unread = Integer.toUnsignedLong(received.get(JAVA_INT, body + RQUEUE));
    // The peer's FIN counts as one byte (net/ipv4/tcp_diag.c, tcp_diag_get_info).
    if (state == InetDiag.TCP_CLOSE_WAIT) unread = Math.max(0, unread - 1);
    return new Connection(
        new Endpoint(local, port(body, SPORT)),
        received.get(JAVA_INT, body + IF),
        new Endpoint(peer, port(body, DPORT)),
        cookie(body),
        Integer.toUnsignedLong(received.get(JAVA_INT, body + INODE)),
        unread,
        Integer.toUnsignedLong(received.get(JAVA_INT, info + LAST_SENT)),
        Integer.toUnsignedLong(received.get(JAVA_INT, info + LAST_RECEIVED)));
  }

  /** The UNIX listener of this message; null if it is a socket of another state, or nameless. */
  @Nullable UnixListener unixListener() throws IOException {
    if (end - at < HEADER + UnixDiag.MESSAGE.byteSize()) throw tooShort();
    long body = at + HEADER;
    if (received.get(JAVA_BYTE, body + UNIX_FAMILY) != LinuxC.AF_UNIX) return null;
    if (received.get(JAVA_BYTE, body + UNIX_STATE) != InetDiag.TCP_LISTEN) return null;
    long attributes = body + UnixDiag.MESSAGE.byteSize();
    long name = attributeAt(attributes, UnixDiag.UNIX_DIAG_NAME, 1);
    long lengths = attributeAt(attributes, UnixDiag.UNIX_DIAG_RQLEN, UnixDiag.RQLEN.byteSize());
    if (name == 0 || lengths == 0) return null;
    return new UnixListener(
        new UnixListenerId(path(name), wide(body + UNIX_COOKIE)),
        Integer.toUnsignedLong(received.get(JAVA_INT, body + UNIX_INODE)),
        count(lengths),
        count(lengths + 4));
  }

  /** Who waits at a UNIX listener: the inodes of the clients' sockets, at most so many. */
  List<Long> unixClients(int most) throws IOException {
    if (end - at < HEADER + UnixDiag.MESSAGE.byteSize()) throw tooShort();
    long clients =
        attributeAt(
            at + HEADER + UnixDiag.MESSAGE.byteSize(), UnixDiag.UNIX_DIAG_ICONS, Integer.BYTES);
    if (clients == 0) return List.of();
    int length =
        Short.toUnsignedInt(received.get(JAVA_SHORT, clients - ATTRIBUTE_HEADER + NLA_LEN))
            - (int) ATTRIBUTE_HEADER;
    var inodes = new ArrayList<Long>();
    for (int from = 0; from + Integer.BYTES <= length && inodes.size() < most; from += 4) {
      inodes.add(Integer.toUnsignedLong(received.get(JAVA_INT, clients + from)));
    }
    return List.copyOf(inodes);
  }

  /** As {@code ss} shows it: an abstract name begins with a null byte, which becomes an @. */
  private String path(long name) {
    int length =
        Short.toUnsignedInt(received.get(JAVA_SHORT, name - ATTRIBUTE_HEADER + NLA_LEN))
            - (int) ATTRIBUTE_HEADER;
    var bytes = new byte[Math.min(length, UnixDiag.PATH_MAX)];
    MemorySegment.copy(received, JAVA_BYTE, name, bytes, 0, bytes.length);
    boolean isAbstract = bytes[0] == 0;
    int used = isAbstract ? bytes.length : 0;
    while (used < bytes.length && bytes[used] != 0) used++;
    for (int i = 0; isAbstract && i < used; i++) if (bytes[i] == 0) bytes[i] = '@';
    return PlainText.of(Arrays.copyOf(bytes, used), UnixDiag.PATH_MAX);
  }

  private long body() throws IOException {
    if (end - at < HEADER + InetDiag.MESSAGE.byteSize()) throw tooShort();
    return at + HEADER;
  }

  private IOException tooShort() {
    return new IOException("netlink message of type %d has %d bytes".formatted(type(), end - at));
  }

  private @Nullable IpAddress address(long body, long end) {
    return switch (received.get(JAVA_BYTE, body + FAMILY)) {
      case LinuxC.AF_INET -> IpAddress.v4(received.get(InetDiag.BE32, body + end));
      case LinuxC.AF_INET6 ->
          IpAddress.v6(
              received.get(InetDiag.BE64, body + end), received.get(InetDiag.BE64, body + end + 8));
      default -> null;
    };
  }

  private boolean isBoundTo(IpAddress address, long body) {
    return switch (received.get(JAVA_BYTE, body + FAMILY)) {
      case LinuxC.AF_INET ->
          !address.ipv6() && (int) address.low() == received.get(InetDiag.BE32, body + SRC);
      case LinuxC.AF_INET6 ->
          address.ipv6()
              && address.high() == received.get(InetDiag.BE64, body + SRC)
              && address.low() == received.get(InetDiag.BE64, body + SRC + 8);
      default -> false;
    };
  }

  private int port(long body, long end) {
    return Short.toUnsignedInt(received.get(InetDiag.BE16, body + end));
  }

  private long cookie(long body) {
    return wide(body + COOKIE);
  }

  /** Two u32, the lower first. */
  private long wide(long offset) {
    return Integer.toUnsignedLong(received.get(JAVA_INT, offset))
        | (long) received.get(JAVA_INT, offset + 4) << 32;
  }

  private Listener seen(ListenerId id, long body) throws IOException {
    return new Listener(
        id,
        Integer.toUnsignedLong(received.get(JAVA_INT, body + INODE)),
        count(body + RQUEUE),
        count(body + WQUEUE),
        drops(body));
  }

  /** A u32 of the kernel that is an int in Java. */
  private int count(long offset) {
    return (int)
        Math.min(Integer.MAX_VALUE, Integer.toUnsignedLong(received.get(JAVA_INT, offset)));
  }

  private long drops(long body) throws IOException {
    long meminfo = attribute(body, InetDiag.INET_DIAG_SKMEMINFO, DROPS + 4);
    return meminfo == 0 ? 0 : Integer.toUnsignedLong(received.get(JAVA_INT, meminfo + DROPS));
  }

  /**
   * Where the payload of an attribute begins; 0: the message has none of this type that is so long.
   */
  private long attribute(long body, int type, long least) throws IOException {
    return attributeAt(body + InetDiag.MESSAGE.byteSize(), type, least);
  }

  private long attributeAt(long first, int type, long least) throws IOException {
    long attribute = first;
    while (attribute + ATTRIBUTE_HEADER <= end) {
      int length = Short.toUnsignedInt(received.get(JAVA_SHORT, attribute + NLA_LEN));
      if (length < ATTRIBUTE_HEADER || attribute + length > end) {
        throw new IOException("attribute says %d bytes, has %d".formatted(length, end - attribute));
      }
      if (received.get(JAVA_SHORT, attribute + NLA_TYPE) == type
          && length >= ATTRIBUTE_HEADER + least) {
        return attribute + ATTRIBUTE_HEADER;
      }
      attribute = InetDiag.aligned(attribute + length);
    }
    return 0;
  }
}
