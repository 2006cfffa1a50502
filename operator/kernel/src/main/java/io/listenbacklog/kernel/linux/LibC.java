package io.listenbacklog.kernel.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Binds {@link LinuxC} to the C library of the process: handles and layouts, no decisions. Needs
 * {@code --enable-native-access}.
 */
public final class LibC implements LinuxC {
  // include/uapi/asm-generic/unistd.h; numbers from 424 on are the same on every architecture.
  private static final long SYS_PIDFD_OPEN = 434; // Linux 5.3
  private static final long SYS_PIDFD_GETFD = 438; // Linux 5.6

  /** The calls whose numbers differ by architecture; −1 where they are not known. */
  record Numbers(long setresuid, long setresgid) {
    static Numbers of(String architecture) {
      return switch (architecture) {
        case "amd64", "x86_64" -> new Numbers(117, 119); // arch/x86/entry/syscalls/syscall_64.tbl
        case "aarch64" -> new Numbers(147, 149); // include/uapi/asm-generic/unistd.h
        default -> new Numbers(-1, -1); // the kernel answers ENOSYS
      };
    }
  }

  private static final Numbers NUMBERS = Numbers.of(System.getProperty("os.arch"));

  // include/uapi/linux/fcntl.h, include/uapi/linux/stat.h, Linux 4.11
  private static final int SEEK_SET = 0;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_INO = 0x100;

  private static final ValueLayout.OfLong SIZE_T = JAVA_LONG;
  private static final ValueLayout.OfInt SOCKLEN_T = JAVA_INT;

  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));

  /**
   * The head of {@code struct statx}, which is the same on every architecture; all is 256 bytes.
   */
  static final StructLayout STATX =
      MemoryLayout.structLayout(
          JAVA_INT.withName("stx_mask"),
          JAVA_INT.withName("stx_blksize"),
          JAVA_LONG.withName("stx_attributes"),
          JAVA_INT.withName("stx_nlink"),
          JAVA_INT.withName("stx_uid"),
          JAVA_INT.withName("stx_gid"),
          ValueLayout.JAVA_SHORT.withName("stx_mode"),
          MemoryLayout.paddingLayout(2),
          JAVA_LONG.withName("stx_ino"),
          MemoryLayout.paddingLayout(256 - 40));

  private static final long STX_INO = STATX.byteOffset(PathElement.groupElement("stx_ino"));

  private static final MethodHandle OPEN =
      handle(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle READ =
      handle("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, SIZE_T));
  private static final MethodHandle WRITE =
      handle("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, SIZE_T));
  private static final MethodHandle GETDENTS64 =
      handle("getdents64", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, SIZE_T));
  private static final MethodHandle LSEEK =
      handle("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
  private static final MethodHandle READLINK =
      handle("readlink", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, SIZE_T));
  private static final MethodHandle STATX_CALL =
      handle(
          "statx", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle MOUNT =
      handle(
          "mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
  private static final MethodHandle UMOUNT2 =
      handle("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SETNS =
      handle("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SOCKET =
      handle("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SEND =
      handle("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, SIZE_T, JAVA_INT));
  private static final MethodHandle SENDTO =
      handle(
          "sendto",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, SIZE_T, JAVA_INT, ADDRESS, SOCKLEN_T));
  private static final MethodHandle RECV =
      handle("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, SIZE_T, JAVA_INT));
  private static final MethodHandle RECVMMSG =
      handle(
          "recvmmsg",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle GETSOCKOPT =
      handle(
          "getsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle LISTEN =
      handle("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle POLL =
      handle("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle KLOGCTL =
      handle("klogctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle EVENTFD =
      handle("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle GETEUID = handle("geteuid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle GETEGID = handle("getegid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle SYSCALL =
      handle(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(1));

  private static MethodHandle handle(
      String symbol, FunctionDescriptor descriptor, Linker.Option... options) {
    var linker = Linker.nativeLinker();
    var all = new Linker.Option[options.length + 1];
    all[0] = Linker.Option.captureCallState("errno");
    System.arraycopy(options, 0, all, 1, options.length);
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(symbol), descriptor, all);
  }

  /** The binding: loads every symbol, so that a missing one is known at once. */
  public LibC() {}

  @Override
  public int open(String path, int flags) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      int result = (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags, 0);
      if (result < 0) throw failed(state, "open(%s)".formatted(path));
      return result;
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("open", t);
    }
  }

  @Override
  public void close(int fd) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      int result = (int) CLOSE.invokeExact(state, fd);
      if (result < 0) throw failed(state, "close(fd %d)".formatted(fd));
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("close", t);
    }
  }

  @Override
  public int read(int fd, MemorySegment buffer) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      long result = (long) READ.invokeExact(state, fd, buffer, buffer.byteSize());
      if (result < 0) throw failed(state, "read(fd %d)".formatted(fd));
      return (int) result;
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("read", t);
    }
  }

  @Override
  public int write(int fd, MemorySegment buffer) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      long result = (long) WRITE.invokeExact(state, fd, buffer, buffer.byteSize());
      if (result < 0) throw failed(state, "write(fd %d)".formatted(fd));
      return (int) result;
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("write", t);
    }
  }

  @Override
  public int getdents64(int fd, MemorySegment buffer) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      long result = (long) GETDENTS64.invokeExact(state, fd, buffer, buffer.byteSize());
      if (result < 0) throw failed(state, "getdents64(fd %d)".formatted(fd));
      return (int) result;
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("getdents64", t);
    }
  }

  @Override
  public void lseek(int fd, long offset) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      long result = (long) LSEEK.invokeExact(state, fd, offset, SEEK_SET);
      if (result < 0) throw failed(state, "lseek(fd %d, %d)".formatted(fd, offset));
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("lseek", t);
    }
  }

  @Override
  public int readlink(String path, MemorySegment buffer) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      var name = arena.allocateFrom(path);
      long result = (long) READLINK.invokeExact(state, name, buffer, buffer.byteSize());
      if (result < 0) throw failed(state, "readlink(%s)".formatted(path));
      return (int) result;
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("readlink", t);
    }
  }

  @Override
  public long fstat(int fd) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      // fstat is a symbol of glibc only since 2.33, and struct stat differs by architecture.
      var statx = arena.allocate(STATX);
      var name = arena.allocateFrom("");
      int result = (int) STATX_CALL.invokeExact(state, fd, name, AT_EMPTY_PATH, STATX_INO, statx);
      if (result < 0) throw failed(state, "statx(fd %d)".formatted(fd));
      return statx.get(JAVA_LONG, STX_INO);
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("statx", t);
    }
  }

  @Override
  public void mount(String source, String target, String type, long flags) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      var from = arena.allocateFrom(source);
      var to = arena.allocateFrom(target);
      var fs = arena.allocateFrom(type);
      int result = (int) MOUNT.invokeExact(state, from, to, fs, flags, MemorySegment.NULL);
      if (result < 0) throw failed(state, "mount(%s, %s)".formatted(type, target));
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("mount", t);
    }
  }

  @Override
  public void umount2(String target, int flags) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      var name = arena.allocateFrom(target);
      int result = (int) UMOUNT2.invokeExact(state, name, flags);
      if (result < 0) throw failed(state, "umount2(%s)".formatted(target));
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("umount2", t);
    }
  }

  @Override
  public void setns(int fd, int nstype) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      int result = (int) SETNS.invokeExact(state, fd, nstype);
      if (result < 0) throw failed(state, "setns(fd %d)".formatted(fd));
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("setns", t);
    }
  }

  @Override
  public int socket(int domain, int type, int protocol) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      int result = (int) SOCKET.invokeExact(state, domain, type, protocol);
      if (result < 0)
        throw failed(
            state, "socket(domain %d, type %d, protocol %d)".formatted(domain, type, protocol));
      return result;
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("socket", t);
    }
  }

  @Override
  public int send(int sockfd, MemorySegment buffer, int flags) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      long result = (long) SEND.invokeExact(state, sockfd, buffer, buffer.byteSize(), flags);
      if (result < 0) throw failed(state, "send(fd %d)".formatted(sockfd));
      return (int) result;
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("send", t);
    }
  }

  @Override
  public int sendto(int sockfd, MemorySegment buffer, int flags, MemorySegment address)
      throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      int length = (int) address.byteSize();
      long result =
          (long)
              SENDTO.invokeExact(state, sockfd, buffer, buffer.byteSize(), flags, address, length);
      if (result < 0) throw failed(state, "sendto(fd %d)".formatted(sockfd));
      return (int) result;
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("sendto", t);
    }
  }

  @Override
  public int recv(int sockfd, MemorySegment buffer, int flags) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      long result = (long) RECV.invokeExact(state, sockfd, buffer, buffer.byteSize(), flags);
      if (result < 0) throw failed(state, "recv(fd %d)".formatted(sockfd));
      return (int) result;
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("recv", t);
    }
  }

  @Override
  public int recvmmsg(int sockfd, MemorySegment msgvec, int vlen, int flags)
      throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      int result =
          (int) RECVMMSG.invokeExact(state, sockfd, msgvec, vlen, flags, MemorySegment.NULL);
      if (result < 0) throw failed(state, "recvmmsg(fd %d)".formatted(sockfd));
      return result;
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("recvmmsg", t);
    }
  }

  @Override
  public int getsockopt(int sockfd, int level, int optname, MemorySegment optval)
      throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      var length = arena.allocateFrom(SOCKLEN_T, (int) optval.byteSize());
      int result = (int) GETSOCKOPT.invokeExact(state, sockfd, level, optname, optval, length);
      if (result < 0)
        throw failed(
            state, "getsockopt(fd %d, level %d, option %d)".formatted(sockfd, level, optname));
      return length.get(SOCKLEN_T, 0);
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("getsockopt", t);
    }
  }

  @Override
  public void listen(int sockfd, int backlog) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      int result = (int) LISTEN.invokeExact(state, sockfd, backlog);
      if (result < 0) throw failed(state, "listen(fd %d, %d)".formatted(sockfd, backlog));
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("listen", t);
    }
  }

  @Override
  public int geteuid() {
    return own("geteuid", GETEUID);
  }

  @Override
  public int getegid() {
    return own("getegid", GETEGID);
  }

  private static int own(String symbol, MethodHandle call) {
    try (var arena = Arena.ofConfined()) {
      return (int) call.invokeExact(arena.allocate(CALL_STATE));
    } catch (Throwable t) {
      throw disagreement(symbol, t);
    }
  }

  @Override
  public void seteuid(int euid) throws SyscallException {
    set("setresuid", NUMBERS.setresuid(), euid);
  }

  @Override
  public void setegid(int egid) throws SyscallException {
    set("setresgid", NUMBERS.setresgid(), egid);
  }

  private static void set(String call, long number, int id) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      long result = (long) SYSCALL.invokeExact(state, number, -1, id, -1);
      if (result < 0) throw failed(state, "%s(%d)".formatted(call, Integer.toUnsignedLong(id)));
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement(call, t);
    }
  }

  @Override
  public int pidfd_open(int pid, int flags) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      long result = (long) SYSCALL.invokeExact(state, SYS_PIDFD_OPEN, pid, flags, 0);
      if (result < 0) throw failed(state, "pidfd_open(pid %d)".formatted(pid));
      return (int) result;
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("pidfd_open", t);
    }
  }

  @Override
  public int pidfd_getfd(int pidfd, int targetfd, int flags) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      long result = (long) SYSCALL.invokeExact(state, SYS_PIDFD_GETFD, pidfd, targetfd, flags);
      if (result < 0)
        throw failed(state, "pidfd_getfd(pidfd %d, fd %d)".formatted(pidfd, targetfd));
      return (int) result;
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("pidfd_getfd", t);
    }
  }

  @Override
  public int poll(MemorySegment fds, int nfds, int timeoutMillis) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      int result = (int) POLL.invokeExact(state, fds, (long) nfds, timeoutMillis);
      if (result < 0) throw failed(state, "poll(%d fds)".formatted(nfds));
      return result;
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("poll", t);
    }
  }

  @Override
  public int klogctl(int type, MemorySegment buffer) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      int result = (int) KLOGCTL.invokeExact(state, type, buffer, (int) buffer.byteSize());
      if (result < 0) throw failed(state, "syslog(action %d)".formatted(type));
      return result;
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("klogctl", t);
    }
  }

  @Override
  public int eventfd(int initval, int flags) throws SyscallException {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(CALL_STATE);
      int result = (int) EVENTFD.invokeExact(state, initval, flags);
      if (result < 0) throw failed(state, "eventfd(%d)".formatted(initval));
      return result;
    } catch (SyscallException e) {
      throw e;
    } catch (Throwable t) {
      throw disagreement("eventfd", t);
    }
  }

  private static SyscallException failed(MemorySegment state, String call) {
    return new SyscallException(call, (int) ERRNO.get(state, 0L));
  }

  /** A bug of ours, not of the kernel. */
  private static AssertionError disagreement(String symbol, Throwable cause) {
    return new AssertionError(symbol + ": handle and descriptor disagree", cause);
  }
}
