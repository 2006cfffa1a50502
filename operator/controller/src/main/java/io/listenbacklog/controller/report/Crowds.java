package io.listenbacklog.controller.report;

import io.listenbacklog.policy.report.Alike;
import io.listenbacklog.policy.report.Crowd;
import io.listenbacklog.policy.report.Occurrence;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who gets an Event of its own where the same happens to many pods at once: of those that are alike
 * the first few by the names of their Events. That choice depends on nothing but what there is to
 * tell, so the controller after this one makes it again and repeats nothing. The others are
 * counted.
 *
 * <p>Memory: a few names for each kind of thing there is to tell, and a number for each node that
 * has any of it. For one thread.
 */
final class Crowds {
  /** So many of those that are alike get an Event of their own. */
  static final int OWN = 10;

  /** All that are alike. */
  private static final class Kind {
    /** The node of each that has an Event of its own, by the Event's name. */
    final TreeMap<String, String> own = new TreeMap<>();

    final Map<String, Integer> countByNode = new HashMap<>();
    int count;

    int others() {
      return count - own.size();
    }

    void add(String node, String event) {
      count++;
      countByNode.merge(node, 1, Integer::sum);
      own.put(event, node);
      if (own.size() > OWN) own.pollLastEntry();
    }

    void remove(String node) {
      Integer there = countByNode.remove(node);
      if (there != null) count -= there;
      own.values().removeIf(node::equals);
    }
  }

  private final Map<Alike, Kind> kinds = new HashMap<>();
  private final Map<String, Set<Alike>> kindsByNode = new HashMap<>();
  private final Map<Crowd, Integer> others = new HashMap<>();
  private final Set<Crowd> changed = new HashSet<>();

  /** Whether what a node has to tell has ever been counted. */
  boolean knows(String node) {
    return kindsByNode.containsKey(node);
  }

  /** Counts what a node has to tell now, in place of what it had before. */
  void put(String node, Collection<Occurrence> called) {
    for (Alike each : kindsByNode.getOrDefault(node, Set.of())) {
      change(each, kind -> kind.remove(node));
    }
    var there = new HashSet<Alike>();
    for (Occurrence each : called) {
      Alike alike = each.alike();
      if (alike == null) continue;
      there.add(alike);
      change(alike, kind -> kind.add(node, each.eventName()));
    }
    kindsByNode.put(node, there);
  }

  /** Forgets a node that has nothing to tell. */
  void forget(String node) {
    put(node, Set.of());
    kindsByNode.remove(node);
  }

  /** Whether it gets an Event of its own. */
  boolean isOwn(Occurrence occurrence) {
    Alike alike = occurrence.alike();
    if (alike == null) return true;
    Kind kind = kinds.get(alike);
    return kind != null && kind.own.containsKey(occurrence.eventName());
  }

  /** How many of a crowd get no Event of their own. */
  int others(Crowd crowd) {
    return others.getOrDefault(crowd, 0);
  }

  /** Whether {@link #takeChanged} would give any. */
  boolean hasChanged() {
    return !changed.isEmpty();
  }

  /** Those whose {@link #others} may be another number than when this was asked last. */
  Set<Crowd> takeChanged() {
    var taken = Set.copyOf(changed);
    changed.clear();
    return taken;
  }

  /** Has some come again at the next {@link #takeChanged}. */
  void giveBack(Collection<Crowd> crowds) {
    changed.addAll(crowds);
  }

  private interface Change {
    void to(Kind kind);
  }

  private void change(Alike alike, Change change) {
    Kind kind = kinds.computeIfAbsent(alike, _ -> new Kind());
    int before = kind.others();
    change.to(kind);
    if (kind.count == 0) kinds.remove(alike);
    int more = kind.others() - before;
    if (more == 0) return;
    Crowd crowd = alike.crowd();
    changed.add(crowd);
    int sum = others.merge(crowd, more, Integer::sum);
    if (sum == 0) others.remove(crowd);
  }
}
