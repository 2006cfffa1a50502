package io.listenbacklog.policy.resolve;

import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.policy.resolve.annotation.AnnotationProblem;
import io.listenbacklog.policy.resolve.limit.Clamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a pod, and why.
 *
 * @param requirement without pods; null: nothing holds for it
 * @param selectedBy the policies that select it; the first governs it
 * @param problems what is invalid in its annotations
 * @param clamps what the installation's limits cut: of the governing policy, then of the
 *     annotations
 */
public record PodResolution(
    @Nullable NodeRequirement requirement,
    List<PolicyFacts> selectedBy,
    List<AnnotationProblem> problems,
    List<Clamp> clamps) {

  static final PodResolution NOTHING = new PodResolution(null, List.of(), List.of(), List.of());

  public PodResolution {
    selectedBy = List.copyOf(selectedBy);
    problems = List.copyOf(problems);
    clamps = List.copyOf(clamps);
  }

  /** The policy that governs it; null: none. */
  public @Nullable PolicyReference policy() {
    return selectedBy.isEmpty() ? null : selectedBy.getFirst().reference();
  }
}
