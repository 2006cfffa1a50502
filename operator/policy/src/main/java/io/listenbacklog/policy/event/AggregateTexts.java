package io.listenbacklog.policy.event;

import static io.listenbacklog.policy.text.Phrases.counted;

import io.listenbacklog.policy.event.kind.EventKind;

/** Texts for what would be many equal Events, of any reason. */
final class AggregateTexts {
  /**
   * The rest of an aggregate: pods that are like others which have an Event of their own.
   *
   * @param own how many of a kind have one
   */
  static String aggregate(String reason, int pods, int own, boolean ofPolicy) {
    return EventKind.note(
        "%s holds for %s, %s no Event of %s own: of pods of one workload for which the same holds, %d have one.%s"
            .formatted(
                reason,
                counted(pods, "more pod"),
                pods == 1 ? "which gets" : "which get",
                pods == 1 ? "its" : "their",
                own,
                ofPolicy
                    ? " status.listeners counts all of them by now, and status.worst shows the worst."
                    : " The annotations of these pods ask; no policy does."));
  }

  /** The rest of the Events of one pod. */
  static String more(String reason, int more) {
    return EventKind.note(
        "%s holds %s on this pod, which have no Event of their own: its node's NodeBacklog shows each."
            .formatted(reason, counted(more, "more time")));
  }

  /** Of the same kind, on one pod, in an hour. */
  static String tooMany(String reason) {
    return EventKind.note(
        "%s was seen on this pod more often than there are Events in an hour: this one counts what has none of its own."
            .formatted(reason));
  }

  private AggregateTexts() {}
}
