package io.listenbacklog.policy.event.kind;

import static io.listenbacklog.policy.event.kind.ListenerNames.name;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.NodeListener;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Warning: a listener has less than is asked of it. */
public record BacklogTooSmall(Explanations explanations) implements ListenerEvent {
  @Override
  public String reason() {
    return EventReasons.BACKLOG_TOO_SMALL;
  }

  @Override
  public EventType type() {
    return EventType.WARNING;
  }

  @Override
  public String action() {
    return "Assess";
  }

  @Override
  public @Nullable Instant begins(NodeListener listener) {
    return isTooSmall(listener) ? listener.since() : null;
  }

  @Override
  public Instant at(NodeListener listener) {
    return listener.since();
  }

  @Override
  public String cause(NodeListener listener) {
    return "%s %d %d".formatted(listener.verdict(), listener.backlog(), listener.required());
  }

  @Override
  public boolean likeItsPredecessors(NodeListener listener) {
    return listener.remedy() == null && listener.hindrance() == null;
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

  @Override
  public String note(NodeListener listener, RequirementSource source, int sockets) {
    return EventKind.note(
        "%s has a backlog of %d; %s. %s"
            .formatted(
                name(listener, sockets),
                listener.backlog(),
                Explanations.need(listener, source),
                explanations.cause(listener)));
  }
}
