package io.listenbacklog.probe.symptom;

import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.netns.NetCounters;
import io.listenbacklog.policy.assess.OverflowEvidence;
import io.listenbacklog.probe.observe.VisitContext;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which listeners dropped connection attempts because their queue was full.
 *
 * <p>The namespace's counters are read only when the drops of a watched listener moved, for reading
 * them costs as much as dozens of look-ups: a sweep over a quiet node reads none. The baseline is
 * there before the first rise, from the first listing. Counters are always read after the
 * listeners: what overflows in between is in the counters, and moves the drops for the next look.
 * So an overflow may be missed in that gap, and none is ever proven by one of long ago.
 */
public final class OverflowDetector implements SymptomDetector {
  private static final Logger log = LoggerFactory.getLogger(OverflowDetector.class);

  private final Clocks clocks;
  private final RecurringErrors errors;

  public OverflowDetector(Clocks clocks, RecurringErrors errors) {
    this.clocks = clocks;
    this.errors = errors;
  }

  @Override
  public void look(VisitContext visit) {
    var namespace = visit.namespace();
    namespace.overflows.unseen(namespace.shared());
    var before = namespace.overflows.counters();
    boolean moved = false;
    for (var each : namespace.listeners.values()) {
      moved |= each.cgroupUid() != null && each.drops.unjudged() != 0;
    }
    if (before != null && !moved) {
      for (var each : namespace.listeners.values()) each.nothingOverflowed();
      return;
    }
    var now = read(visit.view(), namespace);
    if (now == null) return;
    var spec = visit.spec();
    if (before != null && spec != null) prove(visit.view(), namespace, spec, before, now);
    namespace.overflows.judged(now);
    for (var each : namespace.listeners.values()) each.judgeDrops();
  }

  private @Nullable NetCounters read(NamespaceView view, NamespaceState namespace) {
    String what = "counters of network namespace " + namespace.inode;
    try {
      var counters = view.counters();
      errors.over(what);
      return counters;
    } catch (IOException e) {
      errors.failed(what, e);
      return null;
    }
  }

  private void prove(
      NamespaceView view,
      NamespaceState namespace,
      NodeSpec spec,
      NetCounters before,
      NetCounters now) {
    long rose = now.listenOverflows() - before.listenOverflows();
    if (rose <= 0) return;
    long drops = 0;
    for (var each : namespace.listeners.values()) drops += each.drops.unjudged();
    var evidence =
        new OverflowEvidence(
            rose, drops, !namespace.overflows.othersUnseen() && nobodyElseMoved(view, namespace));
    for (var each : namespace.listeners.values()) {
      var pod = each.ownership.isNobodysOfPod() ? null : each.podThatAsks(spec);
      if (pod == null) continue;
      evidence
          .attempts(each.drops.evidence())
          .ifPresent(attempts -> overflowed(namespace, each, pod, attempts, spec));
    }
  }

  /**
   * Whether all that the counters show can be seen in the listeners: neither one that is not known
   * yet, nor one that overflowed after it was looked at and before the counters were read, must be
   * taken for another.
   */
  private static boolean nobodyElseMoved(NamespaceView view, NamespaceState namespace) {
    try {
      for (var each : view.listeners().all()) {
        var known = namespace.listeners.get(each.id().cookie());
        boolean still = known == null ? each.drops() == 0 : each.drops() == known.drops.count();
        if (!still && (known == null || known.drops.unjudged() == 0)) return false;
      }
      return true;
    } catch (IOException e) {
      return false; // then only a full queue proves
    }
  }

  /** What it grows to is raised by the remediation that follows. */
  private void overflowed(
      NamespaceState namespace,
      ListenerState listener,
      GovernedPod pod,
      long attempts,
      NodeSpec spec) {
    listener.drops.overflowed(attempts, listener.backlog());
    namespace.grow(
        listener,
        listener
            .growth()
            .overflowed(
                pod.requirement(), listener.place(), listener.backlog(), attempts, clocks.nanos()));
    boolean isFirst =
        listener.symptoms.overflowed(
            attempts, listener.queue(), listener.backlog(), clocks.now(), clocks.nanos());
    if (!isFirst) return;
    log.atInfo()
        .addKeyValue(LogKeys.POD, listener.podName(spec))
        .addKeyValue(LogKeys.LISTENER, listener.id.text())
        .addKeyValue(LogKeys.PID, listener.owner() == null ? 0 : listener.owner().pid())
        .addKeyValue(LogKeys.COUNT, attempts)
        .addKeyValue(LogKeys.BACKLOG, listener.backlog())
        .log("queue overflowed: connection attempts dropped");
  }
}
