package io.listenbacklog.probe.remedy;

import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.kernel.linux.Reason;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.policy.assess.Contest;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.observe.VisitContext;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.NamespaceSysctl;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.telemetry.LogNames;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Raises a sysctl of a network namespace to what is asked for, keeps it there, puts it back. */
public final class SysctlRemedy {
  private static final Logger log = LoggerFactory.getLogger(SysctlRemedy.class);

  /** Whoever writes a sysctl holds nothing of it. */
  private static final ContestTracker.Starts NOBODY_STARTS =
      new ContestTracker.Starts() {
        @Override
        public boolean openedAnew() {
          return false;
        }

        @Override
        public Optional<Contest.Starting> oldestSince(
            Duration uptime, Predicate<Contest.Starting> accepted) {
          return Optional.empty();
        }
      };

  private final Clocks clocks;
  private final Journal journal;
  private final RemedyOutcomes outcomes;
  private final RaiseShares shares;
  private final Counters counters;
  private final RecurringErrors errors;
  private final NamespaceSysctl sysctl;
  private final ContestTracker contests;

  public SysctlRemedy(
      Clocks clocks,
      Journal journal,
      Counters counters,
      RecurringErrors errors,
      RemedyOutcomes outcomes,
      RaiseShares shares,
      ContestTracker contests,
      NamespaceSysctl sysctl) {
    this.clocks = clocks;
    this.journal = journal;
    this.outcomes = outcomes;
    this.shares = shares;
    this.counters = counters;
    this.errors = errors;
    this.sysctl = sysctl;
    this.contests = contests;
  }

  /** What a pod needs it to be, before its listeners are born and as they grow; 0: any will do. */
  public static int needed(NamespaceSysctl sysctl, NamespaceState namespace, GovernedPod pod) {
    if (!pod.requirement().allows(Remedy.SYSCTL)) return 0;
    int needed = sysctl.floor(pod.requirement());
    if (sysctl != NamespaceSysctl.SOMAXCONN) return needed;
    return Math.max(needed, namespace.grownTo(pod.cgroupUid()));
  }

  /** Reads it; where it cannot be read, what was read last stays. */
  public int read(NamespaceView view, NamespaceState namespace) {
    String what = sysctl.key + " of network namespace " + namespace.inode;
    var state = namespace.sysctl(sysctl);
    try {
      state.read(sysctl.read(view));
      errors.over(what);
    } catch (IOException e) {
      state.unreadable(Reason.of(e));
      errors.failed(what, e);
    }
    return state.value();
  }

  /** Sees to it that it is what the pods of a namespace ask for, before anybody listens there. */
  public void keep(VisitContext visit, NodeSpec spec) throws IOException {
    var namespace = visit.namespace();
    var state = namespace.sysctl(sysctl);
    boolean isRead = visit.isListing();
    if (!isRead && !namespace.shared() && suffices(namespace, spec, state.value())) return;
    var asks = SysctlFloor.all(sysctl, namespace, spec);
    if (asks.isEmpty() && namespace.shared()) state.retry.unhindered();
    for (var each : asks) {
      if (isRead || state.value() < each.needed()) {
        ensure(visit.view(), namespace, each);
      }
    }
  }

  /** So it is nearly always, and asked at each visit: nothing is made for the answer. */
  private boolean suffices(NamespaceState namespace, NodeSpec spec, int value) {
    for (String uid : namespace.pods()) {
      var pod = spec.pods().get(uid);
      if (pod != null && value < needed(sysctl, namespace, pod)) return false;
    }
    return true;
  }

  /**
   * Raises it if it is lower than what a pod needs, if that is allowed; where others are in the
   * namespace too only if it is the node's, and may be written.
   *
   * @return what it is then
   */
  int ensure(NamespaceView view, NamespaceState namespace, GovernedPod pod) throws IOException {
    return ensure(view, namespace, SysctlFloor.of(sysctl, namespace, pod));
  }

  private int ensure(NamespaceView view, NamespaceState namespace, SysctlFloor ask)
      throws IOException {
    int current = read(view, namespace);
    var state = namespace.sysctl(sysctl);
    settle(namespace, ask.holder(), current);
    var before = known(namespace, ask.holder());
    if (current >= ask.needed()) {
      if (ask.forbidden() == null) state.retry.unhindered();
    } else if (ask.forbidden() != null) {
      hinder(namespace, ask.pod(), ask.forbidden());
    } else if (state.unread() != null) {
      // Nobody could put back then what it was.
      hinder(
          namespace,
          ask.pod(),
          new Obstacle.UnreadableSysctl(Obstacle.Attempt.RAISE, sysctl, state.unread()));
    } else if (!contests.mayRaise(before)) {
      hinder(namespace, ask.pod(), new Obstacle.ContestedSysctl(sysctl, current));
    } else if (state.retry.isDue(clocks.nanos())) {
      raise(view, namespace, ask, before, current);
    }
    return state.value();
  }

  private void raise(
      NamespaceView view,
      NamespaceState namespace,
      SysctlFloor ask,
      JournalEntry.@Nullable Sysctl before,
      int current)
      throws IOException {
    var over = before == null ? shares.overShare(ask.holder(), ask.pod()) : null;
    if (over != null) {
      outcomes.postponed(
          namespace.sysctl(sysctl).retry, over, text -> notChanged(namespace, ask.pod(), text));
      return;
    }
    var intended = contests.intent(before, current, ask.needed(), ask.onDelete(), 0);
    var intent =
        new JournalEntry.Sysctl(
            ask.holder(), ask.pod(), ask.policy(), namespace.inode, sysctl.key, intended);
    journal.put(intent);
    var state = namespace.sysctl(sysctl);
    int now;
    try {
      now = sysctl.write(view, ask.needed());
    } catch (IOException e) {
      // Perhaps it was written and only not read back. Then the intent stays: it tells the next
      // look that the value is ours, and what it was.
      boolean unchanged = read(view, namespace) == current && state.unread() == null;
      if (unchanged) journal.takeBack(intent, before);
      refused(
          namespace,
          ask.pod(),
          new Obstacle.RefusedSysctl(Obstacle.Attempt.RAISE, sysctl, current, Reason.of(e)));
      return;
    }
    journal.put(intent.with(intended.took(now, clocks.now())));
    state.is(now);
    state.retry.unhindered();
    counters.sysctlsRaised.incrementAndGet();
    log.atInfo()
        .addKeyValue(LogKeys.POD, LogNames.of(ask.pod()))
        .addKeyValue(LogKeys.NETNS, namespace.inode)
        .addKeyValue(LogKeys.SYSCTL, sysctl.key)
        .addKeyValue(LogKeys.FROM, current)
        .addKeyValue(LogKeys.TO, now)
        .log("raised sysctl");
  }

  /** Puts back what nobody asks for any more; the last word is of who asks now. */
  public void settleWithSpec(NamespaceView view, NamespaceState namespace, NodeSpec spec)
      throws IOException {
    if (!namespace.listed()) return; // not known yet to how much its listeners grew
    for (String uid : namespace.pods()) {
      var entry = known(namespace, uid);
      if (entry == null || spec.unread().containsKey(uid)) continue;
      var pod = spec.pods().get(uid);
      if (pod != null) {
        journal.put(entry.with(entry.raised().with(pod.requirement().onDelete())));
      }
      if (pod == null || needed(sysctl, namespace, pod) == 0) undo(view, namespace, uid);
    }
    settleNode(view, namespace, spec);
  }

  /** A value of the node is asked for as long as any of its host network pods asks. */
  private void settleNode(NamespaceView view, NamespaceState namespace, NodeSpec spec)
      throws IOException {
    var entry = known(namespace, JournalEntry.Sysctl.NODE);
    if (entry == null) return;
    var ask =
        SysctlFloor.all(sysctl, namespace, spec).stream()
            .filter(each -> each.holder().equals(JournalEntry.Sysctl.NODE))
            .findFirst();
    if (ask.isPresent()) {
      journal.put(entry.askedBy(ask.get().pod(), ask.get().policy(), ask.get().onDelete()));
    } else if (!asksLater(spec)) {
      undo(view, namespace, JournalEntry.Sysctl.NODE);
    }
  }

  /** Whether a host network pod asks that is not there at the moment: it may be restarting. */
  private boolean asksLater(NodeSpec spec) {
    // What is asked of one may be this, and is not understood.
    if (spec.unread().values().stream().anyMatch(each -> each.pod().hostNetwork())) return true;
    return spec.pods().values().stream()
        .anyMatch(
            each ->
                each.pod().hostNetwork()
                    && each.requirement().allowNodeSysctls()
                    && each.requirement().allows(Remedy.SYSCTL)
                    && sysctl.floor(each.requirement()) > 0);
  }

  /** Puts the original value back, if nobody has set another since. */
  private void undo(NamespaceView view, NamespaceState namespace, String holder)
      throws IOException {
    int current = read(view, namespace);
    var state = namespace.sysctl(sysctl);
    var entry = settle(namespace, holder, current).orElse(null);
    if (entry == null) {
      state.retry.unhindered();
      // A contest: if it is asked for again, it is from the beginning.
      var contested = known(namespace, holder);
      if (contested != null) journal.forget(contested);
      return;
    }
    var raised = entry.raised();
    if (raised.onDelete() == OnDelete.KEEP) {
      journal.forget(entry);
      return;
    }
    if (!state.retry.isDue(clocks.nanos())) return;
    if (state.unread() != null) {
      refused(
          namespace,
          entry.pod(),
          new Obstacle.UnreadableSysctl(Obstacle.Attempt.RESTORE, sysctl, state.unread()));
      return;
    }
    try {
      state.is(sysctl.write(view, raised.original()));
    } catch (IOException e) {
      refused(
          namespace,
          entry.pod(),
          new Obstacle.RefusedSysctl(Obstacle.Attempt.RESTORE, sysctl, current, Reason.of(e)));
      return;
    }
    journal.forget(entry);
    state.retry.unhindered();
    outcomes.restored(entry, "", sysctl.key, raised.applied(), state.value());
    log.atInfo()
        .addKeyValue(LogKeys.POD, LogNames.of(entry.pod()))
        .addKeyValue(LogKeys.NETNS, namespace.inode)
        .addKeyValue(LogKeys.SYSCTL, sysctl.key)
        .addKeyValue(LogKeys.FROM, raised.applied())
        .addKeyValue(LogKeys.TO, state.value())
        .log("restored sysctl");
  }

  /** The entry, if the value is still the one that we set; else there is none from now on. */
  private Optional<JournalEntry.Sysctl> settle(NamespaceState namespace, String holder, int current)
      throws IOException {
    var entry = known(namespace, holder);
    if (entry == null) return Optional.empty();
    if (namespace.sysctl(sysctl).unread() != null) {
      return Optional.of(entry).filter(each -> !each.raised().onlyContested());
    }
    return contests.settle(entry, current, NOBODY_STARTS).map(entry::with);
  }

  /** What the journal holds of it, be it a contest alone. */
  private JournalEntry.@Nullable Sysctl known(NamespaceState namespace, String holder) {
    return journal.sysctl(holder, namespace.inode, sysctl.key).orElse(null);
  }

  private void refused(NamespaceState namespace, PodReference pod, Obstacle by) {
    outcomes.refused(namespace.sysctl(sysctl).retry, by, text -> notChanged(namespace, pod, text));
  }

  private void hinder(NamespaceState namespace, PodReference pod, Obstacle by) {
    outcomes.hindered(namespace.sysctl(sysctl).retry, by, text -> notChanged(namespace, pod, text));
  }

  private void notChanged(NamespaceState namespace, PodReference pod, String why) {
    log.atWarn()
        .addKeyValue(LogKeys.POD, LogNames.of(pod))
        .addKeyValue(LogKeys.NETNS, namespace.inode)
        .addKeyValue(LogKeys.SYSCTL, sysctl.key)
        .addKeyValue(LogKeys.WHY, why)
        .log("sysctl not changed");
  }
}
