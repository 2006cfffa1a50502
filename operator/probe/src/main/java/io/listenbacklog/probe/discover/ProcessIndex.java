package io.listenbacklog.probe.discover;

import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.process.Container;
import io.listenbacklog.kernel.process.Processes;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
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
 *
 * <p>Of each pod so many processes are kept as its share allows, the first ones that are met: a pod
 * may have a million of them. Of the others it is only known which they are.
 */
public final class ProcessIndex {
  private static final long YOUNG_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long READ_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

  /**
   * What no scan has shown for so long is not there: each process was read anew meanwhile, whatever
   * had been known of its pid.
   */
  private static final long PROOF_NANOS = READ_AGAIN_NANOS + YOUNG_NANOS;

  private final Processes processes;
  private final Share share;
  private final Map<Integer, KnownProcess> known = new HashMap<>();

  /** Processes of pods that have more than their share. */
  private final BitSet left = new BitSet();

  /** How many of them a pod has, as of the last scan that was whole. */
  private Map<String, Integer> leftByPod = Map.of();

  private final Map<String, Integer> leftNow = new HashMap<>();
  private long leftSinceNanos;
  private final Map<String, NavigableSet<Integer>> pidsByPod = new HashMap<>();
  private final Map<String, NavigableMap<Integer, String>> hiddenByPod = new HashMap<>();
  private final Map<Long, NavigableMap<Integer, String>> podsByNamespace = new HashMap<>();
  private @Nullable String missing = "no scan of all processes is done yet";
  private long wholeSinceNanos;
  private long scannedNanos;
  private long changes;

  public ProcessIndex(Processes processes) {
    this(processes, Share.STANDARD);
  }

  ProcessIndex(Processes processes, Share share) {
    this.processes = processes;
    this.share = share;
  }

  /**
   * How many processes are kept, of which each takes some 180 bytes.
   *
   * @param ofPod of one pod
   * @param all of all pods together
   * @param sure of a pod whatever others have
   */
  public record Share(int ofPod, int all, int sure) {

    /** 5 MiB, and 64 for each of 250 pods: a heap of 24 MiB has room for them. */
    public static final Share STANDARD = new Share(2_048, 25_000, 64);
  }

  /** How many processes of a pod are not looked at, for they are more than its share. */
  public int left(String cgroupUid) {
    return leftByPod.getOrDefault(cgroupUid, 0);
  }

  /** How many processes are not looked at. */
  public int left() {
    return left.cardinality();
  }

  /**
   * A process as it was read last.
   *
   * @param cgroupUid the uid in its cgroup's name; null outside of all pods
   * @param namespace inode of its network namespace; 0 where it is outside of all pods, or hidden
   * @param hidden why it cannot be looked into; null: it can
   * @param bornNanos when it was first seen in this pod
   * @param readNanos when it was read last
   */
  public record KnownProcess(
      int pid,
      @Nullable String cgroupUid,
      long namespace,
      @Nullable String hidden,
      long bornNanos,
      long readNanos) {

    private boolean isWhere(KnownProcess other) {
      return namespace == other.namespace
          && Objects.equals(cgroupUid, other.cgroupUid)
          && (hidden == null) == (other.hidden == null);
    }
  }

  /** Processes of a pod that can be looked into, ascending. */
  public NavigableSet<Integer> pids(String cgroupUid) {
    return pidsByPod.getOrDefault(cgroupUid, Collections.emptyNavigableSet());
  }

  /**
   * Why processes of a pod cannot be looked into: they are there, and nobody can say which network
   * namespace they are in, nor what they hold. Empty: all can.
   */
  public Optional<String> hidden(String cgroupUid) {
    var hidden = hiddenByPod.get(cgroupUid);
    return hidden == null ? Optional.empty() : Optional.of(hidden.firstEntry().getValue());
  }

  /** Whether a process of a pod is there, be it hidden. */
  public boolean isThere(String cgroupUid) {
    return pidsByPod.containsKey(cgroupUid) || hiddenByPod.containsKey(cgroupUid);
  }

  /** Why the last scan may have missed processes; empty: it showed all there are. */
  public Optional<String> missing() {
    return Optional.ofNullable(missing);
  }

  /**
   * Whether what is not known now was not there since a moment, and that is no mistake: all scans
   * since then were whole, and none of what they tell is from before.
   *
   * @param sinceNanos when it was missed first
   */
  public boolean isProvenSince(long sinceNanos) {
    return missing == null
        && scannedNanos - sinceNanos >= PROOF_NANOS
        && scannedNanos - wholeSinceNanos >= PROOF_NANOS;
  }

  /** The processes of pods in a network namespace, ascending, each with its pod. */
  public NavigableMap<Integer, String> members(long namespace) {
    return podsByNamespace.getOrDefault(namespace, Collections.emptyNavigableMap());
  }

  /** Whether there are processes of pods in a network namespace, and none was known so early. */
  public boolean areNewSince(long namespace, long nanos) {
    var members = members(namespace).keySet();
    if (members.isEmpty()) return false;
    for (int pid : members) {
      var process = known.get(pid);
      if (process == null || process.bornNanos - nanos <= 0) return false;
    }
    return true;
  }

  /** The network namespaces that processes of a pod are in, those of its first processes first. */
  public Set<Long> namespaces(String cgroupUid) {
    var namespaces = new LinkedHashSet<Long>();
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

  /**
   * Reads one process now, whatever was known of it; null if it is gone, outside of all pods, or
   * hidden.
   */
  public @Nullable KnownProcess read(int pid, long now) throws IOException {
    var before = known.get(pid);
    Container container = processes.container(pid).orElse(null);
    String uid = container == null ? null : container.podUid();
    long namespace = 0;
    String hidden = null;
    if (uid != null) {
      try {
        namespace = processes.networkNamespace(pid).orElse(0);
        if (namespace == 0) uid = null;
      } catch (IOException e) {
        hidden = hidden(pid, e);
      }
    }
    long born = before != null && Objects.equals(before.cgroupUid, uid) ? before.bornNanos : now;
    left.clear(pid);
    if (uid != null) uid = sameAsBefore(uid);
    if (uid != null && before == null && isOverItsShare(uid) && !isAbroad(uid, namespace)) {
      left.set(pid);
      leftNow.merge(uid, 1, Integer::sum);
      return hidden != null ? null : new KnownProcess(pid, uid, namespace, null, born, now);
    }
    var read = new KnownProcess(pid, uid, namespace, hidden, born, now);
    replace(before, read);
    return uid == null || hidden != null ? null : read;
  }

  /** One string for all processes of a pod. */
  private String sameAsBefore(String uid) {
    var first = pidsByPod.get(uid);
    var process = first == null ? null : known.get(first.first());
    return process == null || process.cgroupUid == null ? uid : process.cgroupUid;
  }

  /** Whether others are in a process's namespace: that it is not theirs alone must be known. */
  private boolean isAbroad(String uid, long namespace) {
    var there = podsByNamespace.get(namespace);
    return there != null && !there.containsValue(uid);
  }

  private boolean isOverItsShare(String uid) {
    var pids = pidsByPod.get(uid);
    var hidden = hiddenByPod.get(uid);
    int has = (pids == null ? 0 : pids.size()) + (hidden == null ? 0 : hidden.size());
    return has >= (known.size() < share.all ? share.ofPod : share.sure);
  }

  /**
   * What is known of a process that is not young; null: nothing that was read so lately.
   *
   * @param nanos how long ago it may have been read
   */
  public @Nullable KnownProcess known(int pid, long now, long nanos) {
    var process = known.get(pid);
    return process == null || young(process, now) || now - process.readNanos > nanos
        ? null
        : process;
  }

  private static String hidden(int pid, IOException cause) {
    boolean refused =
        cause instanceof SyscallException call && (call.is(Errno.EACCES) || call.is(Errno.EPERM));
    return "process %d cannot be looked into%s: %s"
        .formatted(
            pid,
            refused ? ", a security module such as AppArmor or SELinux refuses it" : "",
            cause.getMessage());
  }

  private static boolean young(KnownProcess process, long now) {
    return now - process.bornNanos < YOUNG_NANOS;
  }

  /** Begins to look at all processes. */
  public Scan scan(long now) throws IOException {
    return new Scan(processes.pids(), processes.unlisted().orElse(null), now);
  }

  /** A look at all processes in small steps, so that births need not wait for its end. */
  public final class Scan {
    private final int[] pids;
    private final long begunNanos;
    private int next;
    private @Nullable Exception failure;
    private @Nullable String missed;

    private Scan(int[] pids, @Nullable String unlisted, long begunNanos) {
      this.pids = pids;
      missed = unlisted;
      this.begunNanos = begunNanos;
      // Who has ended makes room; and once a minute all are read anew, as others are.
      boolean anew = begunNanos - leftSinceNanos >= READ_AGAIN_NANOS;
      var there = new BitSet();
      if (!anew && !left.isEmpty()) {
        for (int pid : pids) there.set(pid);
      }
      left.and(there);
      if (!anew) return;
      leftSinceNanos = begunNanos;
      leftNow.clear();
    }

    /**
     * Looks at some more. What cannot be read is skipped, see {@link #failure()}.
     *
     * @param most to read anew in this step; what is known already costs next to nothing
     * @return whether it was the last step
     */
    public boolean step(int most, long now) {
      int read = 0;
      while (next < pids.length && read < most) {
        int pid = pids[next++];
        if (left.get(pid)) continue;
        var process = known.get(pid);
        if (process != null && !young(process, now) && now - process.readNanos < READ_AGAIN_NANOS) {
          continue;
        }
        read++;
        try {
          ProcessIndex.this.read(pid, now);
        } catch (IOException | RuntimeException e) {
          failure = e;
          missed = "process %d cannot be read: %s".formatted(pid, e.getMessage());
        }
      }
      if (next < pids.length) return false;
      forgetOthers();
      leftByPod = Map.copyOf(leftNow);
      if (missed == null && missing != null) wholeSinceNanos = begunNanos;
      missing = missed;
      scannedNanos = begunNanos;
      return true;
    }

    /** Why one of the processes could not be read, of several the last one; empty: all could. */
    public Optional<Exception> failure() {
      return Optional.ofNullable(failure);
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
        hiddenByPod.computeIfPresent(before.cgroupUid, (_, pids) -> without(pids, before.pid));
        podsByNamespace.computeIfPresent(
            before.namespace, (_, members) -> without(members, before.pid));
      }
    }
    if (after != null) {
      known.put(after.pid, after);
      if (after.cgroupUid != null && after.hidden != null) {
        hiddenByPod
            .computeIfAbsent(after.cgroupUid, _ -> new TreeMap<>())
            .put(after.pid, after.hidden);
      } else if (after.cgroupUid != null) {
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
