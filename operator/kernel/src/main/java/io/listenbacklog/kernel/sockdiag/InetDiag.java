package io.listenbacklog.kernel.sockdiag;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/** The structs of sock_diag: include/uapi/linux/netlink.h, inet_diag.h, sock_diag.h. */
final class InetDiag {
  static final int NETLINK_SOCK_DIAG = 4;

  static final short NLM_F_REQUEST = 1;
  static final short NLM_F_DUMP_INTR = 0x10;
  static final short NLM_F_DUMP = 0x300;
  static final short NLMSG_ERROR = 2;
  static final short NLMSG_DONE = 3;

  /** One dump for AF_INET and AF_INET6, whatever family is asked for. */
  static final short TCPDIAG_GETSOCK = 18;

  static final short SOCK_DIAG_BY_FAMILY = 20; // Linux 3.3

  static final byte TCP_ESTABLISHED = 1; // include/net/tcp_states.h
  static final byte TCP_SYN_RECV = 3;
  static final byte TCP_CLOSE_WAIT = 8;
  static final byte TCP_LISTEN = 10;
  static final byte IPPROTO_TCP = 6;

  static final int INET_DIAG_INFO = 2; // Linux 2.6.14
  static final int INET_DIAG_SKMEMINFO = 7; // Linux 3.6
  static final int SK_MEMINFO_DROPS = 8; // index in an array of u32, Linux 4.6

  static final ValueLayout.OfShort BE16 = JAVA_SHORT.withOrder(BIG_ENDIAN);
  static final ValueLayout.OfInt BE32 = JAVA_INT.withOrder(BIG_ENDIAN);

  /** Half an IPv6 address. */
  static final ValueLayout.OfLong BE64 = JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);

  static final StructLayout NLMSGHDR =
      MemoryLayout.structLayout(
          JAVA_INT.withName("nlmsg_len"),
          JAVA_SHORT.withName("nlmsg_type"),
          JAVA_SHORT.withName("nlmsg_flags"),
          JAVA_INT.withName("nlmsg_seq"),
          JAVA_INT.withName("nlmsg_pid"));

  static final StructLayout NLATTR =
      MemoryLayout.structLayout(JAVA_SHORT.withName("nla_len"), JAVA_SHORT.withName("nla_type"));

  static final StructLayout SOCKID =
      MemoryLayout.structLayout(
          BE16.withName("idiag_sport"),
          BE16.withName("idiag_dport"),
          MemoryLayout.sequenceLayout(4, BE32).withName("idiag_src"),
          MemoryLayout.sequenceLayout(4, BE32).withName("idiag_dst"),
          JAVA_INT.withName("idiag_if"),
          MemoryLayout.sequenceLayout(2, JAVA_INT).withName("idiag_cookie"));

  static final StructLayout REQUEST_V2 =
      MemoryLayout.structLayout(
          JAVA_BYTE.withName("sdiag_family"),
          JAVA_BYTE.withName("sdiag_protocol"),
          JAVA_BYTE.withName("idiag_ext"),
          MemoryLayout.paddingLayout(1),
          JAVA_INT.withName("idiag_states"),
          SOCKID.withName("id"));

  /** {@code struct inet_diag_req}: what TCPDIAG_GETSOCK takes. */
  static final StructLayout LEGACY_REQUEST =
      MemoryLayout.structLayout(
          JAVA_BYTE.withName("idiag_family"),
          JAVA_BYTE.withName("idiag_src_len"),
          JAVA_BYTE.withName("idiag_dst_len"),
          JAVA_BYTE.withName("idiag_ext"),
          SOCKID.withName("id"),
          JAVA_INT.withName("idiag_states"),
          JAVA_INT.withName("idiag_dbs"));

  static final StructLayout MESSAGE =
      MemoryLayout.structLayout(
          JAVA_BYTE.withName("idiag_family"),
          JAVA_BYTE.withName("idiag_state"),
          JAVA_BYTE.withName("idiag_timer"),
          JAVA_BYTE.withName("idiag_retrans"),
          SOCKID.withName("id"),
          JAVA_INT.withName("idiag_expires"),
          JAVA_INT.withName("idiag_rqueue"),
          JAVA_INT.withName("idiag_wqueue"),
          JAVA_INT.withName("idiag_uid"),
          JAVA_INT.withName("idiag_inode"));

  /** The beginning of {@code struct tcp_info}, include/uapi/linux/tcp.h. */
  static final StructLayout TCP_INFO =
      MemoryLayout.structLayout(
          JAVA_BYTE.withName("tcpi_state"),
          JAVA_BYTE.withName("tcpi_ca_state"),
          JAVA_BYTE.withName("tcpi_retransmits"),
          JAVA_BYTE.withName("tcpi_probes"),
          JAVA_BYTE.withName("tcpi_backoff"),
          JAVA_BYTE.withName("tcpi_options"),
          MemoryLayout.paddingLayout(2), // bit fields
          JAVA_INT.withName("tcpi_rto"),
          JAVA_INT.withName("tcpi_ato"),
          JAVA_INT.withName("tcpi_snd_mss"),
          JAVA_INT.withName("tcpi_rcv_mss"),
          JAVA_INT.withName("tcpi_unacked"),
          JAVA_INT.withName("tcpi_sacked"),
          JAVA_INT.withName("tcpi_lost"),
          JAVA_INT.withName("tcpi_retrans"),
          JAVA_INT.withName("tcpi_fackets"),
          JAVA_INT.withName("tcpi_last_data_sent"),
          JAVA_INT.withName("tcpi_last_ack_sent"),
          JAVA_INT.withName("tcpi_last_data_recv"));

  private InetDiag() {}

  /** Where a field is in a struct. */
  static long offset(StructLayout struct, String field) {
    return struct.byteOffset(PathElement.groupElement(field));
  }

  /** Messages and attributes begin at multiples of four. */
  static long aligned(long length) {
    return (length + 3) & ~3L;
  }
}
