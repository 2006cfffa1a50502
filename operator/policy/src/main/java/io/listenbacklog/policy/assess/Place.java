package io.listenbacklog.policy.assess;

/** Where a listener is, as far as a requirement makes a difference. */
public sealed interface Place {

  /**
   * On a TCP port.
   *
   * @param port 1 to 65535
   * @param loopback whether only the pod itself can reach it
   */
  record Port(int port, boolean loopback) implements Place {}

  /**
   * On a UNIX path.
   *
   * @param path as it is bound; an abstract name begins with {@code @}
   */
  record Path(String path) implements Place {}
}
