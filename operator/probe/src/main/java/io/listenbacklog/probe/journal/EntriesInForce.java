package io.listenbacklog.probe.journal;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the lines of a journal amount to, in memory: what is raised or contested, by its key. */
final class EntriesInForce {
  /** Keys of forgotten entries that are remembered; a status reports fewer. */
  private static final int MOST_FORGOTTEN = 4_096;

  private final Map<EntryKey, JournalEntry> byKey = new LinkedHashMap<>();

  /** How many there are of each pod, by the uid of its cgroups, and of each namespace's pods. */
  private final Map<String, Integer> ofPods = new HashMap<>();

  private final Map<String, Integer> ofNamespaces = new HashMap<>();

  /** Keys that were forgotten before the last status was read, see {@link #wasForgotten}. */
  private final Set<EntryKey> forgotten = new HashSet<>();

  private boolean statusRead;

  /** A view of all of them, the ones that were put first before the others. */
  Collection<JournalEntry> all() {
    return Collections.unmodifiableCollection(byKey.values());
  }

  /** The keys as they are now, in the order of {@link #all}. */
  List<EntryKey> keys() {
    return List.copyOf(byKey.keySet());
  }

  boolean isEmpty() {
    return byKey.isEmpty();
  }

  int size() {
    return byKey.size();
  }

  @Nullable JournalEntry get(EntryKey key) {
    return byKey.get(key);
  }

  /** How many there are of a pod. */
  int ofPod(String cgroupUid) {
    return ofPods.getOrDefault(cgroupUid, 0);
  }

  /** How many there are of the pods of a Kubernetes namespace. */
  int ofNamespace(String name) {
    return ofNamespaces.getOrDefault(name, 0);
  }

  void put(JournalEntry entry) {
    var before = byKey.put(entry.key(), entry);
    if (before != null) count(before, -1);
    count(entry, 1);
  }

  private void count(JournalEntry entry, int change) {
    add(ofPods, entry.cgroupUid(), change);
    add(ofNamespaces, entry.pod().namespace(), change);
  }

  private static void add(Map<String, Integer> counts, String to, int change) {
    int sum = counts.getOrDefault(to, 0) + change;
    if (sum == 0) counts.remove(to);
    else counts.put(to, sum);
  }

  /** The raise that an entry announced took effect just as intended. */
  void settleAsIntended(EntryKey key) {
    byKey.computeIfPresent(
        key, (_, intent) -> intent.with(intent.raised().settledAt(intent.raised().intended())));
  }

  void forget(EntryKey key) {
    var gone = byKey.remove(key);
    if (gone != null) count(gone, -1);
    if (!statusRead && forgotten.size() < MOST_FORGOTTEN) forgotten.add(key);
  }

  /** Whether it was forgotten before the last status was read, and was not put again. */
  boolean wasForgotten(EntryKey key) {
    return forgotten.contains(key) && !byKey.containsKey(key);
  }

  /** From now on it need not be remembered what is forgotten. */
  void statusRead() {
    statusRead = true;
  }
}
