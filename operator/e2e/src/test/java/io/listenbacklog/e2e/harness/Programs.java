package io.listenbacklog.e2e.harness;

/** Python programs for the pods of tests. */
public final class Programs {
  /** One listener on 0.0.0.0, with the backlog that Python's socketserver asks for. */
  public static String listen(int port) {
    return listen(port, 5);
  }

  public static String listen(int port, int backlog) {
    return """
    import socket
    server = socket.create_server(("0.0.0.0", %d), backlog=%d)
    while True:
        server.accept()[0].close()
    """
        .formatted(port, backlog);
  }

  /**
   * Every kind of listener at once, on eight ports from {@code base}: IPv4, IPv6 alone, both in
   * one, a SO_REUSEPORT group of three, one that two forked workers share, loopback, one on 0.0.0.0
   * beside one on loopback with the same port; and, on the last port, a socket that is only bound.
   */
  public static String zoo(int base) {
    return """
    import os, signal, socket
    base = %d
    four, six = socket.AF_INET, socket.AF_INET6
    held = [
        socket.create_server(("0.0.0.0", base), backlog=5),
        socket.create_server(("::", base + 1), family=six, backlog=6),
        socket.create_server(("::", base + 2), family=six, dualstack_ipv6=True, backlog=7),
        socket.create_server(("0.0.0.0", base + 3), reuse_port=True, backlog=3),
        socket.create_server(("0.0.0.0", base + 3), reuse_port=True, backlog=4),
        socket.create_server(("0.0.0.0", base + 3), reuse_port=True, backlog=5),
        socket.create_server(("0.0.0.0", base + 4), backlog=8),
        socket.create_server(("127.0.0.1", base + 5), backlog=9),
        socket.create_server(("127.0.0.1", base + 6), reuse_port=True, backlog=10),
        socket.create_server(("::", base + 6), family=six, reuse_port=True, backlog=11),
    ]
    bound = socket.socket(four, socket.SOCK_STREAM)
    bound.bind(("0.0.0.0", base + 7))
    for worker in range(2):
        if os.fork() == 0:
            break
    signal.pause()
    """
        .formatted(base);
  }

  /** How many listeners a {@link #zoo} has. */
  public static final int ZOO = 10;

  private Programs() {}
}
