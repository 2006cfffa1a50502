package io.listenbacklog.policy.event.kind;

import static io.listenbacklog.policy.event.kind.ListenerNames.name;
import static io.listenbacklog.policy.text.Phrases.were;

import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Growth;
import io.listenbacklog.api.NodeListener;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Normal: the backlog of a live listener was raised and read back. */
public record BacklogRaised(Explanations explanations) implements ListenerEvent {
  @Override
  public String reason() {
    return EventReasons.BACKLOG_RAISED;
  }

  @Override
  public EventType type() {
    return EventType.NORMAL;
  }

  @Override
  public String action() {
    return "Relisten";
  }

  @Override
  public @Nullable Instant begins(NodeListener listener) {
    return listener.remedy() == null ? null : listener.remedy().at();
  }

  @Override
  public Instant at(NodeListener listener) {
    return remedy(listener).at();
  }

  @Override
  public String cause(NodeListener listener) {
    var remedy = remedy(listener);
    return "%d %d %d".formatted(remedy.original(), remedy.applied(), listener.required());
  }

  @Override
  public boolean likeItsPredecessors(NodeListener listener) {
    return true;
  }

  @Override
  public String note(NodeListener listener, RequirementSource source, int sockets) {
    return words(listener, remedy(listener), source, sockets);
  }

  private static AppliedRemedy remedy(NodeListener listener) {
    return Objects.requireNonNull(listener.remedy());
  }

  private String words(
      NodeListener listener, AppliedRemedy remedy, RequirementSource source, int sockets) {
    Growth growth = listener.growth();
    boolean isGrowth = growth != null && growth.to() == remedy.applied();
    String why = growth != null && isGrowth ? because(growth, source) : because(listener, source);
    int before = growth != null && isGrowth ? growth.from() : remedy.original();
    String advice =
        explanations.advice(listener).map(" To have it from the start: "::concat).orElse("");
    return EventKind.note(
        "%s has a backlog of %d now, raised from %d in the running process; %s.%s%s"
            .formatted(
                name(listener, sockets),
                remedy.applied(),
                before,
                why,
                AcceptStalled.goesOn(listener) ? " " + AcceptStalled.MORE_ROOM_IS_NO_CURE : "",
                advice));
  }

  private static String because(NodeListener listener, RequirementSource source) {
    return listener.required() == 0
        ? "nothing asks for it any more"
        : Explanations.need(listener, source);
  }

  private static String because(Growth growth, RequirementSource source) {
    String limit =
        growth.to() >= growth.maximum()
            ? "that is the maximum of %s".formatted(source.policyName())
            : "%s lets it grow to %d".formatted(source.policyName(), growth.maximum());
    return "%s dropped because its queue was full, and %s"
        .formatted(were(growth.attempts(), "connection attempt"), limit);
  }
}
