package io.listenbacklog.kernel.sockdiag;

import io.listenbacklog.kernel.linux.Descriptor;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.SyscallException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Asks sock_diag for many sockets, whose answer comes in parts.
 *
 * @param reply room for one part
 */
record Dump(LinuxC linux, Descriptor socket, MemorySegment reply) {

  /** How a dump ended. */
  enum End {
    /** Complete. */
    WHOLE,
    /** The kernel said that it may have left something out. */
    HOLES,
    /** Abandoned: the socket cannot be used any more. */
    LEFT
  }

  /** Looks at one message. */
  @FunctionalInterface
  interface Taker {
    /** Returns false to abandon the dump. */
    boolean take(DiagReply message) throws IOException;
  }

  End run(MemorySegment request, int sequence, Taker taker) throws IOException {
    linux.send(socket.fd(), request, 0);
    boolean whole = true;
    while (true) {
      int length = linux.recv(socket.fd(), reply, LinuxC.MSG_DONTWAIT | LinuxC.MSG_TRUNC);
      if (length > reply.byteSize()) {
        throw new IOException("sock_diag: a part of a dump has %d bytes".formatted(length));
      }
      var message = new DiagReply(reply.asSlice(0, length));
      while (message.next()) {
        if (message.sequence() != sequence) continue;
        if (message.isInterrupted()) whole = false;
        if (message.type() == InetDiag.NLMSG_DONE || message.type() == InetDiag.NLMSG_ERROR) {
          if (message.errno() != 0) throw new SyscallException("sock_diag(dump)", message.errno());
          return whole ? End.WHOLE : End.HOLES;
        }
        if (!taker.take(message)) return End.LEFT;
      }
    }
  }
}
