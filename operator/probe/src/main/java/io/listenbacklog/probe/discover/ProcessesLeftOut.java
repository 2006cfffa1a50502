package io.listenbacklog.probe.discover;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The processes of pods that have more than their share: of them it is only known which they are,
 * so that not every scan reads them again.
 */
final class ProcessesLeftOut {
  private final BitSet pids = new BitSet();

  /** How many of them a pod has, as of the last scan that is over. */
  private Map<String, Integer> countByPod = Map.of();

  /** The same, as the scans count that have been under way since {@link #sinceNanos}. */
  private final Map<String, Integer> counted = new HashMap<>();

  private long sinceNanos;

  boolean contains(int pid) {
    return pids.get(pid);
  }

  void add(int pid, String cgroupUid) {
    pids.set(pid);
    counted.merge(cgroupUid, 1, Integer::sum);
  }

  void remove(int pid) {
    pids.clear(pid);
  }

  /** See {@link ProcessIndex#left()}. */
  int count() {
    return pids.cardinality();
  }

  /** See {@link ProcessIndex#left(String)}. */
  int count(String cgroupUid) {
    return countByPod.getOrDefault(cgroupUid, 0);
  }

  /** Who has ended makes room; and once a minute all are read anew, as others are. */
  void scanBegins(int[] listed, long now) {
    boolean anew = now - sinceNanos >= KnownProcess.READ_AGAIN_NANOS;
    var there = new BitSet();
    if (!anew && !pids.isEmpty()) {
      for (int pid : listed) there.set(pid);
    }
    pids.and(there);
    if (!anew) return;
    sinceNanos = now;
    counted.clear();
  }

  void scanEnds() {
    countByPod = Map.copyOf(counted);
  }
}
