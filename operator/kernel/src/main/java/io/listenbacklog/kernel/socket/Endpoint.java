package io.listenbacklog.kernel.socket;

/**
 * One end of a TCP connection.
 *
 * @param port 0 to 65535
 */
public record Endpoint(IpAddress address, int port) {

  /**
   * Address and port: {@code 10.0.3.7:49511}, {@code [2001:db8::1]:49511}. An IPv4 client of a
   * dual-stack listener is told by the address it has: {@code 10.0.3.7}, not {@code
   * ::ffff:10.0.3.7}.
   */
  public String text() {
    if (address.isMapped()) return IpAddress.v4((int) address.low()).text() + ":" + port;
    return (address.ipv6() ? "[" + address.text() + "]" : address.text()) + ":" + port;
  }
}
