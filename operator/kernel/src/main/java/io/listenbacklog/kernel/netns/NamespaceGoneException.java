package io.listenbacklog.kernel.netns;

import java.io.IOException;

/**
 * The process through which a network namespace was to be entered is gone, or is in another one by
 * now.
 */
public final class NamespaceGoneException extends IOException {
  private static final long serialVersionUID = 1;

  /** Names the pid and the inode that was expected. */
  public NamespaceGoneException(int pid, long inode) {
    super("process %d does not lead to network namespace %d any more".formatted(pid, inode));
  }
}
