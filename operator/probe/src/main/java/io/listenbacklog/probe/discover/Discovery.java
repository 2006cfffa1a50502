package io.listenbacklog.probe.discover;

import io.listenbacklog.kernel.process.Container;
import io.listenbacklog.kernel.process.Processes;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which processes belong to which pod, and in which network namespaces they are: of all pods, for a
 * namespace that a stranger's process is in must be known as such.
 *
 * <p>What is known of a process is read once and again while it is young: a container's first
 * process is moved to its cgroup, and then to its network namespace, after its birth. It is read
 * again every minute, in case its pid has become another process's.
 */
public final class Discovery {
  private static final long YOUNG_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long READ_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

  private final Processes processes;
  private final Map<Integer, KnownProcess> known = new HashMap<>();
  private final Map<String, NavigableSet<Integer>> pidsByPod = new HashMap<>();
  private final Map<Long, NavigableMap<Integer, String>> podsByNamespace = new HashMap<>();
  private long changes;

  public Discovery(Processes processes) {
    this.processes = processes;
  }

  /**
   * A process as it was read last.
   *
   * @param cgroupUid the uid in its cgroup's name; null outside of all pods
   * @param namespace inode of its network namespace; 0 where it is outside of all pods
   * @param bornNanos when it was first seen in this pod
   * @param readNanos when it was read last
   */
  public record KnownProcess(
      int pid, @Nullable String cgroupUid, long namespace, long bornNanos, long readNanos) {

    private boolean isWhere(KnownProcess other) {
      return namespace == other.namespace && Objects.equals(cgroupUid, other.cgroupUid);
    }
  }

  /** Processes of a pod, ascending. */
  public NavigableSet<Integer> pids(String cgroupUid) {
    return pidsByPod.getOrDefault(cgroupUid, Collections.emptyNavigableSet());
  }

  /** The processes of pods in a network namespace, ascending, each with its pod. */
  public NavigableMap<Integer, String> members(long namespace) {
    return podsByNamespace.getOrDefault(namespace, Collections.emptyNavigableMap());
  }

  /** The network namespaces that processes of a pod are in. */
  public Set<Long> namespaces(String cgroupUid) {
    var namespaces = new TreeSet<Long>();
    for (int pid : pids(cgroupUid)) {
      var process = known.get(pid);
      if (process != null) namespaces.add(process.namespace);
    }
    return namespaces;
  }

  /** Grows whenever a process of a pod came, went, or moved: else all answers are as before. */
  public long changes() {
    return changes;
  }

  /** How many processes of the node are known. */
  public int size() {
    return known.size();
  }

  /** Reads one process now, whatever was known of it; null if it is gone or outside of all pods. */
  public @Nullable KnownProcess read(int pid, long now) throws IOException {
    var before = known.get(pid);
    Container container = processes.container(pid).orElse(null);
    String uid = container == null ? null : container.podUid();
    long namespace = uid == null ? 0 : processes.networkNamespace(pid).orElse(0);
    if (namespace == 0) uid = null;
    long born = before != null && Objects.equals(before.cgroupUid, uid) ? before.bornNanos : now;
    var read = new KnownProcess(pid, uid, namespace, born, now);
    replace(before, read);
    return uid == null ? null : read;
  }

  private static boolean young(KnownProcess process, long now) {
    return now - process.bornNanos < YOUNG_NANOS;
  }

  /** Begins to look at all processes. */
  public Scan scan(long now) throws IOException {
    return new Scan(processes.pids(), now);
  }

  /** A look at all processes in small steps, so that births need not wait for its end. */
  public final class Scan {
    private final int[] pids;
    private final long begunNanos;
    private int next;

    private Scan(int[] pids, long begunNanos) {
      this.pids = pids;
      this.begunNanos = begunNanos;
    }

    /**
     * Looks at some more.
     *
     * @param most to read anew in this step; what is known already costs next to nothing
     * @return whether it was the last step
     */
    public boolean step(int most, long now) throws IOException {
      int read = 0;
      while (next < pids.length && read < most) {
        int pid = pids[next++];
        var process = known.get(pid);
        if (process != null && !young(process, now) && now - process.readNanos < READ_AGAIN_NANOS) {
          continue;
        }
        read++;
        Discovery.this.read(pid, now);
      }
      if (next < pids.length) return false;
      forgetOthers();
      return true;
    }

    private void forgetOthers() {
      Arrays.sort(pids);
      for (var process : known.values().toArray(new KnownProcess[0])) {
        boolean bornMeanwhile = process.readNanos - begunNanos > 0;
        if (!bornMeanwhile && Arrays.binarySearch(pids, process.pid) < 0) replace(process, null);
      }
    }
  }

  private void replace(@Nullable KnownProcess before, @Nullable KnownProcess after) {
    if (before != null && after != null && before.isWhere(after)) {
      known.put(after.pid, after);
      return;
    }
    if ((before != null && before.cgroupUid != null)
        || (after != null && after.cgroupUid != null)) {
      changes++;
    }
    if (before != null) {
      known.remove(before.pid);
      if (before.cgroupUid != null) {
        pidsByPod.computeIfPresent(before.cgroupUid, (_, pids) -> without(pids, before.pid));
        podsByNamespace.computeIfPresent(
            before.namespace, (_, members) -> without(members, before.pid));
      }
    }
    if (after != null) {
      known.put(after.pid, after);
      if (after.cgroupUid != null) {
        pidsByPod.computeIfAbsent(after.cgroupUid, _ -> new TreeSet<>()).add(after.pid);
        podsByNamespace
            .computeIfAbsent(after.namespace, _ -> new TreeMap<>())
            .put(after.pid, after.cgroupUid);
      }
    }
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
