package io.listenbacklog.probe.loop;

import io.listenbacklog.probe.observe.Departures;
import io.listenbacklog.probe.observe.ListenerIntake;
import io.listenbacklog.probe.observe.PreviousStatus;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NodeState;
import io.listenbacklog.probe.symptom.QueuePeaks;
import io.listenbacklog.probe.symptom.StallDetector;
import io.listenbacklog.probe.symptom.SynFloodDetector;
import io.listenbacklog.probe.telemetry.Counters;
import org.jspecify.annotations.Nullable;

/** What is done once in each sweep, before its first visit and after its last. */
record SweepEdges(
    NodeState node,
    ListenerIntake intake,
    SynFloodDetector synFloods,
    StallDetector stalls,
    QueuePeaks peaks,
    Departures departures,
    PreviousStatus previous,
    Publication publication,
    Counters counters) {

  void begin() {
    synFloods.beginSweep(node.namespaces().size());
    intake.beginSweep(node.namespaces());
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
    forgetSymptoms(now);
    stalls.swept(node.namespaces(), node.spec());
    peaks.swept(node.namespaces(), node.spec());
    counters.sweeps.incrementAndGet();
    counters.sweepNanos.addAndGet(now - begunNanos);
    counters.lastSweepNanos.set(now - begunNanos);
    if (node.spec() != null) previous.swept();
    publication.sweepEnded(begunWith, now);
  }

  private void forgetSymptoms(long now) {
    for (var namespace : node.namespaces()) {
      for (var each : namespace.all()) each.symptoms.forget(now);
    }
  }
}
