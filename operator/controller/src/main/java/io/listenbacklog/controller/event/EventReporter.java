package io.listenbacklog.controller.event;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.NodeState;
import io.listenbacklog.controller.failure.ApiFailure;
import io.listenbacklog.controller.telemetry.LogKeys;
import io.listenbacklog.controller.telemetry.LogThrottle;
import io.listenbacklog.policy.event.AggregateKey;
import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.event.EventPlanner;
import io.listenbacklog.policy.event.Regarding;
import io.listenbacklog.policy.event.SimilarityKey;
import io.listenbacklog.policy.event.kind.Series;
import io.listenbacklog.policy.resolve.KubeletProbes;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.annotation.PodProblems;
import io.listenbacklog.policy.resolve.limit.PodClamps;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the Events that the state of a node calls for, one node at a time. The queue holds nodes,
 * not Events: its length is bounded by the cluster, and nothing is lost when Events are rate
 * limited, because the node's state still calls for them when its turn comes.
 */
public final class EventReporter {
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** How long an aggregate may grow before its Event says how large it is. */
  private static final Duration AGGREGATION_DELAY = Duration.ofSeconds(2);

  /** How many Events of one node are written before the next node's turn. */
  private static final int TURN = 20;

  /** When what may not be written now is tried again. */
  private static final Duration LATER = RecordedEvent.PAUSE;

  private static final Duration HOUR = Duration.ofHours(1);

  /** For how many pods and namespaces the number of withheld Events is kept. */
  private static final int MOST_RESTS = 10_000;

  private static final Logger log = LoggerFactory.getLogger(EventReporter.class);

  private final Cluster cluster;
  private final EventPlanner occurrences;
  private final EventRecorder recorder;
  private final TokenBucket pace;
  private final Duration aggregationDelay;
  private final Clock clock;
  private final ScheduledExecutorService thread;

  private final Set<String> waiting = ConcurrentHashMap.newKeySet();

  /**
   * The Events written for the state of a node, by name; forgotten when the state no longer calls
   * for them. Used by the one thread alone.
   */
  private final Map<String, Map<String, RecordedEvent>> written = new HashMap<>();

  private final EventAggregation aggregates = new EventAggregation();
  private final Map<AggregateKey, RecordedEvent> writtenAggregates = new HashMap<>();
  private boolean aggregatesPending;

  private final Quota quota = new Quota();

  /** Counts what has no Event of its own because there are enough. */
  private static final class Rest {
    int count;
    @Nullable RecordedEvent written;
  }

  private final Map<Quota.Subject, Rest> rests = new BoundedMap<>(MOST_RESTS);
  private final Map<String, Rest> restsOfNamespaces = new BoundedMap<>(MOST_RESTS);

  private final Set<String> later = new HashSet<>();
  private final Instant began;

  private final LogThrottle trouble;

  /**
   * @param eventsPerSecond at most, after a burst of four times as many
   * @param thread exactly one
   */
  public EventReporter(
      Cluster cluster,
      EventPlanner occurrences,
      EventRecorder recorder,
      int eventsPerSecond,
      Clock clock,
      ScheduledExecutorService thread) {
    this(
        cluster,
        occurrences,
        recorder,
        new TokenBucket(eventsPerSecond, 4 * eventsPerSecond, System::nanoTime),
        AGGREGATION_DELAY,
        clock,
        thread);
  }

  EventReporter(
      Cluster cluster,
      EventPlanner occurrences,
      EventRecorder recorder,
      TokenBucket pace,
      Duration aggregationDelay,
      Clock clock,
      ScheduledExecutorService thread) {
    this.cluster = cluster;
    this.occurrences = occurrences;
    this.recorder = recorder;
    this.pace = pace;
    this.aggregationDelay = aggregationDelay;
    this.clock = clock;
    this.thread = thread;
    this.trouble = new LogThrottle(clock);
    this.began = clock.instant();
  }

  /** Queues a node. */
  public void enqueue(String node) {
    if (waiting.add(node)) thread.execute(() -> report(node));
  }

  /** How many nodes are queued. */
  public int waiting() {
    return waiting.size();
  }

  private void report(String node) {
    // First: what changes from now on must not be taken for part of what is about to be read.
    waiting.remove(node);
    try {
      countAll();
      say(node);
      trouble.over();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (KubernetesClientException e) {
      said(e, node);
      if (waiting.add(node)) {
        var _ = thread.schedule(() -> report(node), RETRY.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (RuntimeException e) {
      log.atError().addKeyValue(LogKeys.NODE, node).setCause(e).log("cannot report");
    }
  }

  private void said(KubernetesClientException e, String node) {
    if (!trouble.isNews()) return;
    log.atWarn()
        .addKeyValue(LogKeys.NODE, node)
        .addKeyValue(LogKeys.CAUSE, ApiFailure.text(e))
        .log("cannot write Events, retrying");
  }

  /**
   * Counts the drafts of all nodes before the first Event is written: else a new leader would
   * choose other pods than the one before it.
   */
  private void countAll() {
    for (String each : waiting) {
      if (!aggregates.knows(each)) aggregates.put(each, calledFor(cluster.node(each)));
    }
  }

  private void say(String node) throws InterruptedException {
    List<EventDraft> called = calledFor(cluster.node(node));
    aggregates.put(node, called);
    Map<String, RecordedEvent> known = written.computeIfAbsent(node, _ -> new HashMap<>());
    known
        .keySet()
        .retainAll(
            called.stream()
                .flatMap(each -> each.eventNames().stream())
                .collect(Collectors.toSet()));
    int turn = 0;
    @Nullable KubernetesClientException refusal = null;
    for (EventDraft each : called) {
      if (turn == TURN) {
        enqueue(node);
        break;
      }
      try {
        if (say(each, node, known)) turn++;
      } catch (KubernetesClientException e) {
        if (!ApiFailure.isOfOneAlone(e)) throw e;
        refusal = e;
      }
    }
    if (known.isEmpty()) written.remove(node);
    if (called.isEmpty()) aggregates.forget(node);
    if (aggregates.hasChanged()) sayOfAggregatesIn(aggregationDelay);
    if (refusal != null) throw refusal;
  }

  /** Writes what is to be written of it; false: nothing is. */
  private boolean say(EventDraft occurrence, String node, Map<String, RecordedEvent> known)
      throws InterruptedException {
    RecordedEvent before =
        occurrence.eventNames().stream()
            .map(known::get)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    if (RecordedEvent.HELD.equals(before)) return false;
    if (before == null && !aggregates.isOwn(occurrence)) return false;
    RecordedEvent there;
    if (before == null || before.equals(RecordedEvent.DELAYED)) {
      RecordedEvent placeholder = placeholder(occurrence, before, node);
      there = placeholder == null ? write(null, occurrence) : placeholder;
    } else {
      there = isBehind(occurrence, before, node) ? write(before, occurrence) : before;
    }
    occurrence.eventNames().forEach(name -> known.put(name, there));
    return !there.equals(RecordedEvent.HELD)
        && !there.equals(RecordedEvent.DELAYED)
        && !there.equals(before);
  }

  /** Whether a written Event is to be updated now; if later, the node is queued for then. */
  private boolean isBehind(EventDraft occurrence, RecordedEvent before, String node) {
    Series series = occurrence.series();
    if (series == null || series.count() <= before.count()) return false;
    boolean now =
        before.isBehind(series) && quota.isRoomIn(occurrence.regarding(), clock.instant());
    if (!now && series.ended()) enqueueLater(node);
    return now;
  }

  /**
   * Null where an Event may be written; else a placeholder for it.
   *
   * @param before null: nobody has counted it yet
   */
  private @Nullable RecordedEvent placeholder(
      EventDraft occurrence, @Nullable RecordedEvent before, String node)
      throws InterruptedException {
    lookBack(occurrence);
    return switch (quota.ask(occurrence, clock.instant())) {
      case YES -> null;
      case ENOUGH_OF_THAT -> {
        // An Event that an earlier controller wrote is updated as before.
        var written =
            before == null && isFirstHour()
                ? recorder.find(occurrence)
                : Optional.<RecordedEvent>empty();
        if (written.isPresent()) yield written.get();
        recorder.held(occurrence);
        var rest = rests.computeIfAbsent(Quota.Subject.of(occurrence), _ -> new Rest());
        rest.count++;
        sayRest(rest, occurrences.tooMany(occurrence, rest.count, clock.instant()));
        yield RecordedEvent.HELD;
      }
      case NOT_NOW -> {
        enqueueLater(node);
        if (before == null) {
          recorder.held(occurrence);
          String namespace = occurrence.regarding().eventNamespace();
          var rest = restsOfNamespaces.computeIfAbsent(namespace, _ -> new Rest());
          rest.count++;
          sayRest(rest, occurrences.heldBack(namespace, rest.count, clock.instant()));
        }
        yield RecordedEvent.DELAYED;
      }
    };
  }

  /**
   * What the controller before this one wrote in the last hour counts too: where it wrote enough,
   * there is an Event that counts the rest. It is looked for before the first of a pod and reason.
   */
  private void lookBack(EventDraft occurrence) {
    Instant now = clock.instant();
    var subject = Quota.Subject.of(occurrence);
    if (!isFirstHour() || quota.count(subject, now) != 0) return;
    if (!quota.isRoomIn(occurrence.regarding(), now)) return; // asked again when there is
    recorder
        .find(occurrences.tooMany(occurrence, 1, now))
        .filter(there -> there.last().plus(HOUR).isAfter(now))
        .ifPresent(_ -> quota.fill(subject, now));
  }

  private boolean isFirstHour() {
    return !clock.instant().isAfter(began.plus(HOUR));
  }

  private void sayRest(Rest rest, EventDraft occurrence) throws InterruptedException {
    RecordedEvent there = rest.written;
    if (there == null) {
      Thread.sleep(pace.take());
      there = recorder.record(occurrence);
      if (there.count() > rest.count) rest.count += there.count(); // of the controller before
      rest.written = there;
    } else if (there.isBehind(requireNonNull(occurrence.series()))) {
      Thread.sleep(pace.take());
      rest.written = recorder.repeat(there, occurrence);
    }
  }

  private void enqueueLater(String node) {
    if (!later.add(node)) return;
    var _ =
        thread.schedule(
            () -> {
              later.remove(node);
              enqueue(node);
            },
            LATER.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private RecordedEvent write(@Nullable RecordedEvent before, EventDraft occurrence)
      throws InterruptedException {
    RecordedEvent there = before;
    if (there == null) {
      Thread.sleep(pace.take());
      there = recorder.record(occurrence);
      quota.wrote(occurrence, clock.instant());
    }
    if (occurrence.series() == null || !there.isBehind(occurrence.series())) return there;
    Thread.sleep(pace.take());
    quota.repeated(occurrence, clock.instant());
    return recorder.repeat(there, occurrence);
  }

  private void sayOfAggregatesIn(Duration delay) {
    if (aggregatesPending) return;
    aggregatesPending = true;
    var _ = thread.schedule(this::sayOfAggregates, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void sayOfAggregates() {
    aggregatesPending = false;
    var left = new ArrayList<>(aggregates.takeChanged());
    var refused = new ArrayList<AggregateKey>();
    try {
      while (!left.isEmpty()) {
        try {
          say(left.getLast());
        } catch (KubernetesClientException e) {
          if (!ApiFailure.isOfOneAlone(e)) throw e;
          said(e, "");
          refused.add(left.getLast());
        }
        left.removeLast();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (KubernetesClientException e) {
      said(e, "");
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("cannot report");
      left.removeLast();
    }
    left.addAll(refused);
    if (left.isEmpty()) return;
    aggregates.giveBack(left);
    sayOfAggregatesIn(RETRY);
  }

  private void say(AggregateKey aggregate) throws InterruptedException {
    int others = aggregates.others(aggregate);
    PolicyReference policy = aggregate.policy();
    // The policy's name comes from the probe, which is not trusted; or the policy is gone by now.
    boolean isNobodys = policy != null && !cluster.has(policy);
    if (others == 0 || isNobodys) {
      writtenAggregates.remove(aggregate);
      return;
    }
    var occurrence = occurrences.of(aggregate, others, EventAggregation.OWN, clock.instant());
    RecordedEvent before = writtenAggregates.get(aggregate);
    if (before == null && quota.ask(occurrence, clock.instant()) != Quota.Answer.YES) {
      recorder.held(occurrence);
      return;
    }
    writtenAggregates.put(aggregate, write(before, occurrence));
  }

  private List<EventDraft> calledFor(NodeState node) {
    var called = new ArrayList<EventDraft>();
    var now = clock.instant();
    NodeBacklogStatus status = node.backlog() == null ? null : node.backlog().getStatus();
    if (status != null) {
      occurrences
          .of(status, pod -> isAnnotated(node.node(), pod), pod -> probesOf(node.node(), pod), now)
          .stream()
          // Nobody reads Events of a pod that is gone, and a probe may not report pods of other
          // nodes.
          .filter(occurrence -> isThere(node.node(), occurrence.regarding()))
          .filter(EventReporter::isOfItsNamespace)
          .forEach(called::add);
    }
    for (PodProblems each : node.resolution().problems()) called.addAll(occurrences.of(each, now));
    for (PodClamps each : node.resolution().clamps()) called.addAll(occurrences.of(each, now));
    return called;
  }

  private KubeletProbes probesOf(String node, PodReference pod) {
    return cluster.pod(node, pod).map(PodFacts::probes).orElse(KubeletProbes.NONE);
  }

  private boolean isAnnotated(String node, PodReference pod) {
    return cluster.pod(node, pod).map(PodFacts::asksByAnnotation).orElse(false);
  }

  /** Whether its policy can govern its pod at all: a probe may claim that another's does. */
  private static boolean isOfItsNamespace(EventDraft occurrence) {
    SimilarityKey alike = occurrence.alike();
    if (alike == null || alike.policy() == null) return true;
    String namespace = alike.policy().namespace();
    return namespace == null || namespace.equals(occurrence.regarding().namespace());
  }

  private boolean isThere(String node, Regarding pod) {
    var reference = new PodReference(pod.uid(), requireNonNull(pod.namespace()), pod.name());
    return cluster.pod(node, reference).isPresent();
  }
}
