package io.listenbacklog.controller.report;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.controller.LogKeys;
import io.listenbacklog.controller.Trouble;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.NodeState;
import io.listenbacklog.policy.report.Alike;
import io.listenbacklog.policy.report.Crowd;
import io.listenbacklog.policy.report.Occurrence;
import io.listenbacklog.policy.report.Occurrences;
import io.listenbacklog.policy.report.Regarding;
import io.listenbacklog.policy.resolve.PodClamps;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.PodProblems;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the Events that the state of a node calls for, a node at a time. What waits is a set of
 * nodes and not of Events: so it is bounded by the cluster, and what a node has to tell is not lost
 * when there is more to tell than the pace allows, for its state still says it when its turn comes.
 */
public final class Reports {
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** How long a crowd may grow before its Event says how large it is. */
  private static final Duration CROWD_DELAY = Duration.ofSeconds(2);

  /** So many Events a node may have written before it is another's turn. */
  private static final int TURN = 20;

  private static final int TOO_MANY_REQUESTS = 429;

  private static final Logger log = LoggerFactory.getLogger(Reports.class);

  private final Cluster cluster;
  private final Occurrences occurrences;
  private final EventRecorder recorder;
  private final Pace pace;
  private final Duration crowdDelay;
  private final Clock clock;
  private final ScheduledExecutorService thread;

  private final Set<String> waiting = ConcurrentHashMap.newKeySet();

  /**
   * What is written of what a node's state calls for, by the names of the Events. Forgotten when
   * the state does not call for them any more. Only the one thread looks here.
   */
  private final Map<String, Map<String, Written>> written = new HashMap<>();

  private final Crowds crowds = new Crowds();
  private final Map<Crowd, Written> writtenOfCrowds = new HashMap<>();
  private boolean crowdsWait;

  private final Trouble trouble;

  /**
   * @param eventsPerSecond at most, after a burst of four times as many
   * @param thread exactly one
   */
  public Reports(
      Cluster cluster,
      Occurrences occurrences,
      EventRecorder recorder,
      int eventsPerSecond,
      Clock clock,
      ScheduledExecutorService thread) {
    this(
        cluster,
        occurrences,
        recorder,
        new Pace(eventsPerSecond, 4 * eventsPerSecond, System::nanoTime),
        CROWD_DELAY,
        clock,
        thread);
  }

  Reports(
      Cluster cluster,
      Occurrences occurrences,
      EventRecorder recorder,
      Pace pace,
      Duration crowdDelay,
      Clock clock,
      ScheduledExecutorService thread) {
    this.cluster = cluster;
    this.occurrences = occurrences;
    this.recorder = recorder;
    this.pace = pace;
    this.crowdDelay = crowdDelay;
    this.clock = clock;
    this.thread = thread;
    this.trouble = new Trouble(clock);
  }

  /** Has a node looked at soon. */
  public void touch(String node) {
    if (waiting.add(node)) thread.execute(() -> report(node));
  }

  /** How many nodes wait to be looked at. */
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
        .addKeyValue(LogKeys.CAUSE, e.getMessage())
        .log("cannot write Events, tries again");
  }

  /**
   * Counts what all nodes have to tell before the first of them tells it: else a controller that
   * has just begun would choose others than the one before it did.
   */
  private void countAll() {
    for (String each : waiting) {
      if (!crowds.knows(each)) crowds.put(each, calledFor(cluster.node(each)));
    }
  }

  private void say(String node) throws InterruptedException {
    List<Occurrence> called = calledFor(cluster.node(node));
    crowds.put(node, called);
    Map<String, Written> known = written.computeIfAbsent(node, _ -> new HashMap<>());
    known
        .keySet()
        .retainAll(
            called.stream()
                .flatMap(each -> each.eventNames().stream())
                .collect(Collectors.toSet()));
    int turn = 0;
    @Nullable KubernetesClientException refusal = null;
    for (Occurrence each : called) {
      if (turn == TURN) {
        touch(node);
        break;
      }
      try {
        if (say(each, known)) turn++;
      } catch (KubernetesClientException e) {
        if (!isOfOneAlone(e)) throw e;
        refusal = e;
      }
    }
    if (known.isEmpty()) written.remove(node);
    if (called.isEmpty()) crowds.forget(node);
    if (crowds.hasChanged()) sayOfCrowdsIn(crowdDelay);
    if (refusal != null) throw refusal;
  }

  /**
   * Whether the API server answers something else to others: a namespace may have a quota of Events
   * or an admission of its own.
   */
  private static boolean isOfOneAlone(KubernetesClientException e) {
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_UNAUTHORIZED,
          HttpURLConnection.HTTP_CLIENT_TIMEOUT,
          TOO_MANY_REQUESTS ->
          false;
      default -> e.getCode() >= 400 && e.getCode() < 500;
    };
  }

  /** Writes what is to be written of it; false: nothing is. */
  private boolean say(Occurrence occurrence, Map<String, Written> known)
      throws InterruptedException {
    Written before =
        occurrence.eventNames().stream()
            .map(known::get)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    if (before == null && !crowds.isOwn(occurrence)) return false;
    Written now = write(before, occurrence);
    occurrence.eventNames().forEach(name -> known.put(name, now));
    return !now.equals(before);
  }

  private Written write(@Nullable Written before, Occurrence occurrence)
      throws InterruptedException {
    Written there = before;
    if (there == null) {
      Thread.sleep(pace.take());
      there = recorder.record(occurrence);
    }
    if (occurrence.series() == null || !there.isBehind(occurrence.series())) return there;
    Thread.sleep(pace.take());
    return recorder.repeat(there, occurrence);
  }

  private void sayOfCrowdsIn(Duration delay) {
    if (crowdsWait) return;
    crowdsWait = true;
    var _ = thread.schedule(this::sayOfCrowds, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void sayOfCrowds() {
    crowdsWait = false;
    var left = new ArrayList<>(crowds.takeChanged());
    var refused = new ArrayList<Crowd>();
    try {
      while (!left.isEmpty()) {
        try {
          say(left.getLast());
        } catch (KubernetesClientException e) {
          if (!isOfOneAlone(e)) throw e;
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
    crowds.giveBack(left);
    sayOfCrowdsIn(RETRY);
  }

  private void say(Crowd crowd) throws InterruptedException {
    int others = crowds.others(crowd);
    PolicyReference policy = crowd.policy();
    // The probe says which policy it is, and may say anything; or the policy is gone by now.
    boolean isNobodys = policy != null && !cluster.has(policy);
    if (others == 0 || isNobodys) {
      writtenOfCrowds.remove(crowd);
      return;
    }
    var occurrence = occurrences.of(crowd, others, Crowds.OWN, clock.instant());
    writtenOfCrowds.put(crowd, write(writtenOfCrowds.get(crowd), occurrence));
  }

  private List<Occurrence> calledFor(NodeState node) {
    var called = new ArrayList<Occurrence>();
    var now = clock.instant();
    NodeBacklogStatus status = node.backlog() == null ? null : node.backlog().getStatus();
    if (status != null) {
      occurrences.of(status, pod -> isAnnotated(node.node(), pod), now).stream()
          // Of a pod that is gone nobody reads; and of pods elsewhere a probe has nothing to tell.
          .filter(occurrence -> isThere(node.node(), occurrence.regarding()))
          .filter(Reports::isOfItsNamespace)
          .forEach(called::add);
    }
    for (PodProblems each : node.resolution().problems()) called.addAll(occurrences.of(each, now));
    for (PodClamps each : node.resolution().clamps()) called.addAll(occurrences.of(each, now));
    return called;
  }

  private boolean isAnnotated(String node, PodReference pod) {
    return cluster.pod(node, pod).map(PodFacts::asksByAnnotation).orElse(false);
  }

  /** Whether its policy can govern its pod at all: a probe may claim that another's does. */
  private static boolean isOfItsNamespace(Occurrence occurrence) {
    Alike alike = occurrence.alike();
    if (alike == null || alike.policy() == null) return true;
    String namespace = alike.policy().namespace();
    return namespace == null || namespace.equals(occurrence.regarding().namespace());
  }

  private boolean isThere(String node, Regarding pod) {
    var reference = new PodReference(pod.uid(), requireNonNull(pod.namespace()), pod.name());
    return cluster.pod(node, reference).isPresent();
  }
}
