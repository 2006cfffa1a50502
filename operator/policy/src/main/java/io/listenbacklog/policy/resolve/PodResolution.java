package io.listenbacklog.policy.resolve;

import io.listenbacklog.api.NodeRequirement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a pod, and why.
 *
 * @param requirement without pods; null: nothing holds for it
 * @param selectedBy the policies that select it; the first governs it
 * @param problems what makes no sense in its annotations
 */
public record PodResolution(
    @Nullable NodeRequirement requirement,
    List<PolicyFacts> selectedBy,
    List<AnnotationProblem> problems) {

  static final PodResolution NOTHING = new PodResolution(null, List.of(), List.of());

  public PodResolution {
    selectedBy = List.copyOf(selectedBy);
    problems = List.copyOf(problems);
  }
}
