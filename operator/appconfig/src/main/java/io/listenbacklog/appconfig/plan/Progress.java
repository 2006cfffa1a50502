package io.listenbacklog.appconfig.plan;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a workload's own controller is with its pods.
 *
 * @param replicas how many pods it is to have
 * @param updated how many pods there are of the current template
 * @param pods how many pods there are, without those that are kept for a while and serve nothing
 * @param available how many pods are available
 * @param seen whether its controller has seen the current generation
 * @param paused what pauses its rollouts, for people; empty: nothing
 * @param unfinished what its controller says of a rollout that is not over, for people; empty: it
 *     says nothing, and the numbers count
 * @param awaited whether the rollout goes on only when somebody lets it: until then no deadline
 *     runs
 * @param failed whether its controller says that the rollout failed, or does not progress
 * @param deadline how long a rollout may take where its controller says nothing of it
 * @param progressed when its controller saw it progress last; null: it does not tell
 */
public record Progress(
    int replicas,
    int updated,
    int pods,
    int available,
    boolean seen,
    String paused,
    String unfinished,
    boolean awaited,
    boolean failed,
    Duration deadline,
    @Nullable Instant progressed) {

  /** Of a workload whose controller tells numbers, and nothing of a rollout's steps. */
  public static Progress ofNumbers(
      int replicas, int updated, int pods, int available, boolean seen, Duration deadline) {
    return new Progress(
        replicas, updated, pods, available, seen, "", "", false, false, deadline, null);
  }

  /** Whether all its pods are there, of the current template and available. */
  boolean isComplete() {
    return seen
        && unfinished.isEmpty()
        && updated == replicas
        && pods == replicas
        && available == replicas;
  }

  /**
   * Whether it takes too long.
   *
   * @param since when the template was written
   */
  boolean isLate(Instant since, Instant now) {
    if (awaited) return false;
    Instant from = progressed != null && progressed.isAfter(since) ? progressed : since;
    return !now.isBefore(from.plus(deadline));
  }

  /** How far its rollout is, for people. */
  String text() {
    if (!seen) return "its controller has not seen it yet";
    String counts = "%d of %d pods are new, %d available".formatted(updated, replicas, available);
    return unfinished.isEmpty() ? counts : counts + "; " + unfinished;
  }
}
