package io.listenbacklog.policy.event.kind;

import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.policy.resolve.limit.Clamp;
import io.listenbacklog.policy.resolve.limit.PodClamps;
import io.listenbacklog.policy.text.ClampTexts;
import io.listenbacklog.policy.text.Phrases;
import java.util.List;

/** Warning: more is asked for than this installation allows. */
public record RequirementClamped() implements EventKind {
  @Override
  public String reason() {
    return EventReasons.REQUIREMENT_CLAMPED;
  }

  @Override
  public EventType type() {
    return EventType.WARNING;
  }

  @Override
  public String action() {
    return "Resolve";
  }

  /**
   * Its words.
   *
   * @param clamps all of the policy, all of the pod's annotations, or all of its node
   */
  public String note(PodClamps pod, List<Clamp> clamps) {
    if (clamps.contains(new Clamp.NodeIsFull())) {
      return "There is no room for the pod in the NodeBacklog of its node: nothing holds for it,"
          + " and its listeners are not looked at. Pods that ask for less come first: fewer"
          + " ports, in its annotations or its policy, make room for it.";
    }
    if (clamps.contains(new Clamp.AllAnnotations())) {
      return "The annotations of the pod under %s do not count: this installation has %s."
          .formatted(AnnotationKeys.PREFIX, ClampTexts.limits(clamps));
    }
    String asks =
        clamps.getFirst().by() == Clamp.Source.POLICY
            ? Phrases.capitalized(new RequirementSource(pod.policy(), false, Site.CLUSTER).asks())
            : "Annotations of the pod ask";
    return EventKind.note(
        "%s for more than this installation allows (%s): %s. All else holds as asked."
            .formatted(asks, ClampTexts.limits(clamps), ClampTexts.cuts(clamps)));
  }
}
