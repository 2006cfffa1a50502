package io.listenbacklog.probe.observe;

import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.socket.PortListing;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

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
      case VisitScope.Known() -> withRaised(view, namespace, watched(view, namespace));
      case VisitScope.Listing() -> withRaised(view, namespace, all(view, namespace));
      case VisitScope.NewListener(int port, _) -> view.listeners().onPort(port);
      case VisitScope.Rest() -> List.<Listener>of();
    };
  }

  /**
   * The look-up of a busy SO_REUSEPORT group may miss one that lives, as a listing may: so what was
   * not found is looked up once more. Not where it is on many ports: who closes thousands would
   * have them all looked for twice.
   */
  private static List<Listener> watched(NamespaceView view, NamespaceState namespace)
      throws IOException {
    var watched = ids(namespace, each -> each.cgroupUid() != null);
    var seen = view.listeners().known(watched);
    if (seen.size() == watched.size()) return seen; // so it is mostly
    var unseen = without(seen, watched);
    long ports = unseen.stream().mapToInt(ListenerId::port).distinct().count();
    return ports > PortListing.BY_THEMSELVES ? seen : with(view, seen, unseen);
  }

  /**
   * A listing may miss one that lives, for its chain changes under the dump and nothing shows that
   * (net/ipv4/inet_diag.c). So what was expected is looked up by its cookie before it is taken for
   * gone.
   */
  private static List<Listener> all(NamespaceView view, NamespaceState namespace)
      throws IOException {
    var seen = view.listeners().all();
    return with(view, seen, without(seen, ids(namespace, _ -> true)));
  }

  private static List<ListenerId> ids(NamespaceState namespace, Predicate<ListenerState> which) {
    var ids = new ArrayList<ListenerId>(namespace.listeners.size());
    for (var each : namespace.listeners.values()) if (which.test(each)) ids.add(each.tcp());
    return ids;
  }

  private static List<ListenerId> without(List<Listener> seen, List<ListenerId> expected) {
    var here = cookies(seen);
    return expected.stream().filter(each -> !here.contains(each.cookie())).toList();
  }

  private static List<Listener> with(
      NamespaceView view, List<Listener> seen, List<ListenerId> unseen) throws IOException {
    if (unseen.isEmpty()) return seen;
    var found = new ArrayList<>(seen);
    found.addAll(view.listeners().known(unseen));
    return found;
  }

  /**
   * What was raised and is missed is looked for in the visits that follow too, until it is gone for
   * sure; where not all that is there was shown, nothing is.
   */
  private static List<Listener> withRaised(
      NamespaceView view, NamespaceState namespace, List<Listener> seen) throws IOException {
    if (namespace.missing.isEmpty()) return seen; // so it is mostly
    var listing = PortListing.of(view.listeners(), portsOf(namespace.missing.values()));
    var there = new HashMap<Long, Listener>();
    for (var each : listing.listeners()) there.put(each.id().cookie(), each);
    var here = cookies(seen);
    var found = new ArrayList<>(seen);
    for (var each : Map.copyOf(namespace.missing).entrySet()) {
      long cookie = each.getKey();
      var missing = each.getValue();
      var listener = there.get(cookie);
      if (listener != null) {
        namespace.missing.remove(cookie);
        if (!here.contains(cookie)) found.add(listener);
      } else if (missing.port() == 0 || listing.whole().contains(missing.port())) {
        namespace.missing.put(cookie, missing.lookedInVain());
      }
    }
    return found;
  }

  private static Set<Integer> portsOf(Collection<NamespaceState.Missing> missing) {
    var ports = new TreeSet<Integer>();
    for (var each : missing) if (each.port() != 0) ports.add(each.port());
    return ports;
  }

  private static Set<Long> cookies(List<Listener> seen) {
    var cookies = new HashSet<Long>();
    for (var each : seen) cookies.add(each.id().cookie());
    return cookies;
  }
}
