package io.listenbacklog.kernel.relisten;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.listenbacklog.kernel.linux.Descriptor;
import io.listenbacklog.kernel.linux.LinuxC;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.netns.StrayThreadError;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;

/** Our copy of another process's socket: its options, and {@code listen()}. */
record ListenerSocket(LinuxC linux, Descriptor copy) implements AutoCloseable {
  static final int IPPROTO_TCP = 6;
  static final int IPPROTO_MPTCP = 262; // include/uapi/linux/in.h, Linux 5.6

  // include/uapi/asm-generic/socket.h
  static final int SOL_SOCKET = 1;
  static final int SO_ACCEPTCONN = 30;
  static final int SO_PROTOCOL = 38; // Linux 2.6.32
  static final int SO_PEERCRED = 17;
  static final int SO_DOMAIN = 39; // Linux 2.6.32
  static final int SO_COOKIE = 57; // Linux 4.12

  static final int TCP_DEFER_ACCEPT = 9; // include/uapi/linux/tcp.h
  static final int TCP_INFO = 11; // include/uapi/linux/tcp.h

  /** The head of {@code struct tcp_info}, include/uapi/linux/tcp.h. */
  static final StructLayout TCP_INFO_HEAD =
      MemoryLayout.structLayout(
          JAVA_BYTE.withName("tcpi_state"),
          MemoryLayout.paddingLayout(7),
          JAVA_INT.withName("tcpi_rto"),
          JAVA_INT.withName("tcpi_ato"),
          JAVA_INT.withName("tcpi_snd_mss"),
          JAVA_INT.withName("tcpi_rcv_mss"),
          JAVA_INT.withName("tcpi_unacked"),
          JAVA_INT.withName("tcpi_sacked"));

  /** {@code struct ucred}, include/linux/socket.h. */
  static final StructLayout UCRED =
      MemoryLayout.structLayout(
          JAVA_INT.withName("pid"), JAVA_INT.withName("uid"), JAVA_INT.withName("gid"));

  private static final long UID = UCRED.byteOffset(PathElement.groupElement("uid"));
  private static final long GID = UCRED.byteOffset(PathElement.groupElement("gid"));

  private static final long STATE = offset("tcpi_state");
  private static final long BACKLOG = offset("tcpi_sacked");
  static final byte TCP_LISTEN = 10; // include/net/tcp_states.h

  private static long offset(String field) {
    return TCP_INFO_HEAD.byteOffset(PathElement.groupElement(field));
  }

  long inode() throws SyscallException {
    return copy.inode();
  }

  long cookie() throws IOException {
    try (var arena = Arena.ofConfined()) {
      var cookie = arena.allocate(JAVA_LONG);
      int length = linux.getsockopt(copy.fd(), SOL_SOCKET, SO_COOKIE, cookie);
      if (length != JAVA_LONG.byteSize()) throw tooShort("SO_COOKIE", length);
      return cookie.get(JAVA_LONG, 0);
    }
  }

  int domain() throws IOException {
    return number("SO_DOMAIN", SO_DOMAIN);
  }

  /** The credentials of the listener: SO_PEERCRED of a UNIX socket's clients. */
  Listened listened() throws IOException {
    try (var arena = Arena.ofConfined()) {
      var credentials = arena.allocate(UCRED);
      int length = linux.getsockopt(copy.fd(), SOL_SOCKET, SO_PEERCRED, credentials);
      if (length < UCRED.byteSize()) throw tooShort("SO_PEERCRED", length);
      return new Listened(credentials.get(JAVA_INT, UID), credentials.get(JAVA_INT, GID));
    }
  }

  /**
   * The effective user and group of who called {@code listen()} last, in our user namespace.
   *
   * @param uid unsigned; −1: not set
   * @param gid unsigned
   */
  record Listened(int uid, int gid) {}

  int protocol() throws IOException {
    return number("SO_PROTOCOL", SO_PROTOCOL);
  }

  boolean isListening() throws IOException {
    return number("SO_ACCEPTCONN", SO_ACCEPTCONN) == 1;
  }

  /** 0: it does not defer accepting. */
  int deferAcceptSeconds() throws IOException {
    return number("TCP_DEFER_ACCEPT", IPPROTO_TCP, TCP_DEFER_ACCEPT);
  }

  private int number(String name, int option) throws IOException {
    return number(name, SOL_SOCKET, option);
  }

  private int number(String name, int level, int option) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var value = arena.allocate(JAVA_INT);
      int length = linux.getsockopt(copy.fd(), level, option, value);
      if (length != JAVA_INT.byteSize()) throw tooShort(name, length);
      return value.get(JAVA_INT, 0);
    }
  }

  /** The limit that the kernel holds: of a listening socket, {@code tcpi_sacked} (tcp_get_info). */
  int backlog() throws IOException {
    try (var arena = Arena.ofConfined()) {
      var info = arena.allocate(TCP_INFO_HEAD);
      int length = linux.getsockopt(copy.fd(), IPPROTO_TCP, TCP_INFO, info);
      if (length < TCP_INFO_HEAD.byteSize()) throw tooShort("TCP_INFO", length);
      if (info.get(JAVA_BYTE, STATE) != TCP_LISTEN) {
        throw new IOException("TCP_INFO: the socket does not listen");
      }
      return info.get(JAVA_INT, BACKLOG);
    }
  }

  /**
   * {@code listen()} with other credentials, on this thread alone, which has its own again
   * afterwards.
   *
   * @throws StrayThreadError if it cannot be: then the thread must end
   */
  void listenAs(Listened who, Listened self, int backlog) throws SyscallException {
    if (who.equals(self)) {
      listen(backlog);
      return;
    }
    try {
      linux.setegid(who.gid());
      linux.seteuid(who.uid());
      listen(backlog);
    } finally {
      beAgain(self);
    }
  }

  private void beAgain(Listened self) {
    try {
      // The user first: otherwise this thread may not set the group.
      linux.seteuid(self.uid());
      linux.setegid(self.gid());
    } catch (SyscallException e) {
      throw new StrayThreadError("the thread cannot be user %d again".formatted(self.uid()), e);
    }
  }

  void listen(int backlog) throws SyscallException {
    linux.listen(copy.fd(), backlog);
  }

  private static IOException tooShort(String option, int length) {
    return new IOException("getsockopt(%s): %d bytes".formatted(option, length));
  }

  @Override
  public void close() {
    copy.close();
  }
}
