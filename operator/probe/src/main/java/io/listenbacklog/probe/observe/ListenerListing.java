package io.listenbacklog.probe.observe;

import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.probe.state.NamespaceState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the kernel shows of the TCP listeners that a visit is about. */
public final class ListenerListing {
  private ListenerListing() {}

  /** By exact look-ups, by a dump, or those on one port: as the scope of the visit says. */
  public static Sightings list(VisitContext visit) throws IOException {
    return Sightings.of(visit.namespace(), seen(visit));
  }

  private static List<Listener> seen(VisitContext visit) throws IOException {
    var view = visit.view();
    var namespace = visit.namespace();
    return switch (visit.scope()) {
      case VisitScope.Known() -> {
        var watched = watched(namespace);
        var seen = view.listeners().known(watched);
        // Mostly it is so: what was looked up was found.
        boolean whole = seen.size() == watched.size() && namespace.missing.isEmpty();
        yield whole ? seen : withMissing(view, namespace, seen, false);
      }
      case VisitScope.Listing() -> withMissing(view, namespace, view.listeners().all(), true);
      case VisitScope.NewListener(int port, _) -> view.listeners().onPort(port);
      case VisitScope.Rest() -> List.<Listener>of();
    };
  }

  private static List<ListenerId> watched(NamespaceState namespace) {
    var ids = new ArrayList<ListenerId>(namespace.listeners.size());
    for (var each : namespace.listeners.values()) {
      if (each.cgroupUid() != null) ids.add(each.tcp());
    }
    return ids;
  }

  /**
   * A listing, and the look-up of a busy SO_REUSEPORT group, may miss one that lives, for its chain
   * changes under the dump and nothing shows that (net/ipv4/inet_diag.c). So what was expected is
   * looked up by its cookie before it is taken for gone; and what was raised is looked for in the
   * visits that follow too, until it is gone for sure.
   */
  private static List<Listener> withMissing(
      NamespaceView view, NamespaceState namespace, List<Listener> seen, boolean all)
      throws IOException {
    var here = new HashSet<Long>();
    for (var each : seen) here.add(each.id().cookie());
    var unseen = new ArrayList<ListenerId>();
    for (var each : namespace.listeners.values()) {
      if ((all || each.cgroupUid() != null) && !here.contains(each.id.cookie()))
        unseen.add(each.tcp());
    }
    var found = new ArrayList<>(seen);
    if (!unseen.isEmpty()) found.addAll(view.listeners().known(unseen));
    if (!namespace.missing.isEmpty()) found.addAll(raisedAndMissing(view, namespace, here));
    return found;
  }

  private static List<Listener> raisedAndMissing(
      NamespaceView view, NamespaceState namespace, Set<Long> here) throws IOException {
    var found = new ArrayList<Listener>();
    var byPort = new HashMap<Integer, List<Listener>>();
    for (var each : Map.copyOf(namespace.missing).entrySet()) {
      long cookie = each.getKey();
      int port = each.getValue().port();
      if (!byPort.containsKey(port))
        byPort.put(port, port == 0 ? List.of() : view.listeners().onPort(port));
      var there =
          byPort.get(port).stream().filter(listener -> listener.id().cookie() == cookie).toList();
      if (there.isEmpty()) namespace.missing.put(cookie, each.getValue().lookedInVain());
      else namespace.missing.remove(cookie);
      if (!here.contains(cookie)) found.addAll(there);
    }
    return found;
  }
}
