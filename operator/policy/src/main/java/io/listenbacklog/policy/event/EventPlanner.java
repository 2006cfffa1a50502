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
import io.listenbacklog.policy.event.EventDraft.EventType;
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
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which Events a state calls for. The same state calls for the same ones, however often asked. */
public final class EventPlanner {
  /** How long an API server keeps an Event unless told otherwise (--event-ttl). */
  private static final Duration HISTORY = Duration.ofHours(1);

  /** So many Events of one reason a pod gets; what else there is of it is told in one more. */
  static final int MOST_OF_A_POD = 10;

  private static final String REST = "rest";

  private static final Pattern NUMBERS = Pattern.compile("[0-9]+");

  private final EventTexts texts;
  private final List<Topic> topics;

  public EventPlanner(EventTexts texts) {
    this.texts = texts;
    this.topics = Topic.all(texts);
  }

  /**
   * What the status of a node calls for. What was seen last more than an hour ago is left out: an
   * Event of it has been and gone, and saying it again would make it look new.
   *
   * @param annotated whether annotations of a pod ask for backlogs too
   */
  public List<EventDraft> of(
      NodeBacklogStatus status, Predicate<PodReference> annotated, Instant now) {
    var once = new LinkedHashMap<String, EventDraft>();
    Stream.of(
            topics.stream().flatMap(topic -> ofListeners(topic, status.listeners(), annotated)),
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
    return Arrays.stream(Clamp.Asker.values())
        .map(asker -> pod.clamps().stream().filter(clamp -> clamp.by() == asker).toList())
        .filter(clamps -> !clamps.isEmpty())
        .map(clamps -> clamped(pod, clamps, now))
        .toList();
  }

  /**
   * What is told of the rest of a crowd.
   *
   * @param pods how many have no Event of their own
   * @param own how many of those that are alike have one
   */
  public EventDraft of(AggregateKey crowd, int pods, int own, Instant now) {
    PolicyReference policy = crowd.policy();
    return new EventDraft(
        policy == null ? Regarding.ofNamespace(crowd.namespace()) : Regarding.of(policy),
        isGood(crowd.reason()) ? EventType.NORMAL : EventType.WARNING,
        crowd.reason(),
        "crowd",
        // The Event lives as long as it is repeated, and an hour longer: so long is the episode.
        List.of(policy == null ? crowd.namespace() : Long.toString(policy.generation())),
        now,
        "Aggregate",
        texts.crowd(crowd.reason(), pods, own, policy != null),
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
        texts.tooMany(one.reason()),
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
        EventType.WARNING,
        EventReasons.EVENTS_HELD_BACK,
        namespace,
        List.of(REST),
        now,
        "Aggregate",
        texts.heldBack(),
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
      Topic topic, List<NodeListener> listeners, Predicate<PodReference> annotated) {
    var groups = new LinkedHashMap<List<Object>, List<NodeListener>>();
    for (NodeListener each : listeners) {
      if (topic.begins().apply(each) == null) continue;
      var group =
          List.<Object>of(
              each.pod().uid(),
              each.networkNamespace(),
              each.container(),
              each.address(),
              topic.cause().apply(each));
      groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(each);
    }
    return groups.values().stream().map(group -> ofGroup(topic, group, annotated));
  }

  private static EventDraft ofGroup(
      Topic topic, List<NodeListener> group, Predicate<PodReference> annotated) {
    List<NodeListener> sockets =
        group.stream()
            .sorted(
                comparing((NodeListener each) -> requireNonNull(topic.begins().apply(each)))
                    .thenComparing(NodeListener::cookie))
            .toList();
    NodeListener first = sockets.getFirst();
    var asker = new RequirementSource(first.policy(), annotated.test(first.pod()));
    return new EventDraft(
        Regarding.of(first.pod()),
        topic.type(),
        topic.reason(),
        first.address(),
        sockets.stream().map(each -> topic.episode(each).toString()).distinct().toList(),
        topic.at().apply(first),
        topic.action(),
        topic.note().of(first, asker, sockets.size()),
        topic.series(sockets),
        SimilarityKey.of(
            first.pod(),
            first.policy(),
            topic.reason(),
            nature(first, topic.cause().apply(first))));
  }

  /** Process ids and the like make no news. */
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
        texts.more(one.reason(), of.size()),
        null,
        one.alike());
  }

  private Stream<EventDraft> ofSysctl(NodeSysctl sysctl, Predicate<PodReference> annotated) {
    var occurrences = Stream.<EventDraft>builder();
    AppliedRemedy remedy = sysctl.remedy();
    Hindrance hindrance = sysctl.hindrance();
    var asker = new RequirementSource(sysctl.policy(), annotated.test(sysctl.pod()));
    if (remedy != null) {
      occurrences.add(
          happened(
              sysctl.pod(),
              sysctl.policy(),
              EventType.NORMAL,
              EventReasons.SOMAXCONN_RAISED,
              sysctl.name(),
              remedy.at(),
              "Sysctl",
              texts.raised(sysctl, remedy, asker)));
    }
    Contention contest = sysctl.contest();
    if (contest != null) occurrences.add(contested(sysctl, contest, asker));
    if (hindrance != null
        && !(contest != null && reason(hindrance).equals(EventReasons.BACKLOG_CONTESTED))) {
      occurrences.add(
          happened(
              sysctl.pod(),
              sysctl.policy(),
              EventType.WARNING,
              reason(hindrance),
              sysctl.name(),
              hindrance.since(),
              "Sysctl",
              texts.hindered(sysctl, hindrance, asker)));
    }
    return occurrences.build();
  }

  private EventDraft contested(NodeSysctl sysctl, Contention contest, RequirementSource asker) {
    return new EventDraft(
        Regarding.of(sysctl.pod()),
        EventType.WARNING,
        EventReasons.BACKLOG_CONTESTED,
        sysctl.name(),
        List.of(contest.since().toString()),
        contest.last(),
        "Sysctl",
        texts.contested(sysctl, contest, asker),
        new Series(contest.times(), contest.last(), false),
        SimilarityKey.of(
            sysctl.pod(), sysctl.policy(), EventReasons.BACKLOG_CONTESTED, sysctl.name()));
  }

  /** A probe may write any: one that is not ours would be another component's word. */
  private static String reason(Hindrance hindrance) {
    return hindrance.reason().equals(EventReasons.BACKLOG_CONTESTED)
        ? EventReasons.BACKLOG_CONTESTED
        : EventReasons.REMEDY_UNAVAILABLE;
  }

  private EventDraft restored(Restoration restoration) {
    return happened(
        restoration.pod(),
        null,
        EventType.NORMAL,
        EventReasons.BACKLOG_RESTORED,
        restoration.what(),
        restoration.at(),
        "Restore",
        texts.restored(restoration));
  }

  private EventDraft invalid(PodProblems pod, AnnotationProblem problem, Instant now) {
    return new EventDraft(
        Regarding.of(pod.pod()),
        EventType.WARNING,
        EventReasons.ANNOTATION_INVALID,
        problem.key(),
        List.of(problem.value() + "\n" + problem.problem()),
        now,
        "Resolve",
        texts.invalid(problem),
        null,
        SimilarityKey.of(
            pod.pod(),
            null,
            EventReasons.ANNOTATION_INVALID,
            String.join("\n", problem.key(), problem.value(), problem.problem())));
  }

  private EventDraft clamped(PodClamps pod, List<Clamp> clamps, Instant now) {
    return new EventDraft(
        Regarding.of(pod.pod()),
        EventType.WARNING,
        EventReasons.REQUIREMENT_CLAMPED,
        clamps.getFirst().by().name(),
        List.of(clamps.toString()),
        now,
        "Resolve",
        texts.clamped(pod, clamps),
        null,
        SimilarityKey.of(
            pod.pod(), pod.policy(), EventReasons.REQUIREMENT_CLAMPED, clamps.toString()));
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
