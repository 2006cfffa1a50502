package io.listenbacklog.policy.report;

import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.Restoration;
import io.listenbacklog.policy.report.Occurrence.EventType;
import io.listenbacklog.policy.resolve.AnnotationProblem;
import io.listenbacklog.policy.resolve.Clamp;
import io.listenbacklog.policy.resolve.PodClamps;
import io.listenbacklog.policy.resolve.PodProblems;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/** Which Events a state calls for. The same state calls for the same ones, however often asked. */
public final class Occurrences {
  /** How long an API server keeps an Event unless told otherwise (--event-ttl). */
  private static final Duration HISTORY = Duration.ofHours(1);

  private final EventTexts texts;

  public Occurrences(EventTexts texts) {
    this.texts = texts;
  }

  /**
   * What the status of a node calls for. What began longer than an hour ago is left out: an Event
   * of it has been and gone, and saying it again would make it look new.
   */
  public List<Occurrence> of(NodeBacklogStatus status, Instant now) {
    var once = new LinkedHashMap<String, Occurrence>();
    Stream.of(
            status.listeners().stream().flatMap(this::ofListener),
            status.sysctls().stream().flatMap(this::ofSysctl),
            status.restorations().stream().map(this::restored))
        .flatMap(occurrences -> occurrences)
        .filter(occurrence -> occurrence.at().isAfter(now.minus(HISTORY)))
        .forEach(occurrence -> once.putIfAbsent(occurrence.eventName(), occurrence));
    return List.copyOf(once.values());
  }

  /** What the annotations of a pod call for. */
  public List<Occurrence> of(PodProblems pod, Instant now) {
    return pod.problems().stream().map(problem -> invalid(pod, problem, now)).toList();
  }

  /** What the limits of the installation call for: one of its policy, one of its annotations. */
  public List<Occurrence> of(PodClamps pod, Instant now) {
    return Arrays.stream(Clamp.Asker.values())
        .map(asker -> pod.clamps().stream().filter(clamp -> clamp.by() == asker).toList())
        .filter(clamps -> !clamps.isEmpty())
        .map(clamps -> clamped(pod, clamps, now))
        .toList();
  }

  private Stream<Occurrence> ofListener(NodeListener listener) {
    var occurrences = Stream.<Occurrence>builder();
    AppliedRemedy remedy = listener.remedy();
    Hindrance hindrance = listener.hindrance();
    if (isTooSmall(listener)) occurrences.add(tooSmall(listener));
    if (remedy != null) {
      occurrences.add(
          happened(
              listener.pod(),
              EventType.NORMAL,
              EventReasons.BACKLOG_RAISED,
              listener.address(),
              remedy.at(),
              "Relisten",
              texts.raised(listener, remedy)));
    }
    if (hindrance != null) {
      occurrences.add(
          happened(
              listener.pod(),
              EventType.WARNING,
              hindrance.reason(),
              listener.address(),
              hindrance.since(),
              "Relisten",
              hindrance.reason().equals(EventReasons.BACKLOG_CONTESTED)
                  ? texts.contested(listener, hindrance)
                  : texts.hindered(listener, hindrance)));
    }
    return occurrences.build();
  }

  /** Undersized, and neither a later remedy nor a hindrance tells the same and more. */
  private static boolean isTooSmall(NodeListener listener) {
    if (!listener.verdict().undersized()) return false;
    AppliedRemedy remedy = listener.remedy();
    boolean hindered = listener.hindrance() != null;
    boolean closedOnPurpose = listener.backlog() == 0;
    if (remedy == null) return !(hindered && closedOnPurpose);
    return !hindered && listener.since().isAfter(remedy.at());
  }

  private Occurrence tooSmall(NodeListener listener) {
    return happened(
        listener.pod(),
        EventType.WARNING,
        EventReasons.BACKLOG_TOO_SMALL,
        listener.address(),
        listener.since(),
        "Assess",
        texts.tooSmall(listener));
  }

  private Stream<Occurrence> ofSysctl(NodeSysctl sysctl) {
    var occurrences = Stream.<Occurrence>builder();
    AppliedRemedy remedy = sysctl.remedy();
    Hindrance hindrance = sysctl.hindrance();
    if (remedy != null) {
      occurrences.add(
          happened(
              sysctl.pod(),
              EventType.NORMAL,
              EventReasons.SOMAXCONN_RAISED,
              sysctl.name(),
              remedy.at(),
              "Sysctl",
              texts.raised(sysctl, remedy)));
    }
    if (hindrance != null) {
      occurrences.add(
          happened(
              sysctl.pod(),
              EventType.WARNING,
              hindrance.reason(),
              sysctl.name(),
              hindrance.since(),
              "Sysctl",
              texts.hindered(sysctl, hindrance)));
    }
    return occurrences.build();
  }

  private Occurrence restored(Restoration restoration) {
    return happened(
        restoration.pod(),
        EventType.NORMAL,
        EventReasons.BACKLOG_RESTORED,
        restoration.what(),
        restoration.at(),
        "Restore",
        texts.restored(restoration));
  }

  private Occurrence invalid(PodProblems pod, AnnotationProblem problem, Instant now) {
    return new Occurrence(
        pod.pod(),
        EventType.WARNING,
        EventReasons.ANNOTATION_INVALID,
        problem.key(),
        problem.value() + "\n" + problem.problem(),
        now,
        "Resolve",
        texts.invalid(problem));
  }

  private Occurrence clamped(PodClamps pod, List<Clamp> clamps, Instant now) {
    return new Occurrence(
        pod.pod(),
        EventType.WARNING,
        EventReasons.REQUIREMENT_CLAMPED,
        clamps.getFirst().by().name(),
        clamps.toString(),
        now,
        "Resolve",
        texts.clamped(pod, clamps));
  }

  /** Something whose episode is the point in time at which it began. */
  private static Occurrence happened(
      PodReference pod,
      EventType type,
      String reason,
      String what,
      Instant at,
      String action,
      String note) {
    return new Occurrence(pod, type, reason, what, at.toString(), at, action, note);
  }
}
