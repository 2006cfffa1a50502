package io.listenbacklog.kernel.relisten;

import io.listenbacklog.kernel.linux.SyscallException;
import java.io.IOException;

/** What became of an attempt to change a backlog. */
public sealed interface RelistenResult {

  /**
   * It was changed, and read back from the socket.
   *
   * @param after less than was asked for where somaxconn caps it
   */
  record Changed(int before, int after) implements RelistenResult {}

  /**
   * Nothing was done: it already is as high as was asked or as somaxconn allows, or is 0, which is
   * never raised, or (restore) is not what the raise had set.
   */
  record Unneeded(int backlog) implements RelistenResult {}

  /**
   * Nothing was done: the process is gone, or the fd is another socket, or one that does not
   * listen.
   */
  record Gone(String why) implements RelistenResult {}

  /**
   * A call was refused; nothing was changed.
   *
   * @param cause mostly a {@link SyscallException}; otherwise the kernel's answer made no sense
   */
  record Refused(IOException cause) implements RelistenResult {}
}
