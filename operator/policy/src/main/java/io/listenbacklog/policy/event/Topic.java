package io.listenbacklog.policy.event;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Reopened;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.policy.event.EventDraft.EventType;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What may be said of a listener under one reason.
 *
 * @param begins when what is to be said began; null: nothing is
 * @param at when it was as the note says
 * @param cause what tells two cases of it apart, other than the listener
 * @param series null: it happens once, or once to each of several listeners that were {@link
 *     Reopened}
 * @param likeItsPredecessors whether what the probe says of those before it is what is said here
 */
record Topic(
    String reason,
    EventType type,
    String action,
    Function<NodeListener, @Nullable Instant> begins,
    Function<NodeListener, Instant> at,
    Function<NodeListener, String> cause,
    Function<NodeListener, @Nullable Series> series,
    Predicate<NodeListener> likeItsPredecessors,
    Note note) {

  /** Makes the text for a listener that is one socket or several. */
  interface Note {
    String of(NodeListener listener, RequirementSource asker, int sockets);
  }

  /** Those before it at its address of which the same was said; null: none. */
  private @Nullable Reopened predecessors(NodeListener listener) {
    return likeItsPredecessors.test(listener) ? listener.reopened() : null;
  }

  /** What tells it from the same thing happening again: when it began, of the first of several. */
  Instant episode(NodeListener listener) {
    Reopened reopened = predecessors(listener);
    return reopened == null ? Objects.requireNonNull(begins.apply(listener)) : reopened.first();
  }

  /** How often it was seen at several sockets of one listener, the oldest first. */
  @Nullable Series series(List<NodeListener> sockets) {
    Series own = series.apply(sockets.getFirst());
    if (own != null) return own;
    int times =
        sockets.stream()
            .map(this::predecessors)
            .filter(Objects::nonNull)
            .mapToInt(Reopened::times)
            .max()
            .orElse(1);
    if (times <= 1) return null;
    // Each time it is over when the next begins.
    return new Series(times, Objects.requireNonNull(begins.apply(sockets.getLast())), true);
  }

  /** All there are. Symptoms come first: they are the most urgent. */
  static List<Topic> all(EventTexts texts) {
    return List.of(
        stalled(texts),
        overflowed(texts),
        flooded(texts),
        tooSmall(texts),
        notOfPod(texts),
        raised(texts),
        contested(texts),
        hindered(EventReasons.BACKLOG_CONTESTED, texts::contested),
        hindered(EventReasons.REMEDY_UNAVAILABLE, texts::hindered));
  }

  private static Topic stalled(EventTexts texts) {
    return new Topic(
        EventReasons.ACCEPT_STALLED,
        EventType.WARNING,
        "Observe",
        listener -> listener.stall() == null ? null : listener.stall().episode(),
        listener -> Objects.requireNonNull(listener.stall()).at(),
        listener ->
            Objects.requireNonNull(listener.stall()).threads().stream()
                .findFirst()
                .map(thread -> thread.activity() + " " + thread.call())
                .orElse(""),
        listener -> {
          var stall = Objects.requireNonNull(listener.stall());
          return new Series(stall.times(), stall.at(), stall.until() != null);
        },
        _ -> false,
        (listener, _, sockets) ->
            texts.stalled(listener, Objects.requireNonNull(listener.stall()), sockets));
  }

  private static Topic overflowed(EventTexts texts) {
    return new Topic(
        EventReasons.LISTEN_OVERFLOW,
        EventType.WARNING,
        "Observe",
        listener -> listener.overflow() == null ? null : listener.overflow().since(),
        listener -> Objects.requireNonNull(listener.overflow()).last(),
        _ -> "",
        listener -> {
          var overflow = Objects.requireNonNull(listener.overflow());
          return new Series(overflow.times(), overflow.last(), false);
        },
        _ -> false,
        (listener, asker, sockets) ->
            texts.overflowed(
                listener, Objects.requireNonNull(listener.overflow()), asker, sockets));
  }

  private static Topic flooded(EventTexts texts) {
    return new Topic(
        EventReasons.SYN_FLOODING,
        EventType.WARNING,
        "Observe",
        listener -> listener.synFlood() == null ? null : listener.synFlood().since(),
        listener -> Objects.requireNonNull(listener.synFlood()).last(),
        listener -> Objects.requireNonNull(listener.synFlood()).limitedBy(),
        listener -> {
          var flood = Objects.requireNonNull(listener.synFlood());
          return new Series(flood.times(), flood.last(), false);
        },
        _ -> false,
        (listener, asker, sockets) ->
            texts.flooded(listener, Objects.requireNonNull(listener.synFlood()), asker, sockets));
  }

  private static Topic tooSmall(EventTexts texts) {
    return new Topic(
        EventReasons.BACKLOG_TOO_SMALL,
        EventType.WARNING,
        "Assess",
        listener -> isTooSmall(listener) ? listener.since() : null,
        NodeListener::since,
        listener ->
            "%s %d %d".formatted(listener.verdict(), listener.backlog(), listener.required()),
        _ -> null,
        listener -> listener.remedy() == null && listener.hindrance() == null,
        texts::tooSmall);
  }

  /** Undersized, and neither a later remedy nor a hindrance tells the same and more. */
  private static boolean isTooSmall(NodeListener listener) {
    if (!listener.verdict().undersized() || listener.contest() != null) return false;
    var remedy = listener.remedy();
    boolean hindered = listener.hindrance() != null;
    boolean closedOnPurpose = Explanations.isClosed(listener);
    if (remedy == null) return !(hindered && closedOnPurpose);
    return !hindered && listener.since().isAfter(remedy.at());
  }

  private static Topic notOfPod(EventTexts texts) {
    return new Topic(
        EventReasons.LISTENER_NOT_OF_POD,
        EventType.NORMAL,
        "Assess",
        listener -> listener.verdict() == Verdict.NOT_OF_POD ? listener.since() : null,
        NodeListener::since,
        _ -> "",
        _ -> null,
        _ -> false,
        texts::notOfPod);
  }

  private static Topic raised(EventTexts texts) {
    return new Topic(
        EventReasons.BACKLOG_RAISED,
        EventType.NORMAL,
        "Relisten",
        listener -> listener.remedy() == null ? null : listener.remedy().at(),
        listener -> Objects.requireNonNull(listener.remedy()).at(),
        listener -> {
          var remedy = Objects.requireNonNull(listener.remedy());
          return "%d %d %d".formatted(remedy.original(), remedy.applied(), listener.required());
        },
        _ -> null,
        _ -> true,
        (listener, asker, sockets) ->
            texts.raised(listener, Objects.requireNonNull(listener.remedy()), asker, sockets));
  }

  /** As long as it goes on, raised at the moment or not. */
  private static Topic contested(EventTexts texts) {
    return new Topic(
        EventReasons.BACKLOG_CONTESTED,
        EventType.WARNING,
        "Relisten",
        listener -> listener.contest() == null ? null : listener.contest().since(),
        listener -> Objects.requireNonNull(listener.contest()).last(),
        _ -> "set back",
        listener -> {
          var contest = Objects.requireNonNull(listener.contest());
          return new Series(contest.times(), contest.last(), false);
        },
        _ -> false,
        (listener, asker, sockets) ->
            texts.contested(listener, Objects.requireNonNull(listener.contest()), asker, sockets));
  }

  /** What hinders it at the moment is part of what goes on. */
  private static boolean isToldAsContest(NodeListener listener) {
    return listener.contest() != null
        && listener.hindrance() != null
        && listener.hindrance().reason().equals(EventReasons.BACKLOG_CONTESTED);
  }

  /** Makes the text for a listener that is hindered. */
  private interface HindranceNote {
    String of(NodeListener listener, Hindrance hindrance, RequirementSource asker, int sockets);
  }

  private static Topic hindered(String reason, HindranceNote note) {
    return new Topic(
        reason,
        EventType.WARNING,
        "Relisten",
        listener ->
            listener.hindrance() == null
                    || !listener.hindrance().reason().equals(reason)
                    || isToldAsContest(listener)
                ? null
                : listener.hindrance().since(),
        listener -> Objects.requireNonNull(listener.hindrance()).since(),
        listener -> Objects.requireNonNull(listener.hindrance()).message(),
        _ -> null,
        listener -> listener.remedy() == null,
        (listener, asker, sockets) ->
            note.of(listener, Objects.requireNonNull(listener.hindrance()), asker, sockets));
  }
}
