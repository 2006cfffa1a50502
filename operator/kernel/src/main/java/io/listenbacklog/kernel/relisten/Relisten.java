package io.listenbacklog.kernel.relisten;

import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.SocketId;
import java.util.Optional;

/**
 * Changes the backlog of a socket that listens in another process: {@code pidfd_getfd} and {@code
 * listen()}, during a visit to the network namespace that process and socket are in.
 *
 * <p>Clients of a UNIX socket see who listened on it (SO_PEERCRED: pid, user, group). The call is
 * made with the user and group that they saw before, and not at all where that is impossible; the
 * pid is ours from then on.
 *
 * <p>Before the call it is proven that the process is in the visited namespace, that the listener
 * is there with this inode, and that the copy is that socket: same inode, same {@code SO_COOKIE}
 * (an MPTCP socket has another one than its listener), {@code SO_ACCEPTCONN} = 1. After it the copy
 * is closed at once, because an application that restarts while it is open gets EADDRINUSE.
 */
public interface Relisten {

  /**
   * Whether re-listening is possible on this node, found by trying it with an invalid fd. It may
   * still be refused for a certain process.
   *
   * @return why not: the call that is refused; empty where it is possible
   */
  Optional<SyscallException> unavailable();

  /**
   * Raises the backlog, never lowers it: it is left where somaxconn would clamp it below what it
   * is, and where it is 0, because the application takes no connections now, perhaps only since it
   * was looked at.
   *
   * @param view of the socket's network namespace
   * @param pid a process that holds the socket, and is in that namespace too: else it is gone
   * @param fd under which it holds it
   * @param inode of the socket
   * @param backlog 1 to 65535; somaxconn of the socket's namespace caps it
   */
  RelistenResult raise(
      NamespaceView view, int pid, int fd, long inode, SocketId listener, int backlog);

  /** As {@link #raise}, of one that has been 0 from the beginning, so that 0 is not on purpose. */
  RelistenResult raiseFromZero(
      NamespaceView view, int pid, int fd, long inode, SocketId listener, int backlog);

  /**
   * Puts an original backlog back, if the backlog is still the one that a raise set.
   *
   * @param applied what the raise set
   * @param original 0 to 65535
   */
  RelistenResult restore(
      NamespaceView view,
      int pid,
      int fd,
      long inode,
      SocketId listener,
      int applied,
      int original);

  /**
   * Whether a listener defers accepting ({@code TCP_DEFER_ACCEPT}): it leaves connections, on which
   * the client has sent nothing yet, in its SYN queue. Read from a copy of the socket; nothing is
   * changed.
   *
   * @return empty where it cannot be told: the socket is gone, or the copy or the answer is refused
   */
  Optional<Boolean> defersAccepting(
      NamespaceView view, int pid, int fd, long inode, ListenerId listener);
}
