package io.listenbacklog.kernel.socket;

/**
 * Which listener: what an exact look-up needs, as the dump gave it.
 *
 * @param address the local address; an AF_INET6 one for a dual-stack or IPv4-mapped socket too
 * @param port 1 to 65535
 * @param device the interface it is bound to; 0: none
 * @param cookie {@code SO_COOKIE}: never used again by another socket of this boot
 */
public record ListenerId(IpAddress address, int port, int device, long cookie) implements SocketId {

  /** The number of {@code lo} in each network namespace (include/net/net_namespace.h). */
  private static final int LOOPBACK_IFINDEX = 1;

  public ListenerId {
    if (port < 1 || port > 65535) throw new IllegalArgumentException("port " + port);
  }

  /** Whether nobody outside its network namespace can reach it. */
  public boolean isLoopback() {
    return address.isLoopback() || device == LOOPBACK_IFINDEX;
  }

  /** Address and port as {@code ss} prints them: {@code 0.0.0.0:80}, {@code [::]:80}. */
  @Override
  public String text() {
    return (address.ipv6() ? "[" + address.text() + "]" : address.text()) + ":" + port;
  }
}
