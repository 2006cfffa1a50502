package io.listenbacklog.kernel.sockdiag;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.listenbacklog.kernel.socket.ListenerId;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/** Messages as the kernel would send them; offsets are numbers, so that they are written twice. */
final class DiagMessages {
  private static final int HEADER = 16;
  private static final int LISTENER = 72;
  private static final int MEMINFO = 4 + 9 * 4;

  private DiagMessages() {}

  static MemorySegment listener(
      SegmentAllocator memory, ListenerId id, int inode, int queue, int backlog, int drops) {
    var message = message(memory, (short) 20, HEADER + LISTENER + MEMINFO);
    message.set(JAVA_BYTE, 16, (byte) (id.address().ipv6() ? 10 : 2));
    message.set(JAVA_BYTE, 17, (byte) 10);
    message.set(InetDiag.BE16, 20, (short) id.port());
    if (id.address().ipv6()) {
      message.set(InetDiag.BE64, 24, id.address().high());
      message.set(InetDiag.BE64, 32, id.address().low());
    } else {
      message.set(InetDiag.BE32, 24, (int) id.address().low());
    }
    message.set(JAVA_INT, 56, id.device());
    message.set(JAVA_INT, 60, (int) id.cookie());
    message.set(JAVA_INT, 64, (int) (id.cookie() >>> 32));
    message.set(JAVA_INT, 72, queue);
    message.set(JAVA_INT, 76, backlog);
    message.set(JAVA_INT, 84, inode);
    message.set(JAVA_SHORT, 88, (short) MEMINFO);
    message.set(JAVA_SHORT, 90, (short) 7);
    message.set(JAVA_INT, 92 + 8 * 4, drops);
    return message;
  }

  /** A connection of IPv4, with 60 bytes of {@code struct tcp_info}. */
  static MemorySegment connection(
      SegmentAllocator memory,
      byte state,
      int inode,
      int unread,
      int idleMillis,
      int silentMillis) {
    var message = message(memory, (short) 20, HEADER + LISTENER + 4 + 60);
    message.set(JAVA_BYTE, 16, (byte) 2);
    message.set(JAVA_BYTE, 17, state);
    message.set(InetDiag.BE16, 20, (short) 9876);
    message.set(InetDiag.BE16, 22, (short) 49511);
    message.set(InetDiag.BE32, 24, 0x0a010203);
    message.set(InetDiag.BE32, 40, 0x0a000307);
    message.set(JAVA_INT, 60, 12);
    message.set(JAVA_INT, 72, unread);
    message.set(JAVA_INT, 84, inode);
    message.set(JAVA_SHORT, 88, (short) (4 + 60));
    message.set(JAVA_SHORT, 90, (short) 2);
    message.set(JAVA_INT, 92 + 44, idleMillis);
    message.set(JAVA_INT, 92 + 52, silentMillis);
    return message;
  }

  static MemorySegment error(SegmentAllocator memory, int errno) {
    var message = message(memory, (short) 2, HEADER + 4);
    message.set(JAVA_INT, HEADER, -errno);
    return message;
  }

  static MemorySegment done(SegmentAllocator memory, int errno) {
    var message = message(memory, (short) 3, HEADER + 4);
    message.set(JAVA_INT, HEADER, -errno);
    return message;
  }

  /** Sets a flag of a message. */
  static MemorySegment flagged(MemorySegment message, short flag) {
    message.set(JAVA_SHORT, 6, flag);
    return message;
  }

  private static MemorySegment message(SegmentAllocator memory, short type, int length) {
    var message = memory.allocate(length, 8);
    message.set(JAVA_INT, 0, length);
    message.set(JAVA_SHORT, 4, type);
    return message;
  }
}
