package io.listenbacklog.probe.remedy;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.policy.assess.Assessment;
import io.listenbacklog.policy.assess.Demand;
import io.listenbacklog.policy.assess.RaiseDecision;
import io.listenbacklog.probe.budget.StepBudget;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.observe.VisitContext;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.telemetry.LogNames;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does about one listener what its requirement asks, and allows. */
public final class ListenerRemediation {
  private static final Logger log = LoggerFactory.getLogger(ListenerRemediation.class);

  private final Clocks clocks;
  private final Journal journal;
  private final StepBudget step;
  private final RaisePermit permit;
  private final BacklogRemedy backlogs;
  private final SysctlRemedy somaxconns;

  public ListenerRemediation(
      Clocks clocks,
      Journal journal,
      StepBudget step,
      RaisePermit permit,
      BacklogRemedy backlogs,
      SysctlRemedy somaxconns) {
    this.clocks = clocks;
    this.journal = journal;
    this.step = step;
    this.permit = permit;
    this.backlogs = backlogs;
    this.somaxconns = somaxconns;
  }

  /** Whether nothing is to be done about a listener, as at the last look: so are nearly all. */
  boolean isSettled(ListenerState listener) {
    return listener.isSettled() && journal.backlog(listener.id.cookie()).isEmpty();
  }

  /**
   * Decides what is to be done about a listener, and does it.
   *
   * @param pod whose listener it is; null: no requirement governs that pod (any more)
   */
  public void remediate(VisitContext visit, ListenerState listener, @Nullable GovernedPod pod)
      throws IOException {
    var namespace = visit.namespace();
    var requirement = pod == null ? null : pod.requirement();
    var entry = settle(namespace, listener, pod);
    boolean allowed = RaiseDecision.isAllowed(requirement);
    var demand =
        RaiseDecision.asked(requirement, listener.place(), !listener.ownership.isNobodysOfPod());
    boolean wanted = RaiseDecision.isWanted(demand, allowed);
    if (wanted && demand instanceof Demand.AtLeast asked) {
      demand = asked.grownTo(listener.growth().target());
    }
    int required = demand instanceof Demand.AtLeast(int backlog, _) ? backlog : 0;
    if (wanted && pod != null && listener.backlog() < required && permit.isGiven()) {
      ensureSomaxconn(visit, listener, pod, required);
      if (namespace.somaxconn.value() == 0) namespace.somaxconn.is(NamespaceView.DEFAULT_SOMAXCONN);
    }
    switch (decide(demand, required, allowed, entry, namespace, listener)) {
      case RaiseDecision.Leave() -> {
        if (!wanted) backlogs.endContest(listener);
        listener.retry.unhindered();
      }
      case RaiseDecision.Undo() -> backlogs.undo(visit, listener, Objects.requireNonNull(entry));
      case RaiseDecision.Raise(int target) -> {
        var its = Objects.requireNonNull(pod);
        var capped = capped(namespace, its);
        backlogs.raise(visit, listener, its, required, target, capped);
      }
      case RaiseDecision.Blocked(var by) ->
          block(by, namespace, listener, Objects.requireNonNull(pod));
    }
    if (!wanted) {
      namespace.grow(listener, listener.growth().end());
      // Where nothing but sysctls may be raised, the application gets more when it listens anew.
      if (pod != null
          && listener.backlog() < required
          && pod.requirement().mode() == Mode.ENFORCE
          && permit.isGiven()) {
        ensureSomaxconn(visit, listener, pod, required);
        listener.retry.unhindered();
      }
    }
    note(listener, pod, assess(demand, listener, namespace));
  }

  private RaiseDecision decide(
      Demand demand,
      int required,
      boolean allowed,
      JournalEntry.@Nullable Backlog raised,
      NamespaceState namespace,
      ListenerState listener)
      throws IOException {
    boolean lacks = listener.backlog() < required;
    // So are nearly all, at each sweep: nothing is made for them.
    if (raised == null && !lacks) return RaiseDecision.LEAVE;
    return RaiseDecision.of(
        new RaiseDecision.Facts(
            demand,
            allowed,
            permit.isGiven(),
            raised != null,
            listener.backlog(),
            listener.isClosed(),
            namespace.somaxconn.value(),
            lacks && backlogs.isContested(listener),
            !listener.retry.isDue(clocks.nanos())));
  }

  private void block(
      RaiseDecision.Block by, NamespaceState namespace, ListenerState listener, GovernedPod pod) {
    var its = pod.pod().reference();
    switch (by) {
      case CLOSED -> backlogs.hinder(listener, its, new Obstacle.Closed());
      case SOMAXCONN -> backlogs.hinder(listener, its, capped(namespace, pod));
      case CONTEST -> backlogs.hinder(listener, its, new Obstacle.Contested(listener.backlog()));
      case REFUSED_LATELY -> {} // which was told then
    }
  }

  private JournalEntry.@Nullable Backlog settle(
      NamespaceState namespace, ListenerState listener, @Nullable GovernedPod pod)
      throws IOException {
    var entry = backlogs.settle(namespace, listener, pod);
    return entry == null || pod == null ? entry : underThePolicyOfNow(entry, pod);
  }

  /** The last word on what becomes of a remedy is that of the requirement that governs now. */
  private JournalEntry.Backlog underThePolicyOfNow(JournalEntry.Backlog entry, GovernedPod pod)
      throws IOException {
    var onDelete = pod.requirement().onDelete();
    if (entry.raised().onDelete() == onDelete) return entry;
    var changed = entry.with(entry.raised().with(onDelete));
    journal.put(changed);
    return changed;
  }

  private static Assessment assess(
      Demand demand, ListenerState listener, NamespaceState namespace) {
    // Where it is not known what somaxconn was, what it is now decides: who has less than that now
    // gets more by asking for more.
    int heard =
        listener.backlogs.cap() != 0 ? listener.backlogs.cap() : namespace.somaxconn.value();
    return Assessment.of(
        demand, listener.backlog(), heard != 0 ? heard : NamespaceView.DEFAULT_SOMAXCONN);
  }

  /** Before anything is raised: somaxconn would cap it. */
  private void ensureSomaxconn(
      VisitContext visit, ListenerState listener, GovernedPod pod, int required)
      throws IOException {
    var state = visit.namespace().somaxconn;
    // What was read up to a sweep ago will do to leave things as they are, but not to act.
    boolean mayAct = state.value() < required || listener.retry.isDue(clocks.nanos());
    if (!mayAct || state.isEnsured(step.number(), pod.cgroupUid())) return;
    somaxconns.ensure(visit.view(), visit.namespace(), pod);
    state.ensured(step.number(), pod.cgroupUid());
  }

  private static Obstacle capped(NamespaceState namespace, GovernedPod pod) {
    var hindrance = namespace.somaxconn.retry.hindrance();
    return new Obstacle.Capped(
        namespace.somaxconn.value(),
        pod.requirement().allows(Remedy.SYSCTL),
        hindrance == null ? null : hindrance.message());
  }

  /** Whether it would be too small if it were the pod's. */
  private static boolean lacks(ListenerState listener, GovernedPod pod) {
    return pod.requirement().on(listener.place()) instanceof Demand.AtLeast asked
        && Assessment.of(asked, listener.backlog(), NamespaceView.DEFAULT_SOMAXCONN)
            instanceof Assessment.Undersized;
  }

  private void note(ListenerState listener, @Nullable GovernedPod pod, Assessment assessment) {
    int required = 0;
    var verdict = Verdict.SUFFICIENT;
    switch (assessment) {
      case Assessment.ExemptListener() -> {}
      case Assessment.Sufficient(_, int asked) -> required = asked;
      case Assessment.Undersized(_, int asked, Verdict cause) -> {
        required = asked;
        verdict = cause;
      }
    }
    if (listener.ownership.isNobodysOfPod() && pod != null && lacks(listener, pod))
      verdict = Verdict.NOT_OF_POD;
    var since = listener.judgement.becomes(verdict) ? clocks.now() : listener.judgement.since();
    listener.judge(verdict, required, assessment instanceof Assessment.ExemptListener, since);
    if (pod == null || !verdict.undersized()) {
      listener.judgement.loggedTooSmall(false);
    } else if (listener.judgement.logsTooSmall(!listener.age.isYoung(clocks.nanos()))) {
      log.atInfo()
          .addKeyValue(LogKeys.POD, LogNames.of(pod.pod().reference()))
          .addKeyValue(LogKeys.LISTENER, listener.id.text())
          .addKeyValue(LogKeys.FROM, listener.backlog())
          .addKeyValue(LogKeys.REQUIRED, listener.judgement.required())
          .addKeyValue(LogKeys.SOMAXCONN, listener.backlogs.heardSomaxconn())
          .log("backlog too small");
    }
  }
}
