package io.listenbacklog.probe.loop;

import io.listenbacklog.probe.observe.OwnerIdentification;
import io.listenbacklog.probe.observe.OwnerIdentification.Outstanding;
import io.listenbacklog.probe.observe.SocketOwners;
import io.listenbacklog.probe.observe.VisitScope;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.NodeState;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Visits namespaces, and does later what a visit had no time for. */
final class Visits {
  private final NodeState node;
  private final NamespaceVisit visit;
  private final SocketOwners owners;
  private final OwnerIdentification identification;
  private final RecurringErrors errors;
  private final Publication publication;

  /** Namespaces with listeners of which it is to be found out who holds them. */
  private final Set<NamespaceState> unattributed = new LinkedHashSet<>();

  /** Those of them whose holders are known, and are being identified. */
  private final Map<NamespaceState, Outstanding> unidentified = new LinkedHashMap<>();

  private boolean unidentifiedsTurn;

  /** Namespaces with listeners that a visit had no time to judge. */
  private final Set<NamespaceState> unjudged = new LinkedHashSet<>();

  Visits(
      NodeState node,
      NamespaceVisit visit,
      SocketOwners owners,
      OwnerIdentification identification,
      RecurringErrors errors,
      Publication publication) {
    this.node = node;
    this.visit = visit;
    this.owners = owners;
    this.identification = identification;
    this.errors = errors;
    this.publication = publication;
  }

  /** Returns whether it could be made, and showed something that was not known before. */
  boolean visit(NamespaceState namespace, VisitScope scope) {
    boolean changed = visit.run(namespace, scope, node.spec());
    if (!namespace.toJudge.isEmpty()) unjudged.add(namespace);
    else if (!unjudged.isEmpty()) unjudged.remove(namespace);
    return changed;
  }

  /** Who holds its listeners is to be found out. */
  void attributeLater(NamespaceState namespace) {
    unattributed.add(namespace);
  }

  /** Namespaces, or who is in them, have changed. */
  void refreshed() {
    unattributed.removeIf(each -> !node.has(each));
    unidentified.keySet().removeIf(each -> !node.has(each));
    unjudged.removeIf(each -> !node.has(each));
    owners.forgetNamespaces(each -> !node.has(each));
    for (var each : node.namespaces()) owners.forgetGone(each.all());
  }

  /** Until when there is nothing to do. */
  long idleNanos(long now) {
    if (!unjudged.isEmpty() || !unattributed.isEmpty() || !unidentified.isEmpty()) return 0;
    return owners.idleNanos(now);
  }

  /** What was found late is judged, and raised, at once. */
  boolean goOnSearching(long now) {
    if (owners.idleNanos(now) > 0) return false;
    var found = owners.step(now);
    if (found != null && node.has(found)) {
      unattributed.add(found);
      found.all().forEach(found::judgeLater);
      unjudged.add(found);
    }
    return true;
  }

  /** Goes on where a visit had no time to judge, raise or put back all listeners, in turn. */
  boolean judgeMore() {
    if (unjudged.isEmpty()) return false;
    var namespace = unjudged.iterator().next();
    unjudged.remove(namespace);
    int before = namespace.toJudge.size();
    visit(namespace, new VisitScope.Rest());
    // It could not be entered: the next sweep will see.
    if (namespace.toJudge.size() >= before) unjudged.remove(namespace);
    publication.changed();
    return true;
  }

  /** Finds out whose the listeners of one namespace are: for people, so it may come last. */
  boolean attribute() {
    var namespace = nextUnattributed();
    if (namespace == null) return false;
    publication.changed();
    try {
      var outstanding = unidentified.remove(namespace);
      if (outstanding == null) outstanding = searched(namespace);
      identification.identify(outstanding);
      if (!outstanding.isEmpty()) unidentified.put(namespace, outstanding);
      errors.over("owners");
    } catch (RuntimeException e) {
      errors.failed("owners", e);
    }
    return true;
  }

  /** In turn: one with many processes has one step before each other has. */
  private @Nullable NamespaceState nextUnattributed() {
    unidentifiedsTurn = !unidentifiedsTurn;
    if (unidentifiedsTurn && !unidentified.isEmpty())
      return unidentified.keySet().iterator().next();
    for (var each : unattributed) {
      // What is begun is ended first: else one that changes all the time never would be.
      if (unidentified.containsKey(each)) continue;
      unattributed.remove(each);
      return each;
    }
    return unidentified.isEmpty() ? null : unidentified.keySet().iterator().next();
  }

  private Outstanding searched(NamespaceState namespace) {
    var listeners = namespace.all();
    var wanting = listeners.stream().filter(owners::due).toList();
    if (!wanting.isEmpty() && !namespace.shared()) owners.look(namespace, wanting, 0);
    return identification.of(listeners);
  }
}
