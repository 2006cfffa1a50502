package io.listenbacklog.probe.loop;

import io.listenbacklog.probe.discover.HostNamespaces;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.time.Clocks;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Governed pods of which no process was seen yet: they are about to start, and their somaxconn has
 * to be raised before their application listens. They are looked for between sweeps: often where
 * the kernel has just made a cgroup for one, less so while they are new, not at all later. However
 * many never start, and whoever makes cgroups, a tenth of the loop's time is for that at most.
 */
final class StartingPods {
  private static final long CGROUP_MADE_NANOS = Duration.ofMillis(10).toNanos();
  private static final long CGROUP_MADE_FOR_NANOS = Duration.ofSeconds(3).toNanos();
  private static final long NEW_NANOS = Duration.ofMillis(50).toNanos();
  private static final long NEW_FOR_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long OLD_NANOS = Duration.ofMillis(500).toNanos();
  private static final long OLD_FOR_NANOS = Duration.ofMinutes(2).toNanos();

  /** Unseen pods, each with the moment when it was last said to be about to start. */
  private final Map<String, Long> unseen = new HashMap<>();

  /** Of ten times as long as looks take, one is for looking. */
  private static final int SHARE = 10;

  /** So much may be ahead of its share: some hundred looks at a node with a thousand processes. */
  private static final long AHEAD_NANOS = Duration.ofSeconds(5).toNanos();

  private long cgroupMadeNanos;

  /** Until when the looks so far are paid for. */
  private long paidNanos;

  private long nextLookNanos;

  StartingPods(Clocks clocks) {
    nextLookNanos = clocks.nanos();
    paidNanos = clocks.nanos();
    cgroupMadeNanos = clocks.nanos() - CGROUP_MADE_FOR_NANOS;
  }

  /** A spec has come: pods that it names and the one before did not are new. */
  void arrived(NodeSpec spec, @Nullable NodeSpec before, long now) {
    unseen.keySet().retainAll(spec.pods().keySet());
    for (String uid : spec.pods().keySet()) {
      if (before == null || !before.pods().containsKey(uid)) unseen.put(uid, now);
    }
    nextLookNanos = now;
  }

  /** A cgroup was made: perhaps that of one of them. */
  void cgroupMade(String path, long now) {
    for (var each : unseen.entrySet()) {
      String uid = each.getKey();
      // The systemd driver writes the uid with _ for -.
      if (!path.contains(uid) && !path.contains(uid.replace('-', '_'))) continue;
      each.setValue(now);
      cgroupMadeNanos = now;
      nextLookNanos = now;
    }
  }

  /** Whether there is any. */
  boolean any() {
    return !unseen.isEmpty();
  }

  /**
   * A scan is done. A pod is seen when its network namespace was looked into. Before that its first
   * process is still in the node's, or was one of those that a runtime starts and ends on the way
   * to it, and did not lead there any more.
   *
   * @param reached whether a namespace was looked into
   */
  void found(
      NodeSpec spec, ProcessIndex discovery, HostNamespaces nodeNamespaces, LongPredicate reached) {
    for (GovernedPod pod : spec.pods().values()) {
      String uid = pod.cgroupUid();
      boolean seen =
          pod.pod().hostNetwork()
              ? !discovery.pids(uid).isEmpty()
              : discovery.namespaces(uid).stream()
                  .anyMatch(each -> !nodeNamespaces.contains(each) && reached.test(each));
      if (seen) unseen.remove(uid);
      // It was there and is gone: completed, or about to get a new sandbox, which a cgroup tells.
      else unseen.putIfAbsent(uid, nextLookNanos - OLD_FOR_NANOS);
    }
  }

  /** A look was begun. */
  void looked(long now) {
    nextLookNanos = now + interval(now);
  }

  /** Until when there is nothing to look for. */
  long idleNanos(long now) {
    if (unseen.isEmpty() || interval(now) == Long.MAX_VALUE) return Long.MAX_VALUE;
    return Math.max(nextLookNanos, paidNanos - AHEAD_NANOS) - now;
  }

  /** A look, or a part of one, took so long. */
  void took(long nanos, long now) {
    paidNanos = Math.max(paidNanos, now) + nanos * SHARE;
  }

  private long interval(long now) {
    if (now - cgroupMadeNanos < CGROUP_MADE_FOR_NANOS) return CGROUP_MADE_NANOS;
    long youngest = unseen.values().stream().mapToLong(each -> now - each).min().orElse(now);
    if (youngest < NEW_FOR_NANOS) return NEW_NANOS;
    return youngest < OLD_FOR_NANOS ? OLD_NANOS : Long.MAX_VALUE;
  }
}
