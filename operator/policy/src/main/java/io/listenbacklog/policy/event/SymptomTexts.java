package io.listenbacklog.policy.event;

import static io.listenbacklog.policy.event.ListenerNames.name;
import static io.listenbacklog.policy.text.Phrases.capitalized;
import static io.listenbacklog.policy.text.Phrases.counted;
import static io.listenbacklog.policy.text.Phrases.lowerCased;
import static io.listenbacklog.policy.text.Phrases.second;
import static io.listenbacklog.policy.text.Phrases.were;

import io.listenbacklog.api.Growth;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Overflow;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.SynFlood;

/** What is said of a listener that overflows, stalls or is flooded. */
final class SymptomTexts {
  static final String MORE_ROOM_IS_NO_CURE =
      "The application has stopped accepting (AcceptStalled says why): more room delays that and"
          + " does not cure it.";

  private final Explanations causes;

  SymptomTexts(Explanations causes) {
    this.causes = causes;
  }

  static boolean isStalled(NodeListener listener) {
    return listener.stall() != null && listener.stall().until() == null;
  }

  /** ListenOverflow. */
  String overflowed(
      NodeListener listener, Overflow overflow, RequirementSource asker, int sockets) {
    if (ListenerNames.isUnix(listener)) return full(listener, overflow, asker, sockets);
    return "%s has dropped %s since %s, because its queue was full: %s waited, and its backlog is %d.%s %s"
        .formatted(
            name(listener, sockets),
            counted(overflow.attempts(), "connection attempt"),
            second(overflow.since()),
            counted(overflow.queue(), "connection"),
            overflow.backlog(),
            overflow.attempts() == 1
                ? ""
                : " Clients repeat their attempts, so these were fewer clients.",
            makeRoom(listener, asker));
  }

  /** Of a UNIX listener: the kernel counts nothing, so no more is said than was seen. */
  private String full(
      NodeListener listener, Overflow overflow, RequirementSource asker, int sockets) {
    return "The queue of %s has been seen full since %s: %s waited, and its backlog is %d. Who connects then waits, or gets EAGAIN if it does not wait (nginx says \"Resource temporarily unavailable\"); no counter tells how many. %s"
        .formatted(
            name(listener, sockets),
            second(overflow.since()),
            counted(overflow.queue(), "connection"),
            overflow.backlog(),
            moreRoom(listener, asker));
  }

  private String moreRoom(NodeListener listener, RequirementSource asker) {
    if (listener.verdict().undersized()) return makeRoom(listener, asker);
    return "If that happens in bursts, a larger backlog makes room (%s, unix: Govern and a minimum, mode Enforce); if it lasts, the application is too slow.%s"
        .formatted(
            asker.policyName(),
            causes
                .advice(listener)
                .map(" For good: "::concat)
                .orElse(" Give it more processes or threads."));
  }

  private String makeRoom(NodeListener listener, RequirementSource asker) {
    if (isStalled(listener)) return MORE_ROOM_IS_NO_CURE;
    Growth growth = listener.growth();
    if (listener.backlog() == 0) return causes.cause(listener);
    if (listener.verdict().undersized()) {
      return "%s. %s"
          .formatted(capitalized(Explanations.need(listener, asker)), causes.cause(listener));
    }
    if (growth != null && growth.to() >= growth.maximum()) {
      return "It has grown to %d, the maximum of %s: raise that, add replicas, or have the application accept faster."
          .formatted(growth.to(), asker.policyName());
    }
    if (growth != null) {
      return "%s lets it grow to %d in mode Enforce."
          .formatted(capitalized(asker.policyName()), growth.maximum());
    }
    return "A larger minimum, or a maximum up to which it may grow, makes room (%s, mode Enforce); for good: %s"
        .formatted(
            asker.policyName(),
            causes
                .advice(listener)
                .orElse("set a larger backlog where the application calls listen()."));
  }

  /** AcceptStalled. */
  String stalled(NodeListener listener, Stall stall, int sockets) {
    return StallTexts.stalled(listener, stall, sockets);
  }

  /** SynFlooding. */
  String flooded(NodeListener listener, SynFlood flood, RequirementSource asker, int sockets) {
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
                    ? raiseSynBacklog(asker)
                    : raiseBacklog(listener, flood, asker));
  }

  /** Who is in a SYN queue: a listener that defers accepting leaves finished connections there. */
  private static String unfinished(SynFlood flood) {
    String begun = "begun and not finished a connection";
    if (Boolean.FALSE.equals(flood.deferred())) return begun + ".";
    return begun
        + ", or finished it and sent nothing yet, "
        + (flood.deferred() == null
            ? "where the listener defers accepting (nginx deferred, Apache's AcceptFilter, HAProxy defer-accept)."
            : "for the listener defers accepting (TCP_DEFER_ACCEPT: nginx deferred, Apache's AcceptFilter, HAProxy"
                + " defer-accept): clients that are slow to send fill it as an attack does.");
  }

  private static String raiseSynBacklog(RequirementSource asker) {
    return "net.ipv4.tcp_max_syn_backlog is the limit, for SYN cookies are off in the pod: raise it (sysctls.tcpMaxSynBacklog"
        + " of %s, mode Enforce), or have net.ipv4.tcp_syncookies at 1."
            .formatted(asker.policyName());
  }

  private static String raiseBacklog(
      NodeListener listener, SynFlood flood, RequirementSource asker) {
    if (Explanations.isClosed(listener)) {
      return "Its backlog of 0 is the limit: its application takes no connections for a while, on purpose (RemedyUnavailable"
          + " says so where it might be raised).";
    }
    return "Its backlog of %d is the limit: a larger one (minimum of %s, mode Enforce) holds more. %s"
        .formatted(
            listener.backlog(),
            asker.policyName(),
            flood.drops() == 0
                ? "Clients get in by the cookies meanwhile; leave them on."
                : "Have net.ipv4.tcp_syncookies at 1, so that clients get in meanwhile.");
  }
}
