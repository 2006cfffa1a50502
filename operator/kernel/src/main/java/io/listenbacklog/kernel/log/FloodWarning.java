package io.listenbacklog.kernel.log;

import io.listenbacklog.kernel.socket.ListenerId;

/**
 * A line of the kernel's log that says that a SYN queue was full: "Possible SYN flooding on port".
 * There is one in the life of a listener, at most ({@code synflood_warned}, net/ipv4/tcp_input.c),
 * none with {@code tcp_syncookies} = 2, and it does not say in which network namespace.
 *
 * @param microsSinceBoot when it was written; -1: the log has no times ({@code printk.time} = 0)
 * @param address as {@code ss} prints it, with the brackets of IPv6; empty: the kernel does not
 *     tell it, before Linux 6.2
 * @param port 1 to 65535
 * @param cookies whether SYN cookies were sent; false: SYNs were dropped
 */
public record FloodWarning(long microsSinceBoot, String address, int port, boolean cookies) {

  /** Whether it may name this listener: another namespace may have one of the same address. */
  public boolean mayName(ListenerId listener) {
    if (port != listener.port()) return false;
    return address.isEmpty() || (address + ":" + port).equals(listener.text());
  }
}
