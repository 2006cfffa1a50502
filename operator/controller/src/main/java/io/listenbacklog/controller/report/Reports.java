package io.listenbacklog.controller.report;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.controller.LogKeys;
import io.listenbacklog.controller.Trouble;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.NodeState;
import io.listenbacklog.policy.report.Occurrence;
import io.listenbacklog.policy.report.Occurrences;
import io.listenbacklog.policy.resolve.PodClamps;
import io.listenbacklog.policy.resolve.PodProblems;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the Events that the state of a node calls for, a node at a time. What waits is a set of
 * nodes and not of Events: so it is bounded by the cluster, and what a node has to tell is not lost
 * when there is more to tell than the pace allows, for its state still says it when its turn comes.
 */
public final class Reports {
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(Reports.class);

  private final Cluster cluster;
  private final Occurrences occurrences;
  private final EventRecorder recorder;
  private final Pace pace;
  private final Clock clock;
  private final ScheduledExecutorService thread;

  private final Set<String> waiting = ConcurrentHashMap.newKeySet();

  /**
   * Names of the Events that a node's state calls for and that are written. Forgotten when the
   * state does not call for them any more. Only the one thread looks here.
   */
  private final Map<String, Set<String>> written = new HashMap<>();

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
    this.cluster = cluster;
    this.occurrences = occurrences;
    this.recorder = recorder;
    this.pace = new Pace(eventsPerSecond, 4 * eventsPerSecond, System::nanoTime);
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
      say(node);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (KubernetesClientException e) {
      if (trouble.isNews()) {
        log.atWarn()
            .addKeyValue(LogKeys.NODE, node)
            .addKeyValue(LogKeys.CAUSE, e.getMessage())
            .log("cannot write Events, tries again");
      }
      if (waiting.add(node)) {
        var _ = thread.schedule(() -> report(node), RETRY.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (RuntimeException e) {
      log.atError().addKeyValue(LogKeys.NODE, node).setCause(e).log("cannot report");
    }
  }

  private void say(String node) throws InterruptedException {
    Set<String> known = written.computeIfAbsent(node, _ -> new HashSet<>());
    var called = new HashSet<String>();
    for (Occurrence each : calledFor(cluster.node(node))) {
      String name = each.eventName();
      called.add(name);
      if (known.contains(name)) continue;
      Thread.sleep(pace.take());
      recorder.record(each);
      known.add(name);
    }
    trouble.over();
    known.retainAll(called);
    if (known.isEmpty()) written.remove(node);
  }

  private List<Occurrence> calledFor(NodeState node) {
    var called = new ArrayList<Occurrence>();
    var now = clock.instant();
    NodeBacklogStatus status = node.backlog() == null ? null : node.backlog().getStatus();
    if (status != null) {
      occurrences.of(status, now).stream()
          // Of a pod that is gone nobody reads; and of pods elsewhere a probe has nothing to tell.
          .filter(occurrence -> cluster.isOn(node.node(), occurrence.pod()))
          .forEach(called::add);
    }
    for (PodProblems each : node.resolution().problems()) called.addAll(occurrences.of(each, now));
    for (PodClamps each : node.resolution().clamps()) called.addAll(occurrences.of(each, now));
    return called;
  }
}
