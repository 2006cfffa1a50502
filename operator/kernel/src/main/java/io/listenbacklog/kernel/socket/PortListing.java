package io.listenbacklog.kernel.socket;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The listeners on some ports of a network namespace, and of which ports these are all.
 *
 * @param listeners that were seen, in no order
 * @param whole of the ports that were asked for, those of which no listener was left out: what is
 *     on none of these may be there unseen
 */
public record PortListing(Collection<Listener> listeners, Set<Integer> whole) {
  /**
   * So many ports have a dump each; for more there is one of all listeners. A dump walks the
   * listeners of the whole node whatever its filter, 6 ms where those are 54,000, and who closes
   * thousands at once may choose their ports.
   */
  public static final int BY_THEMSELVES = 8;

  public PortListing {
    listeners = List.copyOf(listeners);
    whole = Set.copyOf(whole);
  }

  /**
   * Reads them by {@link #BY_THEMSELVES} + 1 dumps at most, however many the ports are. Where a
   * dump is cut at {@link ListenerTable#MOST} the first ports are read by themselves, so that those
   * at least are whole, until as many listeners were seen.
   *
   * @param ports 1 to 65535
   */
  public static PortListing of(ListenerTable table, Set<Integer> ports) throws IOException {
    var seen = new HashMap<ListenerId, Listener>();
    if (ports.size() > BY_THEMSELVES) {
      var all = table.all();
      for (var each : all) if (ports.contains(each.id().port())) seen.put(each.id(), each);
      if (all.size() < ListenerTable.MOST) return new PortListing(seen.values(), ports);
    }
    return byThemselves(table, ports, seen);
  }

  private static PortListing byThemselves(
      ListenerTable table, Set<Integer> ports, Map<ListenerId, Listener> seen) throws IOException {
    var whole = new HashSet<Integer>();
    int dumps = 0;
    int read = 0;
    for (int port : ports) {
      if (dumps++ == BY_THEMSELVES || read >= ListenerTable.MOST) break;
      var there = table.onPort(port);
      read += there.size();
      for (var each : there) seen.put(each.id(), each);
      if (there.size() < ListenerTable.MOST) whole.add(port);
    }
    return new PortListing(seen.values(), whole);
  }
}
