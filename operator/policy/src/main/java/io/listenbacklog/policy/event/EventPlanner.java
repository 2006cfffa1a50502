package io.listenbacklog.policy.event;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;

import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.Contention;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Restoration;
import io.listenbacklog.policy.event.kind.AnnotationInvalid;
import io.listenbacklog.policy.event.kind.BacklogContested;
import io.listenbacklog.policy.event.kind.BacklogRestored;
import io.listenbacklog.policy.event.kind.EventKind;
import io.listenbacklog.policy.event.kind.EventType;
import io.listenbacklog.policy.event.kind.EventsHeldBack;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.policy.event.kind.ListenerEvent;
import io.listenbacklog.policy.event.kind.RemedyUnavailable;
import io.listenbacklog.policy.event.kind.RequirementClamped;
import io.listenbacklog.policy.event.kind.RequirementSource;
import io.listenbacklog.policy.event.kind.Series;
import io.listenbacklog.policy.event.kind.Site;
import io.listenbacklog.policy.event.kind.SomaxconnRaised;
import io.listenbacklog.policy.resolve.KubeletProbes;
import io.listenbacklog.policy.resolve.annotation.AnnotationProblem;
import io.listenbacklog.policy.resolve.annotation.PodProblems;
import io.listenbacklog.policy.resolve.limit.Clamp;
import io.listenbacklog.policy.resolve.limit.PodClamps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Derives Events from state. A pure function: the same state makes the same Events. */
public final class EventPlanner {
  /** How long an API server keeps an Event unless told otherwise (--event-ttl). */
  private static final Duration HISTORY = Duration.ofHours(1);

  /** Events of one reason that a pod gets; the rest is counted in one more. */
  static final int MOST_OF_A_POD = 10;

  private static final String REST = "rest";

  private static final Pattern NUMBERS = Pattern.compile("[0-9]+");

  private static final SomaxconnRaised SOMAXCONN_RAISED = new SomaxconnRaised();
  private static final RemedyUnavailable REMEDY_UNAVAILABLE = new RemedyUnavailable();
  private static final BacklogRestored BACKLOG_RESTORED = new BacklogRestored();
  private static final AnnotationInvalid ANNOTATION_INVALID = new AnnotationInvalid();
  private static final RequirementClamped REQUIREMENT_CLAMPED = new RequirementClamped();
  private static final EventsHeldBack EVENTS_HELD_BACK = new EventsHeldBack();

  /** The action of what is about a sysctl, whatever the reason. */
  private static final String SYSCTL = SOMAXCONN_RAISED.action();

  private final Site site;
  private final BacklogContested contested;
  private final List<ListenerEvent> listenerEvents;

  public EventPlanner(Explanations explanations) {
    site = explanations.site();
    contested = new BacklogContested(explanations);
    listenerEvents = ListenerEvent.all(explanations);
  }

  /**
   * What the status of a node calls for. What was seen last more than an hour ago is left out: its
   * Event has expired, and another would make it look new.
   *
   * @param annotated whether annotations of a pod ask for backlogs too
   */
  public List<EventDraft> of(
      NodeBacklogStatus status, Predicate<PodReference> annotated, Instant now) {
    return of(status, annotated, _ -> KubeletProbes.NONE, now);
  }

  /**
   * The same where it is known what the kubelet asks of each pod.
   *
   * @param annotated whether annotations of a pod ask for backlogs too
   */
  public List<EventDraft> of(
      NodeBacklogStatus status,
      Predicate<PodReference> annotated,
      Function<PodReference, KubeletProbes> probes,
      Instant now) {
    var once = new LinkedHashMap<String, EventDraft>();
    Stream.of(
            listenerEvents.stream()
                .flatMap(kind -> ofListeners(kind, status.listeners(), annotated, probes)),
            status.sysctls().stream().flatMap(sysctl -> ofSysctl(sysctl, annotated)),
            status.restorations().stream().map(this::restored))
        .flatMap(occurrences -> occurrences)
        .filter(occurrence -> occurrence.last().isAfter(now.minus(HISTORY)))
        .forEach(occurrence -> once.putIfAbsent(occurrence.eventName(), occurrence));
    return fewOfEachPod(once.values());
  }

  /** What the annotations of a pod call for. */
  public List<EventDraft> of(PodProblems pod, Instant now) {
    return pod.problems().stream().map(problem -> invalid(pod, problem, now)).toList();
  }

  /** What the limits of the installation call for: one of its policy, one of its annotations. */
  public List<EventDraft> of(PodClamps pod, Instant now) {
    return Arrays.stream(Clamp.Source.values())
        .map(source -> pod.clamps().stream().filter(clamp -> clamp.by() == source).toList())
        .filter(clamps -> !clamps.isEmpty())
        .map(clamps -> clamped(pod, clamps, now))
        .toList();
  }

  /**
   * What is told of the rest of an aggregate.
   *
   * @param pods how many have no Event of their own
   * @param own how many of those that are alike have one
   */
  public EventDraft of(AggregateKey aggregate, int pods, int own, Instant now) {
    PolicyReference policy = aggregate.policy();
    return new EventDraft(
        policy == null ? Regarding.ofNamespace(aggregate.namespace()) : Regarding.of(policy),
        isGood(aggregate.reason()) ? EventType.NORMAL : EventType.WARNING,
        aggregate.reason(),
        "aggregate",
        // The Event lives as long as it is repeated, and an hour longer: so long is the episode.
        List.of(policy == null ? aggregate.namespace() : Long.toString(policy.generation())),
        now,
        "Aggregate",
        AggregateTexts.aggregate(aggregate.reason(), pods, own, policy != null),
        new Series(pods, now, false),
        null);
  }

  /**
   * What is told of a pod to which the same happens more often than there are Events of it.
   *
   * @param one of those that have no Event
   * @param times how many there were
   */
  public EventDraft tooMany(EventDraft one, int times, Instant now) {
    return new EventDraft(
        one.regarding(),
        one.type(),
        one.reason(),
        REST,
        List.of(REST),
        now,
        one.action(),
        AggregateTexts.tooMany(one.reason()),
        new Series(times, now, true),
        null);
  }

  /**
   * What is told of a namespace whose pods call for more Events than are written.
   *
   * @param times how many have none, or have none yet
   */
  public EventDraft heldBack(String namespace, int times, Instant now) {
    return new EventDraft(
        Regarding.ofNamespace(namespace),
        EVENTS_HELD_BACK.type(),
        EVENTS_HELD_BACK.reason(),
        namespace,
        List.of(REST),
        now,
        EVENTS_HELD_BACK.action(),
        EVENTS_HELD_BACK.note(),
        new Series(times, now, true),
        null);
  }

  private static boolean isGood(String reason) {
    return switch (reason) {
      case EventReasons.BACKLOG_RAISED,
          EventReasons.SOMAXCONN_RAISED,
          EventReasons.LISTENER_NOT_OF_POD,
          EventReasons.BACKLOG_RESTORED ->
          true;
      default -> false;
    };
  }

  /** Several sockets at one address, of which the same is true (SO_REUSEPORT), are one listener. */
  private Stream<EventDraft> ofListeners(
      ListenerEvent kind,
      List<NodeListener> listeners,
      Predicate<PodReference> annotated,
      Function<PodReference, KubeletProbes> probes) {
    var groups = new LinkedHashMap<List<Object>, List<NodeListener>>();
    for (NodeListener each : listeners) {
      if (kind.begins(each) == null) continue;
      var group =
          List.<Object>of(
              each.pod().uid(),
              each.networkNamespace(),
              each.container(),
              each.address(),
              kind.cause(each));
      groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(each);
    }
    return groups.values().stream().map(group -> ofGroup(kind, group, annotated, probes));
  }

  private EventDraft ofGroup(
      ListenerEvent kind,
      List<NodeListener> group,
      Predicate<PodReference> annotated,
      Function<PodReference, KubeletProbes> probes) {
    List<NodeListener> sockets =
        group.stream()
            .sorted(
                comparing((NodeListener each) -> requireNonNull(kind.begins(each)))
                    .thenComparing(NodeListener::cookie))
            .toList();
    NodeListener first = sockets.getFirst();
    var source = new RequirementSource(first.policy(), annotated.test(first.pod()), site);
    return new EventDraft(
        Regarding.of(first.pod()),
        kind.type(),
        kind.reason(),
        first.address(),
        sockets.stream().map(each -> kind.episode(each).toString()).distinct().toList(),
        kind.at(first),
        kind.action(),
        EventKind.note(
            kind.note(first, source, sockets.size()),
            kind.ofKubelet(first, probes.apply(first.pod()))),
        kind.series(sockets),
        SimilarityKey.of(
            first.pod(), first.policy(), kind.reason(), nature(first, kind.cause(first))));
  }

  /** Without process ids and the like, which differ for the same thing. */
  private static String nature(NodeListener listener, String cause) {
    return String.join(
        "\n",
        listener.address().substring(listener.address().lastIndexOf(':') + 1),
        listener.process(),
        NUMBERS.matcher(cause).replaceAll("#"));
  }

  private List<EventDraft> fewOfEachPod(Collection<EventDraft> all) {
    Map<List<String>, List<EventDraft>> byPodAndReason = new LinkedHashMap<>();
    for (EventDraft each : all) {
      byPodAndReason
          .computeIfAbsent(List.of(each.regarding().uid(), each.reason()), _ -> new ArrayList<>())
          .add(each);
    }
    var few = new ArrayList<EventDraft>();
    for (List<EventDraft> each : byPodAndReason.values()) {
      if (each.size() <= MOST_OF_A_POD) {
        few.addAll(each);
        continue;
      }
      each.sort(comparing(EventDraft::eventName));
      few.addAll(each.subList(0, MOST_OF_A_POD));
      few.add(rest(each.subList(MOST_OF_A_POD, each.size())));
    }
    return List.copyOf(few);
  }

  private EventDraft rest(List<EventDraft> of) {
    EventDraft one = of.getFirst();
    return new EventDraft(
        one.regarding(),
        one.type(),
        one.reason(),
        REST,
        List.of(REST),
        one.at(),
        one.action(),
        AggregateTexts.more(one.reason(), of.size()),
        null,
        one.alike());
  }

  private Stream<EventDraft> ofSysctl(NodeSysctl sysctl, Predicate<PodReference> annotated) {
    var occurrences = Stream.<EventDraft>builder();
    AppliedRemedy remedy = sysctl.remedy();
    Hindrance hindrance = sysctl.hindrance();
    var source = new RequirementSource(sysctl.policy(), annotated.test(sysctl.pod()), site);
    if (remedy != null) {
      occurrences.add(
          happened(
              sysctl.pod(),
              sysctl.policy(),
              SOMAXCONN_RAISED.type(),
              SOMAXCONN_RAISED.reason(),
              sysctl.name(),
              remedy.at(),
              SYSCTL,
              SOMAXCONN_RAISED.note(sysctl, remedy, source)));
    }
    Contention contest = sysctl.contest();
    if (contest != null) occurrences.add(contested(sysctl, contest, source));
    if (hindrance != null && !(contest != null && BacklogContested.isIn(hindrance))) {
      occurrences.add(
          happened(
              sysctl.pod(),
              sysctl.policy(),
              REMEDY_UNAVAILABLE.type(),
              reason(hindrance),
              sysctl.name(),
              hindrance.since(),
              SYSCTL,
              REMEDY_UNAVAILABLE.note(sysctl, hindrance, source)));
    }
    return occurrences.build();
  }

  private EventDraft contested(NodeSysctl sysctl, Contention contest, RequirementSource source) {
    return new EventDraft(
        Regarding.of(sysctl.pod()),
        contested.type(),
        contested.reason(),
        sysctl.name(),
        List.of(contest.since().toString()),
        contest.last(),
        SYSCTL,
        contested.note(sysctl, contest, source),
        new Series(contest.times(), contest.last(), false),
        SimilarityKey.of(sysctl.pod(), sysctl.policy(), contested.reason(), sysctl.name()));
  }

  /** A probe may write anything: an unknown reason would look like another component's. */
  private static String reason(Hindrance hindrance) {
    return BacklogContested.isIn(hindrance)
        ? EventReasons.BACKLOG_CONTESTED
        : REMEDY_UNAVAILABLE.reason();
  }

  private EventDraft restored(Restoration restoration) {
    return happened(
        restoration.pod(),
        null,
        BACKLOG_RESTORED.type(),
        BACKLOG_RESTORED.reason(),
        restoration.what(),
        restoration.at(),
        BACKLOG_RESTORED.action(),
        BACKLOG_RESTORED.note(restoration, site));
  }

  private EventDraft invalid(PodProblems pod, AnnotationProblem problem, Instant now) {
    return new EventDraft(
        Regarding.of(pod.pod()),
        ANNOTATION_INVALID.type(),
        ANNOTATION_INVALID.reason(),
        problem.key(),
        List.of(problem.value() + "\n" + problem.problem()),
        now,
        ANNOTATION_INVALID.action(),
        ANNOTATION_INVALID.note(problem),
        null,
        SimilarityKey.of(
            pod.pod(),
            null,
            ANNOTATION_INVALID.reason(),
            String.join("\n", problem.key(), problem.value(), problem.problem())));
  }

  private EventDraft clamped(PodClamps pod, List<Clamp> clamps, Instant now) {
    return new EventDraft(
        Regarding.of(pod.pod()),
        REQUIREMENT_CLAMPED.type(),
        REQUIREMENT_CLAMPED.reason(),
        clamps.getFirst().by().name(),
        List.of(clamps.toString()),
        now,
        REQUIREMENT_CLAMPED.action(),
        REQUIREMENT_CLAMPED.note(pod, clamps),
        null,
        SimilarityKey.of(pod.pod(), pod.policy(), REQUIREMENT_CLAMPED.reason(), clamps.toString()));
  }

  /** Something whose episode is the point in time at which it began. */
  private static EventDraft happened(
      PodReference pod,
      @Nullable PolicyReference policy,
      EventType type,
      String reason,
      String what,
      Instant at,
      String action,
      String note) {
    return new EventDraft(
        Regarding.of(pod),
        type,
        reason,
        what,
        List.of(at.toString()),
        at,
        action,
        note,
        null,
        SimilarityKey.of(pod, policy, reason, what.substring(what.lastIndexOf(':') + 1)));
  }
}
