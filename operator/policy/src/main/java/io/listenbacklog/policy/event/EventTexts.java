package io.listenbacklog.policy.event;

import static io.listenbacklog.policy.event.ListenerNames.container;
import static io.listenbacklog.policy.event.ListenerNames.name;
import static io.listenbacklog.policy.text.Phrases.counted;
import static io.listenbacklog.policy.text.Phrases.second;
import static io.listenbacklog.policy.text.Phrases.were;

import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.Contention;
import io.listenbacklog.api.Growth;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.Overflow;
import io.listenbacklog.api.Restoration;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.SynFlood;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.policy.resolve.annotation.AnnotationProblem;
import io.listenbacklog.policy.resolve.limit.Clamp;
import io.listenbacklog.policy.resolve.limit.PodClamps;
import io.listenbacklog.policy.text.ClampTexts;
import io.listenbacklog.policy.text.CleanText;
import io.listenbacklog.policy.text.Phrases;
import java.util.List;

/**
 * The text of every Event: what is, which numbers show it, what to do. Each is one line of at most
 * 1 KiB, clean of what strangers wrote.
 */
public final class EventTexts {
  /** What the API server takes as an Event's note, in bytes. */
  private static final int LONGEST = 1024;

  /** What a name or a value from a stranger may take up of it. */
  private static final int LONGEST_NAME = 128;

  private static final int LONGEST_MESSAGE = 512;

  private static final String TCP_MAX_SYN_BACKLOG = "net.ipv4.tcp_max_syn_backlog";

  private final Explanations causes;
  private final SymptomTexts symptoms;

  public EventTexts(Catalogue catalogue) {
    causes = new Explanations(catalogue);
    symptoms = new SymptomTexts(causes);
  }

  /** BacklogTooSmall. */
  String tooSmall(NodeListener listener, RequirementSource asker, int sockets) {
    return text(
        "%s has a backlog of %d; %s. %s"
            .formatted(
                name(listener, sockets),
                listener.backlog(),
                Explanations.need(listener, asker),
                causes.cause(listener)));
  }

  /** ListenerNotOfPod. */
  String notOfPod(NodeListener listener, RequirementSource asker, int sockets) {
    return text(
        "%s, in this pod's network with a backlog of %d, is held by no process of the pod: a process of the node listens"
                .formatted(name(listener, sockets), listener.backlog())
            + " there (ztunnel of an ambient mesh, or another proxy), or the kernel does (NFS, NVMe over TCP). It is not the"
            + " application's: nothing is asked of it, and %s holds for all others of the pod."
                .formatted(asker.policyName()));
  }

  /** BacklogRaised. */
  String raised(NodeListener listener, AppliedRemedy remedy, RequirementSource asker, int sockets) {
    Growth growth = listener.growth();
    boolean isGrowth = growth != null && growth.to() == remedy.applied();
    String why = growth != null && isGrowth ? because(growth, asker) : because(listener, asker);
    int before = growth != null && isGrowth ? growth.from() : remedy.original();
    String advice = causes.advice(listener).map(" To have it from the start: "::concat).orElse("");
    return text(
        "%s has a backlog of %d now, raised from %d in the running process; %s.%s%s"
            .formatted(
                name(listener, sockets),
                remedy.applied(),
                before,
                why,
                SymptomTexts.isStalled(listener) ? " " + SymptomTexts.MORE_ROOM_IS_NO_CURE : "",
                advice));
  }

  private static String because(NodeListener listener, RequirementSource asker) {
    return listener.required() == 0
        ? "nothing asks for it any more"
        : Explanations.need(listener, asker);
  }

  private static String because(Growth growth, RequirementSource asker) {
    String limit =
        growth.to() >= growth.maximum()
            ? "that is the maximum of %s".formatted(asker.policyName())
            : "%s lets it grow to %d".formatted(asker.policyName(), growth.maximum());
    return "%s dropped because its queue was full, and %s"
        .formatted(were(growth.attempts(), "connection attempt"), limit);
  }

  /** SomaxconnRaised. */
  String raised(NodeSysctl sysctl, AppliedRemedy remedy, RequirementSource asker) {
    String why =
        sysctl.required() == 0
            ? "nothing asks for it any more"
            : asker.asks() + " for " + sysctl.required();
    String effect =
        sysctl.name().equals(TCP_MAX_SYN_BACKLOG)
            ? "Listeners there remember more SYNs, where SYN cookies are off."
            : "Whoever calls listen() from now on can get as much.";
    return text(
        "%s of the pod's network namespace is %d now, raised from %d; %s. %s"
            .formatted(called(sysctl), remedy.applied(), remedy.original(), why, effect));
  }

  /** BacklogContested. */
  String contested(
      NodeListener listener, Contention contest, RequirementSource asker, int sockets) {
    return text(
        "%s: its application sets its own backlog of %d again and again, %s since %s, where %s. It is raised again each"
                .formatted(
                    name(listener, sockets),
                    listener.remedy() == null ? listener.backlog() : listener.remedy().original(),
                    times(contest),
                    second(contest.since()),
                    Explanations.need(listener, asker))
            + " time, at growing intervals of ten minutes at most; in between it is too small.%s %s"
                .formatted(whoSetsItBack(contest), causes.cause(listener)));
  }

  /** Which process calls listen() nobody can see; which ones can, who holds the socket. */
  private static String whoSetsItBack(Contention contest) {
    return switch (contest.holders()) {
      case 0 -> "";
      case 1 -> " No other process of the pod holds the socket, so that one does it.";
      default ->
          " One of the %d processes of the pod that hold the socket does it."
              .formatted(contest.holders());
    };
  }

  private static String times(Contention contest) {
    return counted(contest.times(), "time");
  }

  /** BacklogContested, of a sysctl. */
  String contested(NodeSysctl sysctl, Contention contest, RequirementSource asker) {
    return text(
        "%s of the pod's network namespace was set back by another program %s since %s; %s for %d. It is raised again each"
                .formatted(
                    called(sysctl),
                    times(contest),
                    second(contest.since()),
                    asker.asks(),
                    sysctl.required())
            + " time, at growing intervals of ten minutes at most: make that program leave it alone.");
  }

  /** BacklogContested, as a probe of an earlier version tells it. */
  String contested(
      NodeListener listener, Hindrance hindrance, RequirementSource asker, int sockets) {
    return text(notRaised(listener, hindrance, asker, sockets) + " " + causes.cause(listener));
  }

  /** RemedyUnavailable, of a listener. */
  String hindered(
      NodeListener listener, Hindrance hindrance, RequirementSource asker, int sockets) {
    return text(notRaised(listener, hindrance, asker, sockets));
  }

  private static String notRaised(
      NodeListener listener, Hindrance hindrance, RequirementSource asker, int sockets) {
    return "%s has a backlog of %d; %s, but it is not raised: %s."
        .formatted(
            name(listener, sockets),
            listener.backlog(),
            Explanations.need(listener, asker),
            message(hindrance));
  }

  /** RemedyUnavailable, of a sysctl. */
  String hindered(NodeSysctl sysctl, Hindrance hindrance, RequirementSource asker) {
    return text(
        "%s of the pod's network namespace is %d; %s for %d, but it is not raised: %s."
            .formatted(
                called(sysctl),
                sysctl.value(),
                asker.asks(),
                sysctl.required(),
                message(hindrance)));
  }

  /** ListenOverflow. */
  String overflowed(
      NodeListener listener, Overflow overflow, RequirementSource asker, int sockets) {
    return text(symptoms.overflowed(listener, overflow, asker, sockets));
  }

  /** AcceptStalled. */
  String stalled(NodeListener listener, Stall stall, int sockets) {
    return text(symptoms.stalled(listener, stall, sockets));
  }

  /** SynFlooding. */
  String flooded(NodeListener listener, SynFlood flood, RequirementSource asker, int sockets) {
    return text(symptoms.flooded(listener, flood, asker, sockets));
  }

  /** What is wrong with a listener that a policy's status shows. */
  public String why(NodeListener listener) {
    return text(causes.symptomsAndCause(listener));
  }

  /**
   * The rest of a crowd: pods that are like others which have an Event of their own.
   *
   * @param own how many of a kind have one
   */
  String crowd(String reason, int pods, int own, boolean ofPolicy) {
    return text(
        "%s holds for %s, %s no Event of %s own: of pods of one workload for which the same holds, %d have one.%s"
            .formatted(
                reason,
                counted(pods, "more pod"),
                pods == 1 ? "which gets" : "which get",
                pods == 1 ? "its" : "their",
                own,
                ofPolicy
                    ? " status.listeners counts all of them by now, and status.worst shows the worst."
                    : " The annotations of these pods ask; no policy does."));
  }

  /** The rest of what is to be said of one pod. */
  String more(String reason, int more) {
    return text(
        "%s holds %s on this pod, which have no Event of their own: its node's NodeBacklog shows each."
            .formatted(reason, counted(more, "more time")));
  }

  /** Of the same kind, on one pod, in an hour. */
  String tooMany(String reason) {
    return text(
        "%s was seen on this pod more often than there are Events in an hour: this one counts what has none of its own."
            .formatted(reason));
  }

  /** EventsHeldBack. */
  String heldBack() {
    return text(
        "What happens to the pods of this namespace calls for more Events than are written in a minute."
            + " This one counts those that come later, or not at all if what they tell is over by then;"
            + " conditions and counts of the policies are complete.");
  }

  /** BacklogRestored. */
  String restored(Restoration restoration) {
    boolean ofSysctl = restoration.what().startsWith("net.");
    String what = CleanText.of(restoration.what(), LONGEST_NAME);
    return text(
        ofSysctl
            ? "%s of the pod's network namespace is %d again, as it was before it was raised to %d: nothing in mode Enforce asks for more."
                .formatted(what, restoration.to(), restoration.from())
            : "Listener %s%s has its own backlog of %d again, after the %d that it was raised to: nothing in mode Enforce asks for more."
                .formatted(
                    what,
                    container(restoration.container()),
                    restoration.to(),
                    restoration.from()));
  }

  /** AnnotationInvalid. */
  String invalid(AnnotationProblem problem) {
    return text(
        "Annotation %s: \"%s\" %s. It is ignored, and all else holds."
            .formatted(
                CleanText.of(problem.key(), LONGEST_NAME),
                CleanText.of(problem.value(), LONGEST_NAME),
                problem.problem()));
  }

  /**
   * RequirementClamped.
   *
   * @param clamps all of the policy, all of the pod's annotations, or all of its node
   */
  String clamped(PodClamps pod, List<Clamp> clamps) {
    if (clamps.contains(new Clamp.NodeIsFull())) {
      return "There is no room for the pod in the NodeBacklog of its node: nothing holds for it, and its listeners are not looked at. Pods that ask for less come first: fewer ports, in its annotations or its policy, make room for it.";
    }
    if (clamps.contains(new Clamp.AllAnnotations())) {
      return "The annotations of the pod under %s do not count: this installation has %s."
          .formatted(AnnotationKeys.PREFIX, ClampTexts.limits(clamps));
    }
    String asks =
        clamps.getFirst().by() == Clamp.Asker.POLICY
            ? Phrases.capitalized(new RequirementSource(pod.policy(), false).asks())
            : "Annotations of the pod ask";
    return text(
        "%s for more than this installation allows (%s): %s. All else holds as asked."
            .formatted(asks, ClampTexts.limits(clamps), ClampTexts.cuts(clamps)));
  }

  private static String called(NodeSysctl sysctl) {
    return CleanText.of(sysctl.name(), LONGEST_NAME);
  }

  private static String message(Hindrance hindrance) {
    String message = CleanText.of(hindrance.message(), LONGEST_MESSAGE);
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  private static String text(String sentence) {
    return CleanText.cut(sentence, LONGEST);
  }
}
