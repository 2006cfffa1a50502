package io.listenbacklog.probe.loop;

import io.listenbacklog.probe.observe.Departures;
import io.listenbacklog.probe.observe.PreviousStatus;
import io.listenbacklog.probe.observe.WatchShares;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.NodeState;
import io.listenbacklog.probe.symptom.QueuePeaks;
import io.listenbacklog.probe.symptom.StallDetector;
import io.listenbacklog.probe.symptom.SynFloodDetector;
import io.listenbacklog.probe.telemetry.Counters;
import org.jspecify.annotations.Nullable;

/** What is done in each sweep before its first visit, after each, and after its last. */
record SweepEdges(
    NodeState node,
    WatchShares watchShares,
    SynFloodDetector synFloods,
    StallDetector stalls,
    QueuePeaks peaks,
    Departures departures,
    PreviousStatus previous,
    Publication publication,
    Counters counters) {

  void begin() {
    synFloods.beginSweep(node.namespaces().size());
    stalls.beginSweep();
    peaks.beginSweep();
    watchShares.beginSweep(node.namespaces());
  }

  /**
   * A sweep has visited a namespace, or could not: its listeners are as they were seen last. Done
   * at once, and not at its end, when what is known of thousands has left the processor's caches.
   */
  void visited(NamespaceState namespace, long now) {
    var spec = node.spec();
    for (var each : namespace.all()) {
      each.symptoms.forget(now);
      stalls.sweptBy(namespace, each, spec, now);
      peaks.sweptBy(namespace, each, spec, now);
    }
  }

  /** What is new was visited, and no sweep is under way. */
  void visitedBetween() {
    publication.changed();
  }

  /**
   * All namespaces were visited.
   *
   * @param begunWith the spec that was known when it began; null: none was
   */
  void end(NodeSpec.@Nullable Version begunWith, long begunNanos, long now) {
    departures.forgetGone(node);
    stalls.swept();
    peaks.swept();
    counters.sweeps.incrementAndGet();
    counters.sweepNanos.addAndGet(now - begunNanos);
    counters.lastSweepNanos.set(now - begunNanos);
    if (node.spec() != null) previous.swept();
    publication.sweepEnded(begunWith, now);
  }
}
