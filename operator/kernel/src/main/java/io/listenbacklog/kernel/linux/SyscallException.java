package io.listenbacklog.kernel.linux;

import java.io.IOException;

/** A system call that failed: which one, on what, with which errno. */
public final class SyscallException extends IOException {
  private static final long serialVersionUID = 1;

  private final String call;
  private final int errno;

  /**
   * @param call the call with the arguments that matter, such as {@code pidfd_getfd(pid 71, fd 3)}
   * @param errno as the kernel gave it, positive
   */
  public SyscallException(String call, int errno) {
    super("%s: %s (%d)".formatted(call, Errno.name(errno), errno));
    this.call = call;
    this.errno = errno;
  }

  /** The same failure, with context that only the caller knows. */
  public SyscallException withCall(String call) {
    var named = new SyscallException(call, errno);
    named.initCause(this);
    return named;
  }

  /** The call with the arguments that matter. */
  public String call() {
    return call;
  }

  /** The errno, positive. */
  public int errno() {
    return errno;
  }

  /** Whether the errno is this one. */
  public boolean is(int wanted) {
    return errno == wanted;
  }
}
