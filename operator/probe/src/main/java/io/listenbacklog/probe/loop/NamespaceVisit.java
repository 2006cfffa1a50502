package io.listenbacklog.probe.loop;

import io.listenbacklog.kernel.linux.Reason;
import io.listenbacklog.probe.observe.ListenerIntake;
import io.listenbacklog.probe.observe.ListenerListing;
import io.listenbacklog.probe.observe.NamespaceEntry;
import io.listenbacklog.probe.observe.PodAttribution;
import io.listenbacklog.probe.observe.SandboxDetector;
import io.listenbacklog.probe.observe.UnixListing;
import io.listenbacklog.probe.observe.VisitContext;
import io.listenbacklog.probe.observe.VisitScope;
import io.listenbacklog.probe.remedy.NamespaceRemediation;
import io.listenbacklog.probe.remedy.SysctlFloors;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.symptom.SymptomDetector;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done in one network namespace, and in which order. Never throws: a bad one is one alone.
 * Where a step has no time to judge, raise or put back all of its listeners, the rest is left to
 * later steps.
 *
 * @param detectors of symptoms that are looked for at each sweep
 */
record NamespaceVisit(
    Clocks clocks,
    RecurringErrors errors,
    NamespaceEntry entry,
    SandboxDetector sandboxes,
    SysctlFloors floors,
    ListenerIntake intake,
    UnixListing unix,
    PodAttribution attribution,
    List<SymptomDetector> detectors,
    NamespaceRemediation remediation) {

  private static final String WHAT = "network namespace ";

  /**
   * Makes one visit.
   *
   * @param spec null: not known yet, so nothing is judged and nothing done
   * @return whether it could be made, and showed something that was not known before
   */
  boolean run(NamespaceState namespace, VisitScope scope, @Nullable NodeSpec spec) {
    try {
      var changed =
          entry.visitThroughAny(
              namespace,
              scope.likelyPid(),
              view -> steps(new VisitContext(view, namespace, scope, spec)));
      if (changed.isEmpty()) return false;
      namespace.visited(clocks.nanos(), sandboxes.hiding(namespace, spec));
      errors.over(WHAT, namespace.inode);
      return changed.get();
    } catch (IOException | RuntimeException e) {
      namespace.notVisited(Reason.of(e));
      errors.failed(WHAT + namespace.inode, e);
      return false;
    }
  }

  /** The way of the data, a step a line. */
  private boolean steps(VisitContext visit) throws IOException {
    if (visit.isForRest()) return finishRest(visit);
    boolean steady = floors.keep(visit);
    var seen = ListenerListing.list(visit);
    floors.readWhereBacklogsChanged(visit, seen);
    var changed = intake.take(visit, seen, steady);
    boolean unixChanged = unix.take(visit);
    attribution.attribute(visit, seen);
    detect(visit);
    remediation.remediate(visit, seen, changed);
    floors.settle(visit);
    return unixChanged || !changed.isEmpty();
  }

  /** Nothing is read: an earlier visit had no time for all that it had seen. */
  private boolean finishRest(VisitContext visit) throws IOException {
    remediation.goOn(visit);
    floors.settle(visit);
    return false;
  }

  private void detect(VisitContext visit) {
    if (!visit.isOfSweep()) return;
    for (var each : detectors) each.look(visit);
  }
}
