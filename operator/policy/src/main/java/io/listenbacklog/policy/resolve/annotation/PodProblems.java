package io.listenbacklog.policy.resolve.annotation;

import io.listenbacklog.api.PodReference;
import java.util.List;

/** What makes no sense in the annotations of a pod; at least one thing. */
public record PodProblems(PodReference pod, List<AnnotationProblem> problems) {
  public PodProblems {
    problems = List.copyOf(problems);
  }
}
