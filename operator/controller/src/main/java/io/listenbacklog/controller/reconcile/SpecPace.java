package io.listenbacklog.controller.reconcile;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How soon the spec of a NodeBacklog may be written. Each write is a whole new copy of the object
 * in etcd, the probe's status included, and pod annotations may change as fast as the API server
 * accepts it. A pod that is new on its node is urgent: its requirement should be there before its
 * first container starts. So that the new pods of one namespace do not spend what others need, a
 * part is kept for namespaces that have had little lately. The probe counts these bytes as its own,
 * so what is left of its budget is for its status.
 */
public final class SpecPace {
  /** Bytes that the controller writes for one node in any minute, starting with a full bucket. */
  static final int BYTES_IN_ANY_MINUTE = 1_200_000;

  static final int BYTES_A_SECOND = 10_000;
  static final int BURST_BYTES = BYTES_IN_ANY_MINUTE - 60 * BYTES_A_SECOND;

  /** Of these, bytes that are reserved for urgent writes. */
  static final int KEPT_FOR_NEW_PODS = 300_000;

  /**
   * Of these, bytes that are reserved for new pods of namespaces that have had less than that
   * lately.
   */
  static final int KEPT_FOR_OTHER_NAMESPACES = BURST_BYTES / 2;

  /** Stands for a namespace where the node has no NodeBacklog yet. */
  static final String OF_NODE = "";

  /** Writes for what is not urgent, at once; then one a second. */
  static final int BURST_WRITES = 5;

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** Above this number, nodes that need not be remembered are removed. */
  private static final int MANY = 10_000;

  private final LongSupplier nanoTime;
  private final Map<String, Bucket> buckets = new HashMap<>();

  /** What one node may have written. */
  private static final class Bucket {
    double bytes = BURST_BYTES;
    double writes = BURST_WRITES;
    long at;

    /**
     * Bytes written for new pods of a namespace, forgotten at the pace at which they come again.
     */
    final Map<String, Double> lately = new HashMap<>();

    Bucket(long now) {
      at = now;
    }

    void refill(long now) {
      double seconds = (now - at) / (double) SECOND;
      bytes = Math.min(BURST_BYTES, bytes + seconds * BYTES_A_SECOND);
      writes = Math.min(BURST_WRITES, writes + seconds);
      lately.replaceAll((_, had) -> had - seconds * BYTES_A_SECOND);
      lately.values().removeIf(had -> had <= 0);
      at = now;
    }

    /** Bytes that are not for these. */
    int kept(Set<String> namespacesOfNewPods) {
      if (namespacesOfNewPods.isEmpty()) return KEPT_FOR_NEW_PODS;
      boolean allHadMuch =
          namespacesOfNewPods.stream()
              .allMatch(each -> lately.getOrDefault(each, 0.0) >= KEPT_FOR_OTHER_NAMESPACES);
      return allHadMuch ? KEPT_FOR_OTHER_NAMESPACES : 0;
    }

    void wrote(int size, Set<String> namespacesOfNewPods) {
      bytes -= size;
      writes = Math.max(0, writes - 1);
      for (String each : namespacesOfNewPods) {
        lately.merge(each, (double) size / namespacesOfNewPods.size(), Double::sum);
      }
    }

    boolean isFull(long now) {
      refill(now);
      return bytes >= BURST_BYTES && writes >= BURST_WRITES;
    }
  }

  /**
   * @param nanoTime a monotonic clock
   */
  public SpecPace(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Takes what a write needs, if it may be made now.
   *
   * @param bytes of the whole object
   * @param namespacesOfNewPods of pods that are new on the node: for these it is urgent
   * @return how long to wait first; zero: it may be made, and is counted
   */
  synchronized Duration take(String node, int bytes, Set<String> namespacesOfNewPods) {
    long now = nanoTime.getAsLong();
    var bucket = buckets.computeIfAbsent(node, _ -> new Bucket(now));
    bucket.refill(now);
    // What is larger than the bucket waits until that is full.
    double needed = Math.min(BURST_BYTES, bytes + bucket.kept(namespacesOfNewPods));
    double seconds = Math.max(0, (needed - bucket.bytes) / BYTES_A_SECOND);
    if (namespacesOfNewPods.isEmpty()) seconds = Math.max(seconds, 1 - bucket.writes);
    if (seconds > 0) return Duration.ofNanos((long) Math.ceil(seconds * SECOND));
    bucket.wrote(bytes, namespacesOfNewPods);
    if (buckets.size() > MANY) buckets.values().removeIf(each -> each.isFull(now));
    return Duration.ZERO;
  }
}
