package io.listenbacklog.policy.event.kind;

import static io.listenbacklog.policy.event.kind.ListenerNames.name;
import static io.listenbacklog.policy.text.Phrases.lowerCased;
import static io.listenbacklog.policy.text.Phrases.second;
import static io.listenbacklog.policy.text.Phrases.were;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.SynFlood;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Warning: the SYN queue overflowed: cookies were sent or requests dropped. */
public record SynFlooding() implements ListenerEvent {
  @Override
  public String reason() {
    return EventReasons.SYN_FLOODING;
  }

  @Override
  public EventType type() {
    return EventType.WARNING;
  }

  @Override
  public String action() {
    return "Observe";
  }

  @Override
  public @Nullable Instant begins(NodeListener listener) {
    return listener.synFlood() == null ? null : listener.synFlood().since();
  }

  @Override
  public Instant at(NodeListener listener) {
    return flood(listener).last();
  }

  @Override
  public String cause(NodeListener listener) {
    return flood(listener).limitedBy();
  }

  @Override
  public @Nullable Series series(NodeListener listener) {
    var flood = flood(listener);
    return new Series(flood.times(), flood.last(), false);
  }

  @Override
  public String note(NodeListener listener, RequirementSource source, int sockets) {
    return EventKind.note(words(listener, flood(listener), source, sockets));
  }

  private static SynFlood flood(NodeListener listener) {
    return Objects.requireNonNull(listener.synFlood());
  }

  private static String words(
      NodeListener listener, SynFlood flood, RequirementSource source, int sockets) {
    String what =
        flood.drops() == 0
            ? "%s sent, and no request was dropped".formatted(were(flood.cookies(), "SYN cookie"))
            : "%s dropped%s"
                .formatted(
                    were(flood.drops(), "connection request"),
                    flood.cookies() == 0
                        ? ""
                        : " and %s sent".formatted(were(flood.cookies(), "SYN cookie")));
    return "The SYN queue of %s overflowed, from %s on: in its network namespace %s. %d of at most %d clients had %s"
            .formatted(
                lowerCased(name(listener, sockets)),
                second(flood.since()),
                what,
                flood.synReceived(),
                flood.limit(),
                unfinished(flood))
        + "%s %s"
            .formatted(
                flood.logged() ? " The kernel's log names this listener." : "",
                flood.limitedBy().contains("tcp_max_syn_backlog")
                    ? raiseSynBacklog(source)
                    : raiseBacklog(listener, flood, source));
  }

  /** Who is in a SYN queue: a listener that defers accepting leaves finished connections there. */
  private static String unfinished(SynFlood flood) {
    String begun = "begun and not finished a connection";
    if (Boolean.FALSE.equals(flood.deferred())) return begun + ".";
    return begun
        + ", or finished it and sent nothing yet, "
        + (flood.deferred() == null
            ? "where the listener defers accepting (nginx deferred, Apache's AcceptFilter, HAProxy"
                + " defer-accept)."
            : "for the listener defers accepting (TCP_DEFER_ACCEPT: nginx deferred, Apache's"
                + " AcceptFilter, HAProxy defer-accept): clients that are slow to send fill it as"
                + " an attack does.");
  }

  private static String raiseSynBacklog(RequirementSource source) {
    return "net.ipv4.tcp_max_syn_backlog is the limit, for SYN cookies are off there: raise it"
        + " (sysctls.tcpMaxSynBacklog of %s, mode Enforce), or have net.ipv4.tcp_syncookies at 1."
            .formatted(source.policyName());
  }

  private static String raiseBacklog(
      NodeListener listener, SynFlood flood, RequirementSource source) {
    if (Explanations.isClosed(listener)) {
      return "Its backlog of 0 is the limit: its application takes no connections for a while, on"
          + " purpose (RemedyUnavailable says so where it might be raised).";
    }
    return "Its backlog of %d is the limit: a larger one (minimum of %s, mode Enforce) holds more. %s"
        .formatted(
            listener.backlog(),
            source.policyName(),
            flood.drops() == 0
                ? "Clients get in by the cookies meanwhile; leave them on."
                : "Have net.ipv4.tcp_syncookies at 1, so that clients get in meanwhile.");
  }
}
