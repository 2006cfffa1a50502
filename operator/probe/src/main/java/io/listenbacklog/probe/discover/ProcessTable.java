package io.listenbacklog.probe.discover;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The processes that are known: by pid, by pod, and by network namespace. */
final class ProcessTable {
  private final Map<Integer, KnownProcess> known = new HashMap<>();
  private final Map<String, NavigableSet<Integer>> pidsByPod = new HashMap<>();
  private final Map<String, NavigableMap<Integer, String>> hiddenByPod = new HashMap<>();
  private final Map<Long, NavigableMap<Integer, String>> podsByNamespace = new HashMap<>();
  private long changes;

  @Nullable KnownProcess get(int pid) {
    return known.get(pid);
  }

  int size() {
    return known.size();
  }

  /** See {@link ProcessIndex#changes}. */
  long changes() {
    return changes;
  }

  /** See {@link ProcessIndex#pids}. */
  NavigableSet<Integer> pids(String cgroupUid) {
    return pidsByPod.getOrDefault(cgroupUid, Collections.emptyNavigableSet());
  }

  /** See {@link ProcessIndex#hidden}: of the first one that is. */
  Optional<String> hidden(String cgroupUid) {
    var hidden = hiddenByPod.get(cgroupUid);
    return hidden == null ? Optional.empty() : Optional.of(hidden.firstEntry().getValue());
  }

  /** See {@link ProcessIndex#pids()}. */
  Set<Integer> pids() {
    return Collections.unmodifiableSet(known.keySet());
  }

  /** See {@link ProcessIndex#hidden()}. */
  Optional<String> hidden() {
    return hiddenByPod.keySet().stream().findFirst().flatMap(this::hidden);
  }

  /** How many processes of a pod are known, be they hidden. */
  int size(String cgroupUid) {
    var hidden = hiddenByPod.get(cgroupUid);
    return pids(cgroupUid).size() + (hidden == null ? 0 : hidden.size());
  }

  /** See {@link ProcessIndex#members}. */
  NavigableMap<Integer, String> members(long namespace) {
    return podsByNamespace.getOrDefault(namespace, Collections.emptyNavigableMap());
  }

  /** See {@link ProcessIndex#areNewSince}. */
  boolean areNewSince(long namespace, long nanos) {
    var members = members(namespace).keySet();
    if (members.isEmpty()) return false;
    for (int pid : members) {
      var process = known.get(pid);
      if (process == null || process.bornNanos() - nanos <= 0) return false;
    }
    return true;
  }

  /** See {@link ProcessIndex#namespaces}. */
  Set<Long> namespaces(String cgroupUid) {
    var namespaces = new LinkedHashSet<Long>();
    for (int pid : pids(cgroupUid)) {
      var process = known.get(pid);
      if (process != null) namespaces.add(process.namespace());
    }
    return namespaces;
  }

  /** One string for all processes of a pod: the one that its first process has. */
  String shared(String cgroupUid) {
    var pids = pids(cgroupUid);
    var first = pids.isEmpty() ? null : known.get(pids.first());
    return first == null || first.cgroupUid() == null ? cgroupUid : first.cgroupUid();
  }

  /** What is known of a process from now on. */
  void put(KnownProcess process) {
    replace(known.get(process.pid()), process);
  }

  /**
   * Forgets all but these processes.
   *
   * @param pids ascending
   * @param asOfNanos when they were listed: what was read since then may have been born since then
   */
  void keepOnly(int[] pids, long asOfNanos) {
    for (var process : known.values().toArray(new KnownProcess[0])) {
      boolean bornMeanwhile = process.readNanos() - asOfNanos > 0;
      if (!bornMeanwhile && Arrays.binarySearch(pids, process.pid()) < 0) replace(process, null);
    }
  }

  private void replace(@Nullable KnownProcess before, @Nullable KnownProcess after) {
    if (before != null && after != null && before.isWhere(after)) {
      known.put(after.pid(), after);
      return;
    }
    if ((before != null && before.cgroupUid() != null)
        || (after != null && after.cgroupUid() != null)) {
      changes++;
    }
    if (before != null) remove(before);
    if (after != null) add(after);
  }

  private void remove(KnownProcess process) {
    int pid = process.pid();
    known.remove(pid);
    String pod = process.cgroupUid();
    if (pod == null) return;
    pidsByPod.computeIfPresent(pod, (_, pids) -> without(pids, pid));
    hiddenByPod.computeIfPresent(pod, (_, pids) -> without(pids, pid));
    podsByNamespace.computeIfPresent(process.namespace(), (_, members) -> without(members, pid));
  }

  private void add(KnownProcess process) {
    int pid = process.pid();
    known.put(pid, process);
    String pod = process.cgroupUid();
    if (pod == null) return;
    String hidden = process.hidden();
    if (hidden != null) {
      hiddenByPod.computeIfAbsent(pod, _ -> new TreeMap<>()).put(pid, hidden);
      return;
    }
    pidsByPod.computeIfAbsent(pod, _ -> new TreeSet<>()).add(pid);
    podsByNamespace.computeIfAbsent(process.namespace(), _ -> new TreeMap<>()).put(pid, pod);
  }

  private static @Nullable NavigableSet<Integer> without(NavigableSet<Integer> pids, int pid) {
    pids.remove(pid);
    return pids.isEmpty() ? null : pids;
  }

  private static @Nullable NavigableMap<Integer, String> without(
      NavigableMap<Integer, String> members, int pid) {
    members.remove(pid);
    return members.isEmpty() ? null : members;
  }
}
