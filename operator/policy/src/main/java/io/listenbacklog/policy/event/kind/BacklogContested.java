package io.listenbacklog.policy.event.kind;

import static io.listenbacklog.policy.event.kind.ListenerNames.name;
import static io.listenbacklog.policy.text.Phrases.counted;
import static io.listenbacklog.policy.text.Phrases.second;

import io.listenbacklog.api.Contention;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.policy.text.CleanText;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Warning: somebody sets a value back again and again. It is one Event as long as that goes on,
 * whether the value is raised at the moment or not, and whatever hinders it at the moment.
 */
public record BacklogContested(Explanations explanations) implements ListenerEvent {
  @Override
  public String reason() {
    return EventReasons.BACKLOG_CONTESTED;
  }

  @Override
  public EventType type() {
    return EventType.WARNING;
  }

  @Override
  public String action() {
    return "Relisten";
  }

  @Override
  public @Nullable Instant begins(NodeListener listener) {
    if (listener.contest() != null) return listener.contest().since();
    return isOfEarlierProbe(listener) ? hindrance(listener).since() : null;
  }

  @Override
  public Instant at(NodeListener listener) {
    return listener.contest() == null ? hindrance(listener).since() : listener.contest().last();
  }

  @Override
  public String cause(NodeListener listener) {
    return listener.contest() == null ? hindrance(listener).message() : "set back";
  }

  @Override
  public @Nullable Series series(NodeListener listener) {
    var contest = listener.contest();
    return contest == null ? null : new Series(contest.times(), contest.last(), false);
  }

  @Override
  public boolean likeItsPredecessors(NodeListener listener) {
    return listener.contest() == null && listener.remedy() == null;
  }

  @Override
  public String note(NodeListener listener, RequirementSource source, int sockets) {
    return listener.contest() == null
        ? words(listener, hindrance(listener), source, sockets)
        : words(listener, listener.contest(), source, sockets);
  }

  /** What a probe of an earlier version wrote in place of a contest. */
  private static boolean isOfEarlierProbe(NodeListener listener) {
    return listener.hindrance() != null && isIn(listener.hindrance());
  }

  /** Whether a hindrance says the same, and so nothing else. */
  public static boolean isIn(Hindrance hindrance) {
    return hindrance.reason().equals(EventReasons.BACKLOG_CONTESTED);
  }

  private static Hindrance hindrance(NodeListener listener) {
    return Objects.requireNonNull(listener.hindrance());
  }

  private String words(
      NodeListener listener, Contention contest, RequirementSource source, int sockets) {
    return EventKind.note(
        "%s: its application sets its own backlog of %d again and again, %s since %s, where %s. It is raised again each"
                .formatted(
                    name(listener, sockets),
                    listener.remedy() == null ? listener.backlog() : listener.remedy().original(),
                    times(contest),
                    second(contest.since()),
                    Explanations.need(listener, source))
            + " time, at growing intervals of ten minutes at most; in between it is too small.%s %s"
                .formatted(whoSetsItBack(contest, source.site()), explanations.cause(listener)));
  }

  /**
   * Which process calls listen() cannot be seen; which ones could is known: those that hold the
   * socket.
   */
  private static String whoSetsItBack(Contention contest, Site site) {
    return switch (contest.holders()) {
      case 0 -> "";
      case 1 ->
          " No other process of %s holds the socket, so that one does it.".formatted(site.owner());
      default ->
          " One of the %d processes of %s that hold the socket does it."
              .formatted(contest.holders(), site.owner());
    };
  }

  private static String times(Contention contest) {
    return counted(contest.times(), "time");
  }

  /** Of a sysctl. */
  public String note(NodeSysctl sysctl, Contention contest, RequirementSource source) {
    return EventKind.note(
        "%s of %s was set back by another program %s since %s; %s for %d. It is raised again each"
                .formatted(
                    CleanText.of(sysctl.name(), LONGEST_NAME),
                    source.site().network(),
                    times(contest),
                    second(contest.since()),
                    source.asks(),
                    sysctl.required())
            + " time, at growing intervals of ten minutes at most: make that program leave it"
            + " alone.");
  }

  private String words(
      NodeListener listener, Hindrance hindrance, RequirementSource source, int sockets) {
    return EventKind.note(
        RemedyUnavailable.notRaised(listener, hindrance, source, sockets)
            + " "
            + explanations.cause(listener));
  }
}
