package io.listenbacklog.probe.report;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.journal.EntryKey;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.remedy.Obstacle;
import io.listenbacklog.probe.remedy.ObstacleTexts;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.time.Clocks;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pods whose listeners cannot be seen, and why: what is not seen counts as neither sufficient
 * nor gone.
 */
final class HiddenPods {
  /** Who has no more processes than that has no more network namespaces. */
  private static final int MANY = 5;

  private final Clocks clocks;
  private final ProcessIndex processIndex;

  /** Since when a remedy is out of sight, by the key of its entry. */
  private final Map<EntryKey, Instant> since = new HashMap<>();

  HiddenPods(Clocks clocks, ProcessIndex processIndex) {
    this.clocks = clocks;
    this.processIndex = processIndex;
  }

  /** The governed ones, by the uid of their cgroups, in the order of the spec. */
  Map<String, String> of(NodeSpec spec, Collection<NamespaceState> namespaces) {
    var failed = new HashMap<String, String>();
    var over = new HashMap<String, String>();
    for (var namespace : namespaces) {
      if (namespace.listenersLeft() > 0) {
        for (String uid : namespace.pods()) over.put(uid, tooManyListeners(namespace));
      }
      if (namespace.unobservable() == null) continue;
      for (String uid : namespace.pods()) failed.put(uid, namespace.unobservable());
    }
    var visited = new HashSet<Long>();
    for (var namespace : namespaces) visited.add(namespace.inode);
    var hidden = new LinkedHashMap<String, String>();
    for (var each : spec.pods().entrySet()) {
      String why = failed.get(each.getKey());
      if (why == null) why = unseen(each.getValue());
      if (why == null) why = over.get(each.getKey());
      if (why == null) why = tooManyProcesses(each.getKey(), visited);
      if (why != null) hidden.put(each.getKey(), why);
    }
    return hidden;
  }

  private static String tooManyListeners(NamespaceState namespace) {
    return "%d of the listeners in its network namespace are not watched, for they are more than its share of %d"
        .formatted(namespace.listenersLeft(), namespace.watched());
  }

  private @Nullable String tooManyProcesses(String uid, Set<Long> visited) {
    var discovery = processIndex;
    int left = discovery.left(uid);
    if (left == 0) return tooManyNamespaces(uid, visited);
    return "%d of its processes are not looked at, for they are more than its share of %d"
        .formatted(left, discovery.pids(uid).size());
  }

  private @Nullable String tooManyNamespaces(String uid, Set<Long> visited) {
    if (processIndex.pids(uid).size() < MANY) return null;
    var all = processIndex.namespaces(uid);
    long left = all.stream().filter(each -> !visited.contains(each)).count();
    return left == 0
        ? null
        : "%d of its %d network namespaces are not visited, for they are more than its share"
            .formatted(left, all.size());
  }

  private @Nullable String unseen(GovernedPod pod) {
    String uid = pod.cgroupUid();
    var discovery = processIndex;
    if (!discovery.isThere(uid)) {
      return discovery
          .missing()
          .map(why -> "none of its processes is seen, and " + why)
          .orElse(null);
    }
    // One process that can be looked into leads to all that listens in the pod's own network; in
    // the node's only what the pod's processes hold is the pod's.
    if (!discovery.pids(uid).isEmpty() && !pod.pod().hostNetwork()) return null;
    return discovery.hidden(uid).orElse(null);
  }

  /**
   * Why something that is raised cannot be put back at present, since its pod cannot be looked
   * into; empty: that is not so.
   *
   * @param earlier what an earlier probe told of it; null: nothing
   */
  Optional<Hindrance> hindering(JournalEntry entry, @Nullable Hindrance earlier) {
    String uid = entry.cgroupUid();
    var why = processIndex.hidden(uid);
    if (why.isEmpty() || processIndex.namespaces(uid).contains(entry.networkNamespace())) {
      since.remove(entry.key());
      return Optional.empty();
    }
    boolean told = earlier != null && earlier.reason().equals(EventReasons.REMEDY_UNAVAILABLE);
    var first = earlier == null || !told ? clocks.now() : earlier.since();
    var begun = since.computeIfAbsent(entry.key(), _ -> first);
    return Optional.of(
        new Hindrance(
            EventReasons.REMEDY_UNAVAILABLE,
            ObstacleTexts.of(new Obstacle.OutOfSight(why.get())),
            begun));
  }
}
