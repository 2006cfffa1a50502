package io.listenbacklog.policy.event.kind;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.policy.text.CleanText;
import java.nio.charset.StandardCharsets;

/**
 * An Event that the operator writes. The class is named as its reason and as its heading in {@code
 * docs/events.md}, and says all there is about it: when it is written, its type and action, what
 * tells one from the next, and its words: what is, which numbers show it, what to do.
 */
public sealed interface EventKind
    permits ListenerEvent,
        SomaxconnRaised,
        BacklogRestored,
        AnnotationInvalid,
        RequirementClamped,
        EventsHeldBack,
        AppConfigProposed,
        AppConfigPatched,
        AppConfigRolledBack,
        AppConfigContested {

  /** What the API server takes as an Event's note, in bytes. */
  int LONGEST = 1024;

  /** What a name or a value from a stranger may take up of it, in characters. */
  int LONGEST_NAME = 128;

  /** One of {@link EventReasons}. */
  String reason();

  EventType type();

  /** What the operator did, tried or found out: one CamelCase word. */
  String action();

  /** One line of at most 1 KiB. Names and values of strangers in it are clean already. */
  static String note(String sentence) {
    return CleanText.cut(sentence, LONGEST);
  }

  /** The same of a sentence in which strangers' names and values are as they wrote them. */
  static String clean(String sentence) {
    return CleanText.of(sentence, LONGEST);
  }

  /** A note and one more sentence, where there is room for all of it; else the note alone. */
  static String note(String note, String more) {
    if (more.isEmpty()) return note;
    String both = note + " " + more;
    return both.getBytes(StandardCharsets.UTF_8).length <= LONGEST ? both : note;
  }
}
