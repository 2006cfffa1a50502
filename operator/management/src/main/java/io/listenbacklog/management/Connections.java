package io.listenbacklog.management;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The clients there are, oldest first. The newest is always accepted: the oldest of the address
 * with the most is closed for it, so whoever uses much makes room himself, and a kubelet or a
 * scraper with its one connection stays.
 */
final class Connections {
  private final Bounds bounds;
  private final Set<Connection> all = new LinkedHashSet<>();
  private final Map<InetAddress, Integer> byAddress = new HashMap<>();

  Connections(Bounds bounds) {
    this.bounds = bounds;
  }

  int size() {
    return all.size();
  }

  boolean contains(Connection connection) {
    return all.contains(connection);
  }

  List<Connection> all() {
    return List.copyOf(all);
  }

  /** Which one must be closed before another of that address is accepted; empty: there is room. */
  Optional<Connection> inTheWayOf(InetAddress address) {
    if (number(address) >= bounds.connectionsPerAddress()) {
      return oldestOf(address);
    }
    return all.size() < bounds.connections() ? Optional.empty() : oldestOf(greediest());
  }

  private int number(InetAddress address) {
    return byAddress.getOrDefault(address, 0);
  }

  /** Of several with as many, the one whose oldest is oldest. */
  private InetAddress greediest() {
    InetAddress greediest = all.iterator().next().address();
    for (var each : all) {
      if (number(each.address()) > number(greediest)) greediest = each.address();
    }
    return greediest;
  }

  private Optional<Connection> oldestOf(InetAddress address) {
    return all.stream()
        .filter(each -> each.address().equals(address))
        // Not who asks before who reads: of one address, who has come last would go first then.
        .min(Comparator.comparing(each -> each.state() != Connection.State.LINGERS));
  }

  void add(Connection connection) {
    all.add(connection);
    byAddress.merge(connection.address(), 1, Integer::sum);
  }

  void remove(Connection connection) {
    if (!all.remove(connection)) return;
    byAddress.computeIfPresent(connection.address(), (_, count) -> count == 1 ? null : count - 1);
  }
}
