package io.listenbacklog.kernel.sockdiag;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;

/** Off-heap buffers for sock_diag, reused: by one {@link SockDiag} at a time. */
public final class DiagBuffers {
  /** The most that the kernel puts into one message of a dump (net/netlink/af_netlink.c). */
  private static final int DUMP_REPLY = 32 * 1024;

  /** An answer has some 300 bytes; an error has the request in it. */
  private static final int EXACT_REPLY = 1024;

  /** {@code struct iovec}. */
  static final StructLayout IOVEC =
      MemoryLayout.structLayout(ADDRESS.withName("iov_base"), JAVA_LONG.withName("iov_len"));

  /** {@code struct mmsghdr}, whose first part is {@code struct msghdr}. */
  static final StructLayout MMSGHDR =
      MemoryLayout.structLayout(
          ADDRESS.withName("msg_name"),
          JAVA_INT.withName("msg_namelen"),
          MemoryLayout.paddingLayout(4),
          ADDRESS.withName("msg_iov"),
          JAVA_LONG.withName("msg_iovlen"),
          ADDRESS.withName("msg_control"),
          JAVA_LONG.withName("msg_controllen"),
          JAVA_INT.withName("msg_flags"),
          MemoryLayout.paddingLayout(4),
          JAVA_INT.withName("msg_len"),
          MemoryLayout.paddingLayout(4));

  private static final long FLAGS = InetDiag.offset(MMSGHDR, "msg_flags");
  private static final long LENGTH = InetDiag.offset(MMSGHDR, "msg_len");

  final DiagRequests requests;
  final MemorySegment dumpReply;
  private final MemorySegment exactReplies;
  private final MemorySegment vector;

  /**
   * @param memory zeroed, and freed by its owner when these buffers are not used any more
   */
  public DiagBuffers(SegmentAllocator memory) {
    requests = new DiagRequests(memory);
    dumpReply = memory.allocate(DUMP_REPLY, 8);
    exactReplies = memory.allocate((long) EXACT_REPLY * DiagRequests.BATCH, 8);
    vector = memory.allocate(MMSGHDR.byteSize() * DiagRequests.BATCH, 8);
    var iovecs = memory.allocate(IOVEC.byteSize() * DiagRequests.BATCH, 8);
    for (int index = 0; index < DiagRequests.BATCH; index++) {
      var iovec = iovecs.asSlice(index * IOVEC.byteSize(), IOVEC.byteSize());
      var reply = exactReplies.asSlice((long) index * EXACT_REPLY, EXACT_REPLY);
      iovec.set(ADDRESS, InetDiag.offset(IOVEC, "iov_base"), reply);
      iovec.set(JAVA_LONG, InetDiag.offset(IOVEC, "iov_len"), EXACT_REPLY);
      long header = index * MMSGHDR.byteSize();
      vector.set(ADDRESS, header + InetDiag.offset(MMSGHDR, "msg_iov"), iovec);
      vector.set(JAVA_LONG, header + InetDiag.offset(MMSGHDR, "msg_iovlen"), 1);
    }
  }

  /** Headers for the answers to a batch. */
  MemorySegment vector(int count) {
    return vector.asSlice(0, count * MMSGHDR.byteSize());
  }

  /** {@code msg_flags} of an answer. */
  int flags(int index) {
    return vector.get(JAVA_INT, index * MMSGHDR.byteSize() + FLAGS);
  }

  /** What was received as the n-th answer. */
  DiagReply reply(int index) {
    int length = vector.get(JAVA_INT, index * MMSGHDR.byteSize() + LENGTH);
    return new DiagReply(
        exactReplies, (long) index * EXACT_REPLY, Math.clamp(length, 0, EXACT_REPLY));
  }
}
