package io.listenbacklog.kernel.sockdiag;

import io.listenbacklog.kernel.socket.IpAddress;
import io.listenbacklog.kernel.socket.ListenerId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the connections that wait for the last ACK of their handshake, and attributes them to
 * listeners: the kernel does not say which each belongs to.
 */
final class SynReceived {
  /** What a connection has of its listener. */
  private record Place(IpAddress address, int port) {
    static Place of(ListenerId id) {
      return new Place(id.address(), id.port());
    }

    /** The wildcard address of the same family, which a dual-stack listener's connections have. */
    Place anywhere() {
      return new Place(address.ipv6() ? IpAddress.v6(0, 0) : IpAddress.v4(0), port);
    }
  }

  private final Map<Place, Integer> members = new HashMap<>();
  private final Map<Place, Integer> counts = new HashMap<>();
  private final Collection<ListenerId> listeners;

  SynReceived(Collection<ListenerId> listeners) {
    this.listeners = listeners;
    for (var each : listeners) members.merge(Place.of(each), 1, Integer::sum);
  }

  /** One more, for whoever listens on this local address and port. */
  void add(IpAddress address, int port) {
    var exactly = new Place(address, port);
    var place = members.containsKey(exactly) ? exactly : exactly.anywhere();
    if (members.containsKey(place)) counts.merge(place, 1, Integer::sum);
  }

  /** How many each listener has; those that have none are left out. */
  Map<ListenerId, Integer> shares() {
    var shares = new HashMap<ListenerId, Integer>();
    for (var each : listeners) {
      var place = Place.of(each);
      int count = counts.getOrDefault(place, 0);
      int group = members.getOrDefault(place, 1);
      if (count > 0) shares.put(each, (count + group - 1) / group);
    }
    return shares;
  }
}
