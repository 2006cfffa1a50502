package io.listenbacklog.kernel.linux;

import java.io.UncheckedIOException;

/** An open file descriptor; its owner closes it, once. */
public record Descriptor(LinuxC linux, int fd) implements AutoCloseable {

  /** Opens a file, with {@code O_CLOEXEC}. */
  public static Descriptor open(LinuxC linux, String path, int flags) throws SyscallException {
    return new Descriptor(linux, linux.open(path, flags | LinuxC.O_CLOEXEC));
  }

  /** The inode number of its file. */
  public long inode() throws SyscallException {
    return linux.fstat(fd);
  }

  @Override
  public void close() {
    try {
      linux.close(fd);
    } catch (SyscallException e) {
      // EBADF: closed twice, perhaps another thread's by now. A bug here, never the kernel's.
      throw new UncheckedIOException(e);
    }
  }
}
