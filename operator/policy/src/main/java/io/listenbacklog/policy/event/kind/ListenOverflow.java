package io.listenbacklog.policy.event.kind;

import static io.listenbacklog.policy.event.kind.ListenerNames.name;
import static io.listenbacklog.policy.text.Phrases.capitalized;
import static io.listenbacklog.policy.text.Phrases.counted;
import static io.listenbacklog.policy.text.Phrases.second;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Growth;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Overflow;
import io.listenbacklog.policy.resolve.KubeletProbes;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Warning: connection attempts were dropped because the queue was full. */
public record ListenOverflow(Explanations explanations) implements ListenerEvent {
  @Override
  public String reason() {
    return EventReasons.LISTEN_OVERFLOW;
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
    return listener.overflow() == null ? null : listener.overflow().since();
  }

  @Override
  public Instant at(NodeListener listener) {
    return overflow(listener).last();
  }

  @Override
  public String cause(NodeListener listener) {
    return "";
  }

  @Override
  public @Nullable Series series(NodeListener listener) {
    var overflow = overflow(listener);
    return new Series(overflow.times(), overflow.last(), false);
  }

  @Override
  public String note(NodeListener listener, RequirementSource source, int sockets) {
    return EventKind.note(words(listener, overflow(listener), source, sockets));
  }

  @Override
  public String ofKubelet(NodeListener listener, KubeletProbes probes) {
    return KubeletTexts.of(listener, probes, KubeletTexts.Fate.DROPPED, true);
  }

  private static Overflow overflow(NodeListener listener) {
    return Objects.requireNonNull(listener.overflow());
  }

  private String words(
      NodeListener listener, Overflow overflow, RequirementSource source, int sockets) {
    if (ListenerNames.isUnix(listener)) return full(listener, overflow, source, sockets);
    return "%s has dropped %s since %s, because its queue was full%s.%s %s"
        .formatted(
            name(listener, sockets),
            counted(overflow.attempts(), "connection attempt"),
            second(overflow.since()),
            waited(overflow),
            overflow.attempts() == 1
                ? ""
                : " Clients repeat their attempts, so these were fewer clients.",
            makeRoom(listener, source));
  }

  /** That it was full is proven by what was dropped; a moment later it need not be. */
  private static String waited(Overflow overflow) {
    String connections = counted(overflow.queue(), "connection");
    return overflow.queue() > overflow.backlog()
        ? ": %s waited, and its backlog is %d".formatted(connections, overflow.backlog())
        : " (its backlog is %d; when it was looked at, %s waited)"
            .formatted(overflow.backlog(), connections);
  }

  /** Of a UNIX listener: the kernel counts nothing, so no more is said than was seen. */
  private String full(
      NodeListener listener, Overflow overflow, RequirementSource source, int sockets) {
    return "The queue of %s has been seen full since %s: %s waited, and its backlog is %d. Who connects then waits, or gets EAGAIN if it does not wait (nginx says \"Resource temporarily unavailable\"); no counter tells how many. %s"
        .formatted(
            name(listener, sockets),
            second(overflow.since()),
            counted(overflow.queue(), "connection"),
            overflow.backlog(),
            moreRoom(listener, source));
  }

  private String moreRoom(NodeListener listener, RequirementSource source) {
    if (listener.verdict().undersized()) return makeRoom(listener, source);
    return "If that happens in bursts, a larger backlog makes room (%s, unix: Govern and a minimum, mode Enforce); if it lasts, the application is too slow.%s"
        .formatted(
            source.policyName(),
            explanations
                .advice(listener)
                .map(" For good: "::concat)
                .orElse(" Give it more processes or threads."));
  }

  private String makeRoom(NodeListener listener, RequirementSource source) {
    if (AcceptStalled.goesOn(listener)) return AcceptStalled.MORE_ROOM_IS_NO_CURE;
    Growth growth = listener.growth();
    if (listener.backlog() == 0) return explanations.cause(listener);
    if (listener.verdict().undersized()) {
      return "%s. %s"
          .formatted(
              capitalized(Explanations.need(listener, source)), explanations.cause(listener));
    }
    if (growth != null && growth.to() >= growth.maximum()) {
      return "It has grown to %d, the maximum of %s: raise that,%s or have the application accept faster."
          .formatted(
              growth.to(),
              source.policyName(),
              source.site() == Site.CLUSTER ? " add replicas," : "");
    }
    if (growth != null) {
      return "%s lets it grow to %d in mode Enforce."
          .formatted(capitalized(source.policyName()), growth.maximum());
    }
    return "A larger minimum, or a maximum up to which it may grow, makes room (%s, mode Enforce); for good: %s"
        .formatted(
            source.policyName(),
            explanations
                .advice(listener)
                .orElse("set a larger backlog where the application calls listen()."));
  }
}
