package io.listenbacklog.policy.event.kind;

import static io.listenbacklog.policy.event.kind.ListenerNames.container;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Restoration;
import io.listenbacklog.policy.text.CleanText;

/** Normal: an original value came back. */
public record BacklogRestored() implements EventKind {
  @Override
  public String reason() {
    return EventReasons.BACKLOG_RESTORED;
  }

  @Override
  public EventType type() {
    return EventType.NORMAL;
  }

  @Override
  public String action() {
    return "Restore";
  }

  public String note(Restoration restoration, Site site) {
    boolean ofSysctl = restoration.what().startsWith("net.");
    String what = CleanText.of(restoration.what(), LONGEST_NAME);
    return EventKind.note(
        ofSysctl
            ? "%s of %s is %d again, as it was before it was raised to %d: nothing in mode Enforce asks for more."
                .formatted(what, site.network(), restoration.to(), restoration.from())
            : "Listener %s%s has its own backlog of %d again, after the %d that it was raised to: nothing in mode Enforce asks for more."
                .formatted(
                    what,
                    container(restoration.container()),
                    restoration.to(),
                    restoration.from()));
  }
}
