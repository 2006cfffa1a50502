package io.listenbacklog.kernel.relisten;

import io.listenbacklog.kernel.listeners.ListenerId;

/**
 * Changes the backlog of a socket that listens in another process: {@code pidfd_getfd} and {@code
 * listen()}.
 *
 * <p>Before the call the copy is proven to be the socket that is meant: same inode, same {@code
 * SO_COOKIE}, {@code SO_ACCEPTCONN} = 1. After it the copy is closed at once, for an application
 * that restarts while it is held gets EADDRINUSE.
 */
public interface Relisten {

  /**
   * Raises the backlog, never lowers it.
   *
   * @param pid a process that holds the socket
   * @param fd under which it holds it
   * @param inode of the socket
   * @param backlog 1 to 65535; somaxconn of the socket's namespace caps it
   */
  RelistenResult raise(int pid, int fd, long inode, ListenerId listener, int backlog);

  /**
   * Puts an original backlog back, if the backlog is still the one that a raise set.
   *
   * @param applied what the raise set
   * @param original 0 to 65535
   */
  RelistenResult restore(
      int pid, int fd, long inode, ListenerId listener, int applied, int original);
}
