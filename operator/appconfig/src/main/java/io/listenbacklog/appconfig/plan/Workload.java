package io.listenbacklog.appconfig.plan;

import java.time.Duration;
import java.util.List;

/**
 * A workload as it is now.
 *
 * @param name kind and name, such as {@code Deployment/api}
 * @param template as it is, with what we wrote
 * @param templateHash of the template as somebody else wrote it: without what we wrote
 * @param replicas how many pods it is to have
 * @param updated how many pods there are of the current template
 * @param pods how many pods there are
 * @param available how many pods are available
 * @param seen whether its controller has seen the current generation
 * @param paused whether its rollouts are paused
 * @param deadlineExceeded whether its own controller says that the rollout does not progress
 * @param deadline how long a rollout may take where its controller says nothing of it
 * @param strategy how its pods are replaced
 * @param writers who keeps writing its template, for people; empty: nobody
 * @param blocked PodDisruptionBudgets of its pods that allow fewer to be away now than a rollout
 *     takes
 */
public record Workload(
    String name,
    PodTemplate template,
    String templateHash,
    int replicas,
    int updated,
    int pods,
    int available,
    boolean seen,
    boolean paused,
    boolean deadlineExceeded,
    Duration deadline,
    Strategy strategy,
    List<String> writers,
    List<String> blocked) {

  public Workload {
    writers = List.copyOf(writers);
    blocked = List.copyOf(blocked);
  }

  /** How a workload replaces its pods. */
  public sealed interface Strategy {}

  /**
   * Some at a time.
   *
   * @param maxUnavailable how many may be away meanwhile
   */
  public record Rolling(int maxUnavailable) implements Strategy {}

  /**
   * In a way that cannot be tried with care.
   *
   * @param why a sentence for people
   */
  public record Unsuited(String why) implements Strategy {}

  /** Whether all its pods are there, of the current template and available. */
  boolean isComplete() {
    return seen && updated == replicas && pods == replicas && available == replicas;
  }

  /** How far its rollout is, for people. */
  String progress() {
    return seen
        ? "%d of %d pods are new, %d available".formatted(updated, replicas, available)
        : "its controller has not seen it yet";
  }
}
