package io.listenbacklog.kernel.socket;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The connections that wait for accept() at one listener, or at one group of SO_REUSEPORT: in which
 * member's queue of a group a connection is, the kernel does not say.
 *
 * <p>A client that closed its end still waits. One that reset the connection is counted in {@link
 * Listener#queue} until it is accepted, and cannot be seen here.
 *
 * @param listeners the one, or the members of the group
 * @param waiting the one that has waited longest first
 */
public record AcceptQueue(List<Listener> listeners, List<Connection> waiting) {

  /** The one that has waited longest first; of several, that with the smaller cookie. */
  public static final Comparator<Connection> OLDEST_FIRST =
      Comparator.comparingLong(Connection::idleMillis)
          .reversed()
          .thenComparing(Connection::cookie, Long::compareUnsigned);

  public AcceptQueue {
    listeners = List.copyOf(listeners);
    waiting = List.copyOf(waiting);
  }

  /**
   * Sorts what was seen at one port into queues, in the order of the listeners.
   *
   * @param connections of that port that wait; what fits no listener is left out
   */
  public static List<AcceptQueue> of(List<Listener> listeners, Collection<Connection> connections) {
    var members = new LinkedHashMap<Place, List<Listener>>();
    var waiting = new LinkedHashMap<Place, List<Connection>>();
    for (var each : listeners) {
      var place = new Place(each.id().address(), each.id().device());
      members.computeIfAbsent(place, _ -> new ArrayList<>()).add(each);
      waiting.computeIfAbsent(place, _ -> new ArrayList<>());
    }
    connections.stream()
        .sorted(OLDEST_FIRST)
        .forEach(
            each ->
                members.keySet().stream()
                    .filter(place -> place.takes(each))
                    .max(Comparator.comparingInt(Place::rank))
                    .ifPresent(
                        place -> waiting.computeIfAbsent(place, _ -> new ArrayList<>()).add(each)));
    var queues = new ArrayList<AcceptQueue>();
    members.forEach(
        (place, those) ->
            queues.add(new AcceptQueue(those, waiting.getOrDefault(place, List.of()))));
    return queues;
  }

  /**
   * The connections that wait and cannot wait where their own address would put them: nobody
   * listens there, or the queue is empty. They reached some other listener by TPROXY or an
   * sk_lookup program.
   *
   * @param listeners all of the namespace
   * @param waiting at any port
   */
  public static List<Connection> strays(List<Listener> listeners, List<Connection> waiting) {
    return waiting.stream().filter(each -> !isExplained(each, listeners)).toList();
  }

  private static boolean isExplained(Connection connection, List<Listener> listeners) {
    return listeners.stream().anyMatch(each -> each.queue() > 0 && takes(each, connection));
  }

  /** Whether the address of a connection is one that a listener takes connections for. */
  public static boolean takes(Listener listener, Connection connection) {
    return takes(listener.id(), connection);
  }

  static boolean takes(ListenerId id, Connection connection) {
    return id.port() == connection.local().port()
        && new Place(id.address(), id.device()).takes(connection);
  }

  /** Where a listener is bound. */
  private record Place(IpAddress address, int device) {

    /**
     * Whether a connection may have come through it. A connection has the family of its listener:
     * an IPv4 client of a dual-stack one has an IPv4-mapped address.
     */
    boolean takes(Connection connection) {
      var local = connection.local().address();
      boolean reached =
          address.equals(local)
              || (address.isWildcard()
                  && address.ipv6() == local.ipv6()
                  && (!address.isMapped() || local.isMapped()));
      return reached && (device == 0 || device == connection.device());
    }

    /** The kernel prefers the device, then the address (net/ipv4/inet_hashtables.c). */
    int rank() {
      return (device != 0 ? 2 : 0) + (address.isWildcard() ? 0 : 1);
    }
  }
}
