package io.listenbacklog.policy.resolve.annotation;

import io.listenbacklog.api.PodReference;
import java.util.List;

/** The invalid annotations of a pod; at least one. */
public record PodProblems(PodReference pod, List<AnnotationProblem> problems) {
  public PodProblems {
    problems = List.copyOf(problems);
  }
}
