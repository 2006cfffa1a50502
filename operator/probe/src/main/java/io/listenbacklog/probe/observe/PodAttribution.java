package io.listenbacklog.probe.observe;

import io.listenbacklog.probe.state.ListenerState;
import java.util.ArrayList;
import java.util.Collection;

/**
 * Decides to which pod each listener belongs: in a network namespace of one pod to that pod; in a
 * shared one to the pod whose processes hold it, and to none that is watched otherwise.
 */
public final class PodAttribution {
  private final SocketOwners owners;

  public PodAttribution(SocketOwners owners) {
    this.owners = owners;
  }

  /**
   * Attributes the listeners of the namespace that is visited; after a birth those alone that were
   * seen: what is known of thousands on other ports is none the better for it.
   */
  public void attribute(VisitContext visit, Sightings seen) {
    var namespace = visit.namespace();
    if (!visit.isForBirth()) {
      attributeAll(visit, namespace.all());
      return;
    }
    var here = new ArrayList<ListenerState>(seen.size());
    for (int index = 0; index < seen.size(); index++) {
      var known = seen.known(index);
      if (known != null) here.add(known);
    }
    attributeAll(visit, here);
  }

  private void attributeAll(VisitContext visit, Collection<ListenerState> listeners) {
    var namespace = visit.namespace();
    var sole = namespace.sole();
    if (sole != null) {
      for (var each : listeners) each.belongsTo(sole);
      return;
    }
    var wanting = new ArrayList<ListenerState>();
    for (var each : listeners) {
      if (each.owner() != null) continue;
      each.belongsTo(null);
      if (owners.due(each)) wanting.add(each);
    }
    if (!wanting.isEmpty()) owners.look(namespace, wanting, visit.likelyPid());
  }
}
