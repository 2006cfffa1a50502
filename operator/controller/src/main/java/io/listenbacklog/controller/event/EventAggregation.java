package io.listenbacklog.controller.event;

import io.listenbacklog.policy.event.AggregateKey;
import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.event.SimilarityKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which pods get an Event of their own where the same happens to many at once: of those with the
 * same similarity key, the first few in the order of their Events' names. The choice is a function
 * of the Events alone, so the next leader makes the same one and repeats nothing. The others are
 * counted in one Event.
 *
 * <p>Memory: a few names for each similarity key, and a number for each node that has any. Not
 * thread-safe.
 */
final class EventAggregation {
  /** How many similar ones get an Event of their own. */
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

  private final Map<SimilarityKey, Kind> kinds = new HashMap<>();
  private final Map<String, Set<SimilarityKey>> kindsByNode = new HashMap<>();
  private final Map<AggregateKey, Integer> others = new HashMap<>();
  private final Set<AggregateKey> changed = new HashSet<>();

  /** Whether a node was ever counted. */
  boolean knows(String node) {
    return kindsByNode.containsKey(node);
  }

  /** Counts the drafts of a node, in place of its earlier ones. */
  void put(String node, Collection<EventDraft> called) {
    for (SimilarityKey each : kindsByNode.getOrDefault(node, Set.of())) {
      change(each, kind -> kind.remove(node));
    }
    var there = new HashSet<SimilarityKey>();
    for (EventDraft each : called) {
      SimilarityKey alike = each.alike();
      if (alike == null) continue;
      there.add(alike);
      change(alike, kind -> kind.add(node, each.eventName()));
    }
    kindsByNode.put(node, there);
  }

  /** Forgets a node without drafts. */
  void forget(String node) {
    put(node, Set.of());
    kindsByNode.remove(node);
  }

  /** Whether it gets an Event of its own. */
  boolean isOwn(EventDraft occurrence) {
    SimilarityKey alike = occurrence.alike();
    if (alike == null) return true;
    Kind kind = kinds.get(alike);
    return kind != null && kind.own.containsKey(occurrence.eventName());
  }

  /** How many of an aggregate get no Event of their own. */
  int others(AggregateKey aggregate) {
    return others.getOrDefault(aggregate, 0);
  }

  /** Whether {@link #takeChanged} would return any. */
  boolean hasChanged() {
    return !changed.isEmpty();
  }

  /** Those whose {@link #others} may have changed since the last call. */
  Set<AggregateKey> takeChanged() {
    var taken = Set.copyOf(changed);
    changed.clear();
    return taken;
  }

  /** Returns some again at the next {@link #takeChanged}. */
  void giveBack(Collection<AggregateKey> aggregates) {
    changed.addAll(aggregates);
  }

  private interface Change {
    void to(Kind kind);
  }

  private void change(SimilarityKey alike, Change change) {
    Kind kind = kinds.computeIfAbsent(alike, _ -> new Kind());
    int before = kind.others();
    change.to(kind);
    if (kind.count == 0) kinds.remove(alike);
    int more = kind.others() - before;
    if (more == 0) return;
    AggregateKey aggregate = alike.aggregate();
    changed.add(aggregate);
    int sum = others.merge(aggregate, more, Integer::sum);
    if (sum == 0) others.remove(aggregate);
  }
}
