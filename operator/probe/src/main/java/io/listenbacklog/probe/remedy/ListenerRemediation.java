package io.listenbacklog.probe.remedy;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.policy.assess.Assessment;
import io.listenbacklog.policy.assess.Demand;
import io.listenbacklog.probe.budget.StepBudget;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.NamespaceSysctl;
import io.listenbacklog.probe.state.Surroundings;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.telemetry.LogNames;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges one listener, and does what its requirement allows about it. */
public final class ListenerRemediation {
  private static final Logger log = LoggerFactory.getLogger(ListenerRemediation.class);

  /**
   * What somaxconn is where it cannot be read, as in a namespace of a user namespace up to Linux
   * 6.2 (SOMAXCONN, include/linux/socket.h, since 5.4).
   */
  private static final int USUAL_SOMAXCONN = 4096;

  private final Surroundings around;
  private final StepBudget step;
  private final RaisePermit permit;
  private final BacklogRemedy backlogs;
  private final SysctlRemedy somaxconns;

  public ListenerRemediation(
      Surroundings around,
      StepBudget step,
      RaisePermit permit,
      BacklogRemedy backlogs,
      SysctlRemedy somaxconns) {
    this.around = around;
    this.step = step;
    this.permit = permit;
    this.backlogs = backlogs;
    this.somaxconns = somaxconns;
  }

  /**
   * Judges and acts.
   *
   * @param pod whose listener it is; null: no requirement governs that pod (any more)
   * @param likelyPid the process that most likely holds the socket; 0: not known
   */
  public void judge(
      NamespaceView view,
      NamespaceState namespace,
      ListenerState listener,
      @Nullable GovernedPod pod,
      int likelyPid)
      throws IOException {
    Demand demand = demand(listener, pod);
    JournalEntry.Backlog entry = backlogs.settle(namespace, listener).orElse(null);
    if (entry != null && pod != null) entry = underThePolicyOfNow(entry, pod);
    boolean wanted =
        pod != null
            && demand instanceof Demand.AtLeast
            && pod.requirement().allows(Remedy.RELISTEN);
    if (!wanted) {
      if (entry != null) backlogs.undo(namespace, listener, entry);
      else backlogs.endContest(listener);
      listener.growth.forget();
    } else if (demand instanceof Demand.AtLeast asked) {
      demand = asked.grownTo(listener.growth.target());
    }

    var assessment = assess(demand, listener, namespace);
    if (assessment instanceof Assessment.Undersized(_, int required, _)
        && pod != null
        && pod.requirement().mode() == Mode.ENFORCE
        && permit.isGiven()) {
      remedy(view, namespace, listener, pod, required, likelyPid);
      assessment = assess(demand, listener, namespace);
    } else if (wanted || entry == null) {
      listener.hindrance = null;
    }
    note(listener, pod, assessment);
  }

  /** Of what is not the pod's nothing is asked. */
  private static Demand demand(ListenerState listener, @Nullable GovernedPod pod) {
    return pod == null || listener.isNobodysOfPod
        ? new Demand.Nothing()
        : pod.requirement().on(listener.place());
  }

  /** The last word on what becomes of a remedy is that of the requirement that governs now. */
  private JournalEntry.Backlog underThePolicyOfNow(JournalEntry.Backlog entry, GovernedPod pod)
      throws IOException {
    var onDelete = pod.requirement().onDelete();
    if (entry.raised().onDelete() == onDelete) return entry;
    var changed = entry.with(entry.raised().with(onDelete));
    around.journal().put(changed);
    return changed;
  }

  private static Assessment assess(
      Demand demand, ListenerState listener, NamespaceState namespace) {
    // Where it is not known what somaxconn was, what it is now decides: who has less than that now
    // gets more by asking for more.
    int heard = listener.cap() != 0 ? listener.cap() : namespace.somaxconn.value;
    return Assessment.of(demand, listener.backlog, heard != 0 ? heard : USUAL_SOMAXCONN);
  }

  private void remedy(
      NamespaceView view,
      NamespaceState namespace,
      ListenerState listener,
      GovernedPod pod,
      int required,
      int likelyPid)
      throws IOException {
    var state = namespace.somaxconn;
    int somaxconn = state.value;
    // What was read up to a sweep ago will do to leave things as they are, but not to act.
    boolean mayAct = somaxconn < required || around.nanos() - listener.nextTryNanos >= 0;
    if (mayAct && !state.isEnsured(step.number(), pod.cgroupUid())) {
      somaxconn = somaxconns.ensure(view, namespace, pod);
      state.ensured(step.number(), pod.cgroupUid());
    }
    if (!pod.requirement().allows(Remedy.RELISTEN)) {
      listener.hindrance = null;
      return;
    }
    if (somaxconn == 0) namespace.somaxconn.value = USUAL_SOMAXCONN;
    backlogs.raise(namespace, listener, pod, required, capped(namespace, pod, required), likelyPid);
  }

  private static String capped(NamespaceState namespace, GovernedPod pod, int required) {
    if (namespace.somaxconn.value >= required) return "";
    if (!pod.requirement().allows(Remedy.SYSCTL)) {
      return "%s of its network namespace is %d, and the policy does not allow the remedy Sysctl"
          .formatted(NamespaceSysctl.SOMAXCONN.key, namespace.somaxconn.value);
    }
    var hindrance = namespace.somaxconn.hindrance;
    if (hindrance != null) return hindrance.message();
    return "%s of its network namespace is %d"
        .formatted(NamespaceSysctl.SOMAXCONN.key, namespace.somaxconn.value);
  }

  /** Whether it would be too small if it were the pod's. */
  private static boolean lacks(ListenerState listener, GovernedPod pod) {
    return pod.requirement().on(listener.place()) instanceof Demand.AtLeast asked
        && Assessment.of(asked, listener.backlog, USUAL_SOMAXCONN) instanceof Assessment.Undersized;
  }

  private void note(ListenerState listener, @Nullable GovernedPod pod, Assessment assessment) {
    boolean first = !listener.judged;
    Verdict before = listener.verdict;
    listener.judged = true;
    listener.verdictIsOld = false;
    listener.exempt = assessment instanceof Assessment.ExemptListener;
    switch (assessment) {
      case Assessment.ExemptListener() -> {
        listener.verdict = Verdict.SUFFICIENT;
        listener.required = 0;
      }
      case Assessment.Sufficient(_, int required) -> {
        listener.verdict = Verdict.SUFFICIENT;
        listener.required = required;
      }
      case Assessment.Undersized(_, int required, Verdict cause) -> {
        listener.verdict = cause;
        listener.required = required;
      }
    }
    if (listener.isNobodysOfPod && pod != null && lacks(listener, pod)) {
      listener.verdict = Verdict.NOT_OF_POD;
    }
    if (before != listener.verdict && (!first || listener.verdict != Verdict.SUFFICIENT)) {
      listener.since = around.now();
    }
    if (pod == null || !listener.verdict.undersized()) {
      listener.loggedTooSmall = false;
    } else if (!listener.loggedTooSmall && !listener.isYoung(around.nanos())) {
      listener.loggedTooSmall = true;
      log.atInfo()
          .addKeyValue(LogKeys.POD, LogNames.of(pod.pod().reference()))
          .addKeyValue(LogKeys.LISTENER, listener.id.text())
          .addKeyValue(LogKeys.FROM, listener.backlog)
          .addKeyValue(LogKeys.REQUIRED, listener.required)
          .addKeyValue(LogKeys.SOMAXCONN, listener.heardSomaxconn)
          .log("backlog too small");
    }
  }
}
