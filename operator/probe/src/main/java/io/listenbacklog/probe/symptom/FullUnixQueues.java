package io.listenbacklog.probe.symptom;

import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.probe.observe.VisitContext;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.time.Clocks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds UNIX listeners whose queues are full. They have no counter of drops: a queue that is full
 * at two looks in a row is what can be known.
 */
public final class FullUnixQueues implements SymptomDetector {
  private static final Logger log = LoggerFactory.getLogger(FullUnixQueues.class);

  private static final int LOOKS = 2;

  private final Clocks clocks;

  public FullUnixQueues(Clocks clocks) {
    this.clocks = clocks;
  }

  @Override
  public void look(VisitContext visit) {
    var spec = visit.spec();
    if (spec == null || visit.namespace().unix.isEmpty()) return;
    for (var each : visit.namespace().unix.values()) {
      if (each.lookWhetherFull() >= LOOKS && isGoverned(each, spec)) report(each, spec);
    }
  }

  private static boolean isGoverned(ListenerState listener, NodeSpec spec) {
    var pod = listener.podThatAsks(spec);
    return pod != null && pod.requirement().unix() != UnixListeners.IGNORE;
  }

  private void report(ListenerState listener, NodeSpec spec) {
    boolean isFirst =
        listener.symptoms.overflowed(
            0, listener.queue(), listener.backlog(), clocks.now(), clocks.nanos());
    if (!isFirst) return;
    log.atInfo()
        .addKeyValue(LogKeys.POD, listener.podName(spec))
        .addKeyValue(LogKeys.LISTENER, listener.id.text())
        .addKeyValue(LogKeys.PID, listener.owner() == null ? 0 : listener.owner().pid())
        .addKeyValue(LogKeys.BACKLOG, listener.backlog())
        .log("queue is full");
  }
}
