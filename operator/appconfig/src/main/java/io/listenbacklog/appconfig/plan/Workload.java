package io.listenbacklog.appconfig.plan;

import java.util.List;

/**
 * A workload as it is now.
 *
 * @param name kind and name, such as {@code Deployment/api}
 * @param template as it is, with what we wrote
 * @param templateHash of the template as somebody else wrote it: without what we wrote
 * @param progress how far its own controller is with its pods
 * @param strategy how its pods are replaced
 * @param writers who keeps writing its template, for people; empty: nobody
 * @param blocked PodDisruptionBudgets of its pods that allow fewer to be away now than a rollout
 *     takes
 */
public record Workload(
    String name,
    PodTemplate template,
    String templateHash,
    Progress progress,
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

  /**
   * As another object's pod template says, which is not the operator's to change.
   *
   * @param object its kind and name
   */
  public record TemplateElsewhere(String object) implements Strategy {}
}
