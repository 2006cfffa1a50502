package io.listenbacklog.policy.event.kind;

import io.listenbacklog.api.EventReasons;

/** Warning, on a Namespace: more Events are called for than are written in a minute. */
public record EventsHeldBack() implements EventKind {
  @Override
  public String reason() {
    return EventReasons.EVENTS_HELD_BACK;
  }

  @Override
  public EventType type() {
    return EventType.WARNING;
  }

  @Override
  public String action() {
    return "Aggregate";
  }

  public String note() {
    return EventKind.note(
        "What happens to the pods of this namespace calls for more Events than are written in a minute."
            + " This one counts those that come later, or not at all if what they tell is over by then;"
            + " conditions and counts of the policies are complete.");
  }
}
