package io.listenbacklog.kernel.linux;

import java.lang.foreign.MemorySegment;

/**
 * The system calls used here, as C has them: its names, its order of arguments. A buffer's length
 * is the segment's. A call that fails is a {@link SyscallException}, EINTR too.
 */
public interface LinuxC {
  // include/uapi/asm-generic/fcntl.h
  int O_RDONLY = 0;
  int O_WRONLY = 1;
  int O_NONBLOCK = 04000;
  int O_CLOEXEC = 02000000;

  // include/linux/socket.h
  int AF_UNIX = 1;
  int AF_INET = 2;
  int AF_INET6 = 10;
  int AF_NETLINK = 16;
  int MSG_TRUNC = 0x20;
  int MSG_DONTWAIT = 0x40;
  int MSG_NOSIGNAL = 0x4000;

  // include/linux/net.h
  int SOCK_DGRAM = 2;
  int SOCK_RAW = 3;
  int SOCK_CLOEXEC = 02000000;

  /** include/uapi/linux/sched.h, Linux 3.0. */
  int CLONE_NEWNET = 0x40000000;

  // include/uapi/asm-generic/poll.h
  short POLLIN = 1;

  /** include/linux/eventfd.h, Linux 2.6.27. */
  int EFD_CLOEXEC = 02000000;

  // include/linux/syslog.h, and the manual page: no header that programs have
  int SYSLOG_ACTION_READ_ALL = 3;
  int SYSLOG_ACTION_SIZE_BUFFER = 10;

  /** include/uapi/linux/pidfd.h (O_EXCL), Linux 6.9: a thread and not a process. */
  int PIDFD_THREAD = 0200;

  /** {@code open(2)}. */
  int open(String path, int flags) throws SyscallException;

  /** {@code close(2)}. */
  void close(int fd) throws SyscallException;

  /** {@code read(2)}: how many bytes, 0 at the end. */
  int read(int fd, MemorySegment buffer) throws SyscallException;

  /** {@code write(2)}: how many bytes. */
  int write(int fd, MemorySegment buffer) throws SyscallException;

  /** {@code getdents64(2)}: how many bytes, 0 at the end. */
  int getdents64(int fd, MemorySegment buffer) throws SyscallException;

  /** {@code lseek(2)} with SEEK_SET; in {@code /proc/PID/fd} descriptor N is at N + 2. */
  void lseek(int fd, long offset) throws SyscallException;

  /**
   * {@code readlink(2)}: how many bytes; as many as the buffer has may mean that there are more.
   */
  int readlink(String path, MemorySegment buffer) throws SyscallException;

  /** {@code fstat(2)}: the inode number. */
  long fstat(int fd) throws SyscallException;

  /** {@code mount(2)} without data. */
  void mount(String source, String target, String type, long flags) throws SyscallException;

  /** {@code umount2(2)}. */
  void umount2(String target, int flags) throws SyscallException;

  /** {@code setns(2)}: the calling thread. */
  void setns(int fd, int nstype) throws SyscallException;

  /** {@code socket(2)}. */
  int socket(int domain, int type, int protocol) throws SyscallException;

  /** {@code send(2)}: how many bytes. */
  int send(int sockfd, MemorySegment buffer, int flags) throws SyscallException;

  /** {@code sendto(2)}: how many bytes. */
  int sendto(int sockfd, MemorySegment buffer, int flags, MemorySegment address)
      throws SyscallException;

  /** {@code recv(2)}: how many bytes; with MSG_TRUNC how many there were. */
  int recv(int sockfd, MemorySegment buffer, int flags) throws SyscallException;

  /** {@code recvmmsg(2)} without a timeout: how many messages. */
  int recvmmsg(int sockfd, MemorySegment msgvec, int vlen, int flags) throws SyscallException;

  /** {@code getsockopt(2)}: how many bytes of the value. */
  int getsockopt(int sockfd, int level, int optname, MemorySegment optval) throws SyscallException;

  /** {@code listen(2)}. */
  void listen(int sockfd, int backlog) throws SyscallException;

  /** {@code geteuid(2)}: of the calling thread. */
  int geteuid();

  /** {@code getegid(2)}: of the calling thread. */
  int getegid();

  /**
   * {@code setresuid(2)} of the effective user: of the calling thread alone, unlike what the C
   * library calls by that name.
   */
  void seteuid(int euid) throws SyscallException;

  /** {@code setresgid(2)} of the effective group: of the calling thread alone. */
  void setegid(int egid) throws SyscallException;

  /** {@code pidfd_open(2)}, Linux 5.3. */
  int pidfd_open(int pid, int flags) throws SyscallException;

  /** {@code pidfd_getfd(2)}, Linux 5.6. */
  int pidfd_getfd(int pidfd, int targetfd, int flags) throws SyscallException;

  /** {@code poll(2)}: how many are ready, 0 after the time. */
  int poll(MemorySegment fds, int nfds, int timeoutMillis) throws SyscallException;

  /** {@code syslog(2)}, which the C library calls {@code klogctl}: how many bytes. */
  int klogctl(int type, MemorySegment buffer) throws SyscallException;

  /** {@code eventfd(2)}. */
  int eventfd(int initval, int flags) throws SyscallException;
}
