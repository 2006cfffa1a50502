package io.listenbacklog.kernel;

import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.UnixListenerId;

/** A kernel and what a test can make on it: implemented on Linux and in memory. */
public interface World extends AutoCloseable {
  NodeKernel kernel();

  /** A new network namespace with a process in it. */
  Place place();

  @Override
  void close();

  /** A network namespace with a process in it. */
  interface Place {
    int pid();

    long namespace();

    void somaxconn(int value);

    void synCookies(int value);

    void tcpMaxSynBacklog(int value);

    /** SYNs of forged senders that never answer come to a socket that listens on IPv4. */
    void flood(Socket socket, int port, int count);

    Socket bind(String address, int port, boolean shared);

    /**
     * A UNIX socket that is only bound.
     *
     * @param path as {@code ss} shows it; with an {@code @} before it, it is abstract
     */
    UnixSocket unix(String path);

    /** Whether a client that connects to the loopback address gets in. */
    boolean connect(Socket socket, int port);

    /** A RST that belongs to no connection reaches a socket that listens on IPv4. */
    void strayReset(Socket socket, int port);

    /** The last client that got in sends something. */
    void send(int bytes);

    /** The last client that got in resets its connection. */
    void reset();

    /** A child of the process that shares its sockets; its pid. */
    int fork();

    /** Ends all processes of the place. */
    void end();

    default Socket listen(String address, int port, int backlog) {
      var socket = bind(address, port, false);
      socket.listen(backlog);
      return socket;
    }
  }

  /** A socket of a place. */
  interface Socket {
    int fd();

    long inode();

    ListenerId id();

    /** The application calls {@code listen()}. */
    void listen(int backlog);

    /** Sets {@code TCP_DEFER_ACCEPT}: who sends nothing waits outside of the queue. */
    void deferAccept();

    void accept();

    void close();
  }

  /** A UNIX socket of a place. */
  interface UnixSocket {
    int fd();

    long inode();

    UnixListenerId id();

    /** The application calls {@code listen()}. */
    void listen(int backlog);

    /** Whether there is room for a client that does not wait. */
    boolean connect();

    void accept();

    void close();
  }
}
