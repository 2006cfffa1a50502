package io.listenbacklog.policy.event.kind;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.policy.resolve.annotation.AnnotationProblem;
import io.listenbacklog.policy.text.CleanText;

/** Warning: an annotation of the pod makes no sense; it is treated as if it were not there. */
public record AnnotationInvalid() implements EventKind {
  @Override
  public String reason() {
    return EventReasons.ANNOTATION_INVALID;
  }

  @Override
  public EventType type() {
    return EventType.WARNING;
  }

  @Override
  public String action() {
    return "Resolve";
  }

  public String note(AnnotationProblem problem) {
    return EventKind.note(
        "Annotation %s: \"%s\" %s. It is ignored, and all else holds."
            .formatted(
                CleanText.of(problem.key(), LONGEST_NAME),
                CleanText.of(problem.value(), LONGEST_NAME),
                problem.problem()));
  }
}
