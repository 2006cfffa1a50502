package io.listenbacklog.probe.remedy;

import io.listenbacklog.probe.budget.StepBudget;
import io.listenbacklog.probe.observe.Sightings;
import io.listenbacklog.probe.observe.VisitContext;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.ListenerState;
import java.io.IOException;
import java.util.List;

/** Does for each listener of a namespace what its requirement asks, as far as a step has time. */
public final class NamespaceRemediation {
  private final StepBudget step;
  private final ListenerRemediation remediation;

  public NamespaceRemediation(StepBudget step, ListenerRemediation remediation) {
    this.step = step;
    this.remediation = remediation;
  }

  /**
   * Remediates what was seen; what the step has no time for waits.
   *
   * @param seen all that this visit has seen
   * @param changed those of them that are new or have another backlog
   */
  public void remediate(VisitContext visit, Sightings seen, List<ListenerState> changed)
      throws IOException {
    var spec = visit.spec();
    if (spec == null) return;
    if (visit.isForBirth()) {
      // A group of thousands at one port is judged by sweeps: only what is new to them is judged.
      for (var each : changed) remediate(visit, each, spec);
      return;
    }
    var namespace = visit.namespace();
    for (int index = 0; index < seen.size(); index++) {
      var listener = seen.known(index);
      if (listener != null && !remediation.isSettled(listener)) namespace.judgeLater(listener);
    }
    namespace.unix.values().forEach(namespace::judgeLater);
    goOn(visit);
  }

  /** Goes on with those that wait, as many as the step has time for. */
  public void goOn(VisitContext visit) throws IOException {
    var spec = visit.spec();
    if (spec == null) return;
    var namespace = visit.namespace();
    step.leaveHalf();
    for (var next = namespace.nextToJudge(); next != null; next = namespace.nextToJudge()) {
      if (namespace.has(next)) remediate(visit, next, spec);
      if (step.spent()) break;
    }
  }

  private void remediate(VisitContext visit, ListenerState listener, NodeSpec spec)
      throws IOException {
    if (listener.cgroupUid() == null) return;
    // What is asked of it is not understood: it may as well be what was done already.
    if (spec.unread().containsKey(listener.cgroupUid())) return;
    remediation.remediate(visit, listener, spec.pods().get(listener.cgroupUid()));
  }
}
