package io.listenbacklog.policy.event.kind;

import static io.listenbacklog.policy.event.kind.ListenerNames.name;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.policy.text.CleanText;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Warning: a remedy is allowed but cannot be had. */
public record RemedyUnavailable() implements ListenerEvent {
  /** What a probe says of the reason may take up so much of the note, in characters. */
  private static final int LONGEST_MESSAGE = 512;

  @Override
  public String reason() {
    return EventReasons.REMEDY_UNAVAILABLE;
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
    Hindrance hindrance = listener.hindrance();
    return hindrance != null && hindrance.reason().equals(reason()) ? hindrance.since() : null;
  }

  @Override
  public Instant at(NodeListener listener) {
    return hindrance(listener).since();
  }

  @Override
  public String cause(NodeListener listener) {
    return hindrance(listener).message();
  }

  @Override
  public boolean likeItsPredecessors(NodeListener listener) {
    return listener.remedy() == null;
  }

  @Override
  public String note(NodeListener listener, RequirementSource source, int sockets) {
    return EventKind.note(notRaised(listener, hindrance(listener), source, sockets));
  }

  private static Hindrance hindrance(NodeListener listener) {
    return Objects.requireNonNull(listener.hindrance());
  }

  static String notRaised(
      NodeListener listener, Hindrance hindrance, RequirementSource source, int sockets) {
    return hindered(
        "%s has a backlog of %d".formatted(name(listener, sockets), listener.backlog()),
        listener.required() == 0 ? null : Explanations.need(listener, source),
        hindrance);
  }

  /** Of a sysctl. */
  public String note(NodeSysctl sysctl, Hindrance hindrance, RequirementSource source) {
    return EventKind.note(
        hindered(
            "%s of %s is %d"
                .formatted(
                    CleanText.of(sysctl.name(), LONGEST_NAME),
                    source.site().network(),
                    sysctl.value()),
            sysctl.required() == 0 ? null : source.asks() + " for " + sysctl.required(),
            hindrance));
  }

  /**
   * One sentence.
   *
   * @param asked null: nothing is, or it is not known; what was raised cannot be put back or be
   *     seen then, and the hindrance says so
   */
  private static String hindered(String is, @Nullable String asked, Hindrance hindrance) {
    return asked == null
        ? "%s: %s.".formatted(is, message(hindrance))
        : "%s; %s, but it is not raised: %s.".formatted(is, asked, message(hindrance));
  }

  private static String message(Hindrance hindrance) {
    String message = CleanText.of(hindrance.message(), LONGEST_MESSAGE);
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }
}
