package io.listenbacklog.kernel.socket;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The TCP listeners of one network namespace, IPv4 and IPv6. */
public interface ListenerTable {
  /**
   * Listeners returned at once, at most: some 1.5 MiB, 20 ms. A pod may have a quarter of a
   * million, on addresses of 127.0.0.0/8.
   */
  int MOST = 16_384;

  /**
   * All of them, but no more than {@link #MOST}: a dump, whose cost grows with the listeners of the
   * whole node. For discovery.
   */
  List<Listener> all() throws IOException;

  /** Those on one port, but no more than {@link #MOST}, read by a filtered dump. */
  List<Listener> onPort(int port) throws IOException;

  /**
   * Looks up known listeners exactly, at a cost that does not depend on how many others there are;
   * what is not found so is looked for by some dumps, whose number is bounded: {@link PortListing}.
   *
   * @return those that still listen, in the given order; the members of an SO_REUSEPORT group too,
   *     but for those that a dump that was cut at {@link #MOST} did not show
   */
  List<Listener> known(Collection<ListenerId> ids) throws IOException;

  /**
   * How many connections wait for the last ACK of their handshake (SYN_RECV), by the listener that
   * they are for: that of their address, else the wildcard one of their family; of an SO_REUSEPORT
   * group each member has an equal share, rounded up. A dump that walks all connections of the
   * node: for what is flooded.
   *
   * @return those of the asked that have any
   */
  Map<ListenerId, Integer> synReceived(Collection<ListenerId> ids) throws IOException;
}
