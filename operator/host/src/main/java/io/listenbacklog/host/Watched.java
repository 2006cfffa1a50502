package io.listenbacklog.host;

import io.listenbacklog.kernel.socket.SocketId;
import io.listenbacklog.policy.assess.Place;
import io.listenbacklog.policy.assess.WaitingConnection;
import org.jspecify.annotations.Nullable;

/** A listener while it is watched: how it is now, and whether its queue moves. */
sealed interface Watched permits WatchedTcp, WatchedUnix {

  /** The network namespace in which it was made. */
  long namespace();

  /** {@code net.core.somaxconn} of that. */
  int somaxconn();

  SocketId id();

  /** Of the socket, as in {@code /proc/PID/fd}. */
  long inode();

  /** Connections that wait. */
  int queue();

  /** One more can wait. */
  int backlog();

  /** Whether it was closed since it was seen first. */
  boolean isGone();

  /** The oldest that waits, where it is proven that nothing was accepted; null: it is not. */
  @Nullable WaitingConnection stalled();

  /** Where it is. */
  default Place place() {
    return switch (this) {
      case WatchedTcp tcp -> new Place.Port(tcp.id().port(), tcp.id().isLoopback());
      case WatchedUnix unix -> new Place.Path(unix.id().path());
    };
  }
}
