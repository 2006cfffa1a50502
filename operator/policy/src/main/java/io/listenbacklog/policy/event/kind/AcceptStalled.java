package io.listenbacklog.policy.event.kind;

import static io.listenbacklog.policy.event.kind.ListenerNames.address;
import static io.listenbacklog.policy.event.kind.ListenerNames.container;
import static io.listenbacklog.policy.event.kind.ListenerNames.owner;
import static io.listenbacklog.policy.text.Phrases.between;
import static io.listenbacklog.policy.text.Phrases.counted;
import static io.listenbacklog.policy.text.Phrases.lowerCased;
import static io.listenbacklog.policy.text.Phrases.second;

import io.listenbacklog.api.DescriptorUse;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.FormerServer;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.WaitingSeen;
import io.listenbacklog.policy.resolve.KubeletProbes;
import io.listenbacklog.policy.text.CleanText;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Warning: the application has stopped accepting. Said whether or not anything is dropped. */
public record AcceptStalled() implements ListenerEvent {
  static final String MORE_ROOM_IS_NO_CURE =
      "The application has stopped accepting (AcceptStalled says why): more room delays that and"
          + " does not cure it.";

  /** One that has listened for longer than this is hardly starting any more. */
  private static final Duration START = Duration.ofMinutes(10);

  private static final String NO_CURE = "A larger backlog delays this; it does not cure it: ";

  /** Whether it is so now. */
  static boolean goesOn(NodeListener listener) {
    return listener.stall() != null && listener.stall().until() == null;
  }

  @Override
  public String reason() {
    return EventReasons.ACCEPT_STALLED;
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
    return listener.stall() == null ? null : listener.stall().episode();
  }

  @Override
  public Instant at(NodeListener listener) {
    return stall(listener).at();
  }

  @Override
  public String cause(NodeListener listener) {
    return stall(listener).threads().stream()
        .findFirst()
        .map(thread -> thread.activity() + " " + thread.call())
        .orElse("");
  }

  @Override
  public @Nullable Series series(NodeListener listener) {
    var stall = stall(listener);
    return new Series(stall.times(), stall.at(), stall.until() != null);
  }

  @Override
  public String note(NodeListener listener, RequirementSource source, int sockets) {
    return EventKind.note(words(listener, stall(listener), source.site(), sockets));
  }

  @Override
  public String ofKubelet(NodeListener listener, KubeletProbes probes) {
    var stall = stall(listener);
    var fate =
        stall.until() == null ? KubeletTexts.Fate.UNANSWERED : KubeletTexts.Fate.WERE_UNANSWERED;
    return KubeletTexts.of(listener, probes, fate, stall.waiting() > stall.backlog());
  }

  private static Stall stall(NodeListener listener) {
    return Objects.requireNonNull(listener.stall());
  }

  private static String words(NodeListener listener, Stall stall, Site site, int sockets) {
    String others =
        sockets == 1
            ? ""
            : " So it did on %s at this address.".formatted(counted(sockets - 1, "more socket"));
    return "%s: %s.%s%s %s"
        .formatted(
            what(listener, stall),
            waiting(listener, stall),
            others,
            reason(listener, stall),
            cure(stall, site));
  }

  /** Who accepted nothing, where, and for how long. */
  private static String what(NodeListener listener, Stall stall) {
    Instant end = stall.until();
    DescriptorUse descriptors = stall.descriptors();
    if (descriptors != null && stall.provenByDescriptorsAlone()) {
      return "%s had %d of its %d descriptors open at each look for %s%s, so it %s on %s no more connections than it %s"
          .formatted(
              owner(listener),
              descriptors.open(),
              descriptors.limit(),
              between(stall.since(), end == null ? stall.at() : end),
              end == null ? "" : ", until " + second(end),
              end == null ? "can accept" : "could accept",
              address(listener),
              end == null ? "closes" : "closed");
    }
    FormerServer former = stall.inheritedFrom();
    if (former != null) {
      return "Listener %s%s has a holder that is no server, and nothing was accepted on it for %s%s"
          .formatted(
              address(listener),
              container(listener.container()),
              between(stall.since(), end == null ? stall.at() : end),
              end == null ? "" : ", until " + second(end));
    }
    if (end != null) {
      return "%s accepted nothing on %s for %s, until %s%s"
          .formatted(
              owner(listener),
              address(listener),
              between(stall.since(), end),
              second(end),
              stall.neverAccepted() ? ", from when it began to listen on" : "");
    }
    Instant listening = stall.listeningSince();
    if (stall.neverAccepted()) {
      return "%s has not accepted anything on %s since it began to listen%s%s"
          .formatted(
              owner(listener),
              address(listener),
              listening == null ? "" : " %s ago".formatted(between(listening, stall.at())),
              mayBeStarting(stall) ? " (starting?)" : "");
    }
    return "%s stopped accepting on %s %s ago"
        .formatted(owner(listener), address(listener), between(stall.since(), stall.at()));
  }

  private static boolean mayBeStarting(Stall stall) {
    if (ThreadTexts.servesAnotherAlone(stall)) return false;
    Instant listening = stall.listeningSince();
    if (listening == null) listening = stall.since();
    return Duration.between(listening, stall.at()).compareTo(START) < 0;
  }

  private static String waiting(NodeListener listener, Stall stall) {
    boolean over = stall.until() != null;
    String full = stall.waiting() > stall.backlog() ? ", the queue is full" : "";
    String verb = over ? "waited" : stall.waiting() == 1 ? "waits" : "wait";
    String wait = "%s %s".formatted(counted(stall.waiting(), "connection"), verb);
    // Of who waits at a UNIX listener no bytes can be seen.
    if (stall.provenByDescriptorsAlone() || ListenerNames.isUnix(listener)) return wait + full;
    WaitingSeen seen = stall.waitingSeen();
    if (seen == WaitingSeen.NOWHERE) {
      return "%s in its queue, which never shrank%s; their clients cannot be seen (any more)"
          .formatted(wait, full.isEmpty() ? "" : " and is full");
    }
    String sent =
        stall.unreadBytes() == 0
            ? "the oldest has sent nothing"
            : counted(stall.unreadBytes(), "byte") + " unread in the oldest";
    return "%s%s (%s%s)"
        .formatted(
            wait,
            seen == WaitingSeen.ELSEWHERE
                ? ", which came for other ports or addresses (TPROXY, sk_lookup)"
                : "",
            sent,
            full);
  }

  private static String reason(NodeListener listener, Stall stall) {
    FormerServer former = stall.inheritedFrom();
    if (former != null) return " " + inherited(listener, stall, former);
    if (stall.provenByDescriptorsAlone()) return reopened(stall);
    String threads = ThreadTexts.doing(stall, listener.process());
    DescriptorUse descriptors = stall.descriptors();
    String full = descriptors == null ? "" : " " + full(descriptors);
    String young = young(stall);
    if (threads.isEmpty() && descriptors != null) return young + full;
    if (stall.until() != null) {
      return young
          + full
          + " When it was looked at: "
          + (threads.isEmpty() ? "no thread could be seen." : lowerCased(threads));
    }
    return young
        + full
        + " "
        + (threads.isEmpty() ? "What its threads do cannot be seen." : threads);
  }

  private static String reopened(Stall stall) {
    DescriptorUse descriptors = stall.descriptors();
    Integer times = descriptors == null ? null : descriptors.reopened();
    if (times == null) return "";
    return " Meanwhile its listener was closed and opened again (%s seen), which resets whoever waits."
        .formatted(times == 1 ? "once" : times + " times");
  }

  private static String full(DescriptorUse descriptors) {
    return "Process %d has %d of its %d descriptors open: accept() fails."
        .formatted(descriptors.pid(), descriptors.open(), descriptors.limit());
  }

  /** Where it is not known whether it ever accepted anything, but it listens since a moment. */
  private static String young(Stall stall) {
    Instant listening = stall.listeningSince();
    if (listening == null || stall.neverAccepted()) return "";
    Integer open = stall.open();
    if (stall.descriptors() != null || (open != null && open > 0)) return "";
    // What came for other addresses is not counted, so it may have accepted thousands.
    if (stall.waitingSeen() != null) return "";
    if (stall.until() != null || !mayBeStarting(stall)) return "";
    return " It began to listen %s ago, and may still be starting."
        .formatted(between(listening, stall.at()));
  }

  private static String inherited(NodeListener listener, Stall stall, FormerServer former) {
    String process = CleanText.of(listener.process(), LONGEST_NAME);
    String holder =
        "%s (pid %d)".formatted(process.isEmpty() ? "A process" : process, listener.pid());
    String server = CleanText.of(former.process(), LONGEST_NAME);
    return "%s %s the socket, inherited from %s."
        .formatted(
            stall.processes() > 1
                ? "%s and %d more".formatted(holder, stall.processes() - 1)
                : holder,
            stall.processes() > 1 ? "hold" : "alone holds",
            server.isEmpty()
                ? "a server that is gone"
                : "%s (pid %d), which holds it no more".formatted(server, former.pid()));
  }

  private static String cure(Stall stall, Site site) {
    if (stall.inheritedFrom() != null) {
      return "No backlog cures it: end what holds it, and have the server set FD_CLOEXEC"
          + " (SOCK_CLOEXEC) on its listener, so that what it starts does not inherit it.";
    }
    DescriptorUse descriptors = stall.descriptors();
    if (descriptors != null) {
      return NO_CURE
          + "raise its limit of open files (ulimit -n, LimitNOFILE), or close what it does not"
          + " need:"
          + " /proc/%d/fd shows what is open.".formatted(descriptors.pid());
    }
    if (stall.neverAccepted() && mayBeStarting(stall)) {
      return "A larger backlog holds more clients meanwhile, and makes it no faster: if it is"
          + " starting, have %sit load before it listens (gunicorn: --preload)."
              .formatted(
                  site == Site.CLUSTER
                      ? "a readiness probe by HTTP, so that no client comes before it serves, or have "
                      : "");
    }
    return NO_CURE + ThreadTexts.cure(stall);
  }
}
