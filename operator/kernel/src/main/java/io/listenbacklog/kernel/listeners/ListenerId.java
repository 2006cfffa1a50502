package io.listenbacklog.kernel.listeners;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Which listener: what an exact look-up needs, as the dump gave it.
 *
 * @param ipv6 whether the socket is AF_INET6; a dual-stack or IPv4-mapped one is too
 * @param address the local address; for an AF_INET6 socket always 16 bytes long in the kernel
 * @param port 1 to 65535
 * @param device the interface it is bound to; 0: none
 * @param cookie {@code SO_COOKIE}: never used again by another socket of this boot
 */
public record ListenerId(boolean ipv6, InetAddress address, int port, int device, long cookie) {

  /** Address and port as {@code ss} prints them: {@code 0.0.0.0:80}, {@code [::]:80}. */
  public String text() {
    String host = address.getHostAddress();
    int zone = host.indexOf('%');
    String plain = zone < 0 ? host : host.substring(0, zone);
    if (!ipv6) return plain + ":" + port;
    return "[" + plain + "]:" + port;
  }

  /** The cookie as 16 hexadecimal digits. */
  public String cookieText() {
    return "%016x".formatted(cookie);
  }

  /** Address and port as a socket address. */
  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(address, port);
  }
}
