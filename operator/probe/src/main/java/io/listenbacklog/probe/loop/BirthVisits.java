package io.listenbacklog.probe.loop;

import io.listenbacklog.probe.budget.Allowance;
import io.listenbacklog.probe.budget.StepBudget;
import io.listenbacklog.probe.discover.KnownProcess;
import io.listenbacklog.probe.observe.VisitScope;
import io.listenbacklog.probe.state.NodeState;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Looks at listeners that were just born, within each pod's share of the loop's time. */
final class BirthVisits {
  private final Clocks clocks;
  private final StepBudget step;
  private final NodeState node;
  private final PendingBirths births;
  private final Allowance time;
  private final Visits visits;
  private final Counters counters;
  private final RecurringErrors errors;
  private final Publication publication;

  BirthVisits(
      Clocks clocks,
      StepBudget step,
      NodeState node,
      PendingBirths births,
      Allowance time,
      Visits visits,
      Counters counters,
      RecurringErrors errors,
      Publication publication) {
    this.clocks = clocks;
    this.step = step;
    this.node = node;
    this.births = births;
    this.time = time;
    this.visits = visits;
    this.counters = counters;
    this.errors = errors;
    this.publication = publication;
  }

  /**
   * The kernel reported one: it is looked at now, unless its pod has used up its share. Those are
   * left to a step: behind thousands of them a new spec would wait for a look at each.
   *
   * @return false if too many wait: then a listing must find it
   */
  boolean born(int thread, int port) {
    counters.births.incrementAndGet();
    boolean taken = births.add(thread, port, clocks.nanos());
    lookAtDue();
    return taken;
  }

  /** Until when there is nothing to do. */
  long idleNanos(long now) {
    return births.idleNanos(now);
  }

  /** Looks at those that are due, and then at those of pods that have used up their share. */
  void step() {
    lookAtDue();
    while (!step.spent()) {
      var postponed = births.nextPostponed(clocks.nanos());
      if (postponed.isEmpty()) return;
      look(postponed.get(), true);
      lookAtDue();
    }
  }

  private void lookAtDue() {
    while (!step.spent()) {
      var due = births.next(clocks.nanos());
      if (due.isEmpty()) return;
      look(due.get(), false);
    }
  }

  private void look(PendingBirths.Birth birth, boolean wasPostponed) {
    var spec = node.spec();
    if (spec == null) return;
    try {
      long now = clocks.nanos();
      if (!wasPostponed && isBeyondShare(birth, births.asLast(birth, now), now)) return;
      var process = births.process(birth, spec);
      if (process == null || process.cgroupUid() == null) return;
      if (!spec.pods().containsKey(process.cgroupUid())) return;
      now = clocks.nanos();
      if (!wasPostponed && isBeyondShare(birth, process, now)) return;
      var namespace = node.ofBirth(process.namespace());
      counters.birthsOfPods.incrementAndGet();
      boolean seen =
          visits.visit(namespace, new VisitScope.NewListener(birth.port(), process.pid()));
      long took = clocks.nanos() - now;
      if (wasPostponed) births.spentOnPostponed(took, clocks.nanos());
      else time.spend(process.cgroupUid(), took, clocks.nanos());
      if (seen) {
        visits.attributeLater(namespace);
        publication.changed();
      } else {
        births.again(birth, process, clocks.nanos());
      }
      errors.over("births");
    } catch (IOException | RuntimeException e) {
      errors.failed("births", e);
    }
  }

  /** Whether its pod has used up its share of time: then it waits, or a sweep must find it. */
  private boolean isBeyondShare(
      PendingBirths.Birth birth, @Nullable KnownProcess process, long now) {
    if (process == null || process.cgroupUid() == null) return false;
    if (time.waitNanos(process.cgroupUid(), now) == 0) return false;
    if (!births.postpone(birth, process)) leaveToSweep(process);
    return true;
  }

  /** A pod that has more births than its share of time lets one look at. */
  private void leaveToSweep(KnownProcess process) {
    counters.birthsLeft.incrementAndGet();
    var namespace = node.namespace(process.namespace());
    if (namespace != null) namespace.listAnew();
  }
}
