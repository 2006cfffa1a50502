package io.listenbacklog.probe.loop;

import io.listenbacklog.api.Remedy;
import io.listenbacklog.kernel.linux.Reason;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.policy.assess.Ceiling;
import io.listenbacklog.policy.assess.Demand;
import io.listenbacklog.probe.budget.Budgets;
import io.listenbacklog.probe.budget.StepBudget;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.journal.RaisedValue;
import io.listenbacklog.probe.observe.NamespaceEntry;
import io.listenbacklog.probe.observe.SandboxDetector;
import io.listenbacklog.probe.observe.SocketOwners;
import io.listenbacklog.probe.observe.VisitScope;
import io.listenbacklog.probe.remedy.ListenerRemediation;
import io.listenbacklog.probe.remedy.RaisePermit;
import io.listenbacklog.probe.remedy.SysctlRemedy;
import io.listenbacklog.probe.report.PreviousStatus;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.NamespaceSysctl;
import io.listenbacklog.probe.symptom.OverflowDetector;
import io.listenbacklog.probe.symptom.SynFloodDetector;
import io.listenbacklog.probe.symptom.UnixQueueLooks;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks into one namespace: observe, assess, remedy, undo. Never throws: a bad one is one alone.
 * Where a step has no time to judge, raise or put back all of its listeners, the rest is left to
 * later steps.
 */
final class NamespaceVisit {
  /** Where births are not told, each sweep lists all: what it shows first is no older than this. */
  private static final long JUST_NOW_NANOS = Duration.ofSeconds(5).toNanos();

  private final Clocks clocks;
  private final Journal journal;
  private final RecurringErrors errors;
  private final StepBudget step;
  private final Budgets budgets;
  private final RaisePermit permit;
  private final NamespaceEntry entry;
  private final PreviousStatus memory;
  private final SocketOwners owners;
  private final ListenerRemediation judge;
  private final SysctlRemedy somaxconns;
  private final List<SysctlRemedy> sysctls;
  private final OverflowDetector overflows;
  private final SynFloodDetector synFloods;
  private final UnixVisit unix;
  private final UnixQueueLooks unixQueues;
  private final SandboxDetector sandboxes;
  private long visits;
  private int watched;

  NamespaceVisit(
      Clocks clocks,
      Journal journal,
      RecurringErrors errors,
      StepBudget step,
      Budgets budgets,
      RaisePermit permit,
      NamespaceEntry entry,
      PreviousStatus memory,
      SocketOwners owners,
      ListenerRemediation judge,
      SysctlRemedy somaxconns,
      List<SysctlRemedy> sysctls,
      OverflowDetector overflows,
      SynFloodDetector synFloods,
      UnixVisit unix,
      SandboxDetector sandboxes) {
    this.clocks = clocks;
    this.journal = journal;
    this.errors = errors;
    this.step = step;
    this.budgets = budgets;
    this.permit = permit;
    this.entry = entry;
    this.memory = memory;
    this.owners = owners;
    this.judge = judge;
    this.somaxconns = somaxconns;
    this.sysctls = sysctls;
    this.overflows = overflows;
    this.synFloods = synFloods;
    this.unix = unix;
    this.sandboxes = sandboxes;
    unixQueues = new UnixQueueLooks(clocks, errors);
  }

  /** A sweep over these namespaces begins. */
  void beginSweep(Collection<NamespaceState> namespaces) {
    watched = 0;
    for (var each : namespaces) watched += each.listeners.size();
  }

  /**
   * Makes one visit.
   *
   * @param spec null: not known yet, so nothing is judged and nothing done
   * @return whether it could be made, and showed something that was not known before
   */
  boolean run(NamespaceState namespace, VisitScope scope, @Nullable NodeSpec spec) {
    String what = "network namespace " + namespace.inode;
    try {
      int likelyPid = scope instanceof VisitScope.NewListener(_, int pid) ? pid : 0;
      var changed =
          entry.visitThroughAny(namespace, likelyPid, view -> look(view, namespace, scope, spec));
      if (changed.isEmpty()) return false;
      namespace.visited(clocks.nanos(), sandboxes.hiding(namespace, spec));
      errors.over(what);
      return changed.get();
    } catch (IOException | RuntimeException e) {
      namespace.notVisited(Reason.of(e));
      errors.failed(what, e);
    }
    return false;
  }

  private boolean look(
      NamespaceView view, NamespaceState namespace, VisitScope scope, @Nullable NodeSpec spec)
      throws IOException {
    if (scope instanceof VisitScope.Rest) {
      if (spec != null) judgeSome(view, namespace, spec);
      return false;
    }
    boolean listing = scope instanceof VisitScope.Listing;
    // Fresh where somebody has just listened: what he got was capped by this one.
    boolean born = scope instanceof VisitScope.NewListener;
    int before = namespace.somaxconn.value();
    if (before == 0 || listing || born) somaxconns.read(view, namespace);
    // Who is new since the last listing listened under this one, whenever that was.
    boolean steady = namespace.listed() && before == namespace.somaxconn.value();
    if (!born) namespace.growthMayHaveChanged();
    // Before the listing: whoever listens from now on gets the raised value by itself.
    if (spec != null && permit.isGiven()) {
      for (var each : sysctls) each.keep(view, namespace, spec, scope);
    }

    List<Listener> seen =
        switch (scope) {
          case VisitScope.Known() -> view.listeners().known(watched(namespace));
          case VisitScope.Listing() -> view.listeners().all();
          case VisitScope.NewListener(int port, _) -> view.listeners().onPort(port);
          case VisitScope.Rest() -> List.of();
        };
    if (scope instanceof VisitScope.Known || listing) {
      var missing = lookForMissing(view, namespace, seen, listing);
      if (!missing.isEmpty()) {
        seen = new ArrayList<>(seen);
        seen.addAll(missing);
      }
    }
    if (!listing && !born && anySetItsOwn(namespace, seen)) somaxconns.read(view, namespace);
    var changed = take(namespace, seen, scope, steady);
    if (scope instanceof VisitScope.NewListener(int port, _)) forgetGone(view, namespace, port);
    if (listing) {
      namespace.listedAt(clocks.nanos());
    }
    int likelyPid = scope instanceof VisitScope.NewListener(_, int pid) ? pid : 0;
    boolean unixToo = scope instanceof VisitScope.Known || listing;
    boolean unixChanged = unixToo && unix.look(view, namespace, listing, spec);
    if (born) {
      // What is known of thousands on other ports is none the better for it.
      var here = new ArrayList<ListenerState>(seen.size());
      for (var each : seen) {
        var known = namespace.listeners.get(each.id().cookie());
        if (known != null) here.add(known);
      }
      attributePods(namespace, here, likelyPid);
      here.forEach(namespace::grew);
    } else {
      attributePods(namespace, namespace.all(), 0);
      namespace.growthMayHaveChanged();
    }
    if (scope instanceof VisitScope.Known || listing) {
      for (var each : overflows.look(view, namespace, spec)) grow(namespace, each, spec);
      synFloods.look(view, namespace, spec);
    }
    if (spec == null) return !changed.isEmpty();
    if (scope instanceof VisitScope.NewListener) {
      // A group of thousands at one port is judged by sweeps: only what is new to them is judged.
      for (var each : changed) judge(view, namespace, each, spec, likelyPid);
      return !changed.isEmpty();
    }
    for (Listener each : seen) {
      var listener = namespace.listeners.get(each.id().cookie());
      if (listener != null) namespace.judgeLater(listener);
    }
    if (unixToo) {
      unix.tellFull(namespace, spec);
      unixQueues.look(view, namespace, spec);
      namespace.unix.values().forEach(namespace::judgeLater);
    }
    judgeSome(view, namespace, spec);
    return unixChanged || !changed.isEmpty();
  }

  /** Judges as many as the step has time for. */
  private void judgeSome(NamespaceView view, NamespaceState namespace, NodeSpec spec)
      throws IOException {
    step.leaveHalf();
    for (var next = namespace.nextToJudge(); next != null; next = namespace.nextToJudge()) {
      if (namespace.has(next)) judge(view, namespace, next, spec, 0);
      if (step.spent()) break;
    }
    if (namespace.toJudge.isEmpty()) {
      namespace.growthMayHaveChanged();
      for (var each : sysctls) each.settleWithSpec(view, namespace, spec);
    }
  }

  private void judge(
      NamespaceView view,
      NamespaceState namespace,
      ListenerState listener,
      NodeSpec spec,
      int likelyPid)
      throws IOException {
    if (listener.cgroupUid() == null) return;
    // What is asked of it is not understood: it may as well be what was done already.
    if (spec.unread().containsKey(listener.cgroupUid())) return;
    judge.judge(view, namespace, listener, spec.pods().get(listener.cgroupUid()), likelyPid);
  }

  /**
   * A listing, and the look-up of a busy SO_REUSEPORT group, may miss one that lives, for its chain
   * changes under the dump and nothing tells (net/ipv4/inet_diag.c). So what was expected is looked
   * up by its cookie before it is taken for gone; and what was raised is looked for in the visits
   * that follow too, until it is gone for sure.
   */
  private static List<Listener> lookForMissing(
      NamespaceView view, NamespaceState namespace, List<Listener> seen, boolean all)
      throws IOException {
    int expected = 0;
    for (var each : namespace.listeners.values()) if (each.cgroupUid() != null) expected++;
    // Mostly it is so: what was looked up was found.
    if (!all && seen.size() == expected && namespace.missing.isEmpty()) return List.of();
    var here = new HashSet<Long>();
    for (var each : seen) here.add(each.id().cookie());
    var unseen = new ArrayList<ListenerId>();
    for (var each : namespace.listeners.values()) {
      if ((all || each.cgroupUid() != null) && !here.contains(each.id.cookie()))
        unseen.add(each.tcp());
    }
    var found = new ArrayList<Listener>();
    if (!unseen.isEmpty()) found.addAll(view.listeners().known(unseen));
    if (namespace.missing.isEmpty()) return found;
    var byPort = new HashMap<Integer, List<Listener>>();
    for (var each : Map.copyOf(namespace.missing).entrySet()) {
      long cookie = each.getKey();
      int port = each.getValue().port();
      if (!byPort.containsKey(port))
        byPort.put(port, port == 0 ? List.of() : view.listeners().onPort(port));
      var there =
          byPort.get(port).stream().filter(listener -> listener.id().cookie() == cookie).toList();
      if (there.isEmpty()) namespace.missing.put(cookie, each.getValue().lookedInVain());
      else namespace.missing.remove(cookie);
      if (!here.contains(cookie)) found.addAll(there);
    }
    return found;
  }

  /** The backlog is raised by the judgement that follows. */
  private void grow(
      NamespaceState namespace, OverflowDetector.Proven overflow, @Nullable NodeSpec spec) {
    var listener = overflow.listener();
    var pod = spec == null ? null : spec.pods().get(listener.cgroupUid());
    if (pod == null || !pod.requirement().allows(Remedy.RELISTEN)) return;
    if (pod.requirement().on(listener.place()) instanceof Demand.AtLeast demand) {
      listener.growth.overflowed(demand, listener.backlog(), overflow.attempts(), clocks.nanos());
      namespace.grew(listener);
    }
  }

  private static List<ListenerId> watched(NamespaceState namespace) {
    var ids = new ArrayList<ListenerId>(namespace.listeners.size());
    for (var each : namespace.listeners.values()) {
      if (each.cgroupUid() != null) ids.add(each.tcp());
    }
    return ids;
  }

  /** What it got was capped by the somaxconn of this moment, which is to be known then. */
  private static boolean anySetItsOwn(NamespaceState namespace, List<Listener> seen) {
    for (var each : seen) {
      var known = namespace.listeners.get(each.id().cookie());
      if (known != null && known.backlog() != each.backlog()) return true;
    }
    return false;
  }

  /** Takes over what was seen; returns those that are new or have another backlog. */
  private List<ListenerState> take(
      NamespaceState namespace, List<Listener> seen, VisitScope scope, boolean steady) {
    var changed = new ArrayList<ListenerState>();
    long visit = ++visits;
    int left = 0;
    for (Listener each : seen) {
      var known = namespace.listeners.get(each.id().cookie());
      if (known == null
          && !budgets.mayWatch(namespace.listeners.size(), watched)
          && journal.backlog(each.id().cookie()).isEmpty()) {
        left++;
        continue;
      }
      if (known == null) {
        watched++;
        boolean justBorn = wasJustBorn(namespace, seen, scope);
        int heard = heard(namespace, each, justBorn || steady);
        known = new ListenerState(each, heard, clocks.now(), clocks.nanos());
        if (justBorn) known.bornAt(clocks.now());
        namespace.add(known);
        // What is there when we look for the first time may be of any age.
        boolean isNew = namespace.listed() || scope instanceof VisitScope.NewListener;
        if (isNew || memory.isFresh()) known.born(clocks.nanos());
        recall(namespace, known);
        handOn(namespace, known);
        namespace.overflows.unseen(each.drops() > 0);
        changed.add(known);
      } else {
        if (known.backlog() != each.backlog()) changed.add(known);
        known.visitedForBirth(scope instanceof VisitScope.NewListener);
        known.see(each, namespace.somaxconn.value());
      }
      known.seenIn(visit);
    }
    if (scope instanceof VisitScope.Listing) namespace.listenersLeft(left);
    if (scope instanceof VisitScope.Known || scope instanceof VisitScope.Listing) {
      boolean all = scope instanceof VisitScope.Listing;
      var gone = new ArrayList<ListenerState>();
      for (var each : namespace.listeners.values()) {
        if (!each.wasSeenIn(visit) && (all || each.cgroupUid() != null)) gone.add(each);
      }
      areClosed(namespace, gone);
    }
    return changed;
  }

  /**
   * Whoever listened on this port before may be gone, as after a restart: the status must not show
   * a dead socket beside its successor, which would be taken for another of its SO_REUSEPORT group.
   * A dump may miss a socket while others come and go, an exact look-up does not.
   */
  private void forgetGone(NamespaceView view, NamespaceState namespace, int port)
      throws IOException {
    long visit = visits;
    var there = namespace.onPort(port);
    var doubtful =
        there.stream().filter(each -> !each.wasSeenIn(visit)).map(ListenerState::tcp).toList();
    if (doubtful.isEmpty()) return;
    for (Listener each : view.listeners().known(doubtful)) {
      var known = namespace.listeners.get(each.id().cookie());
      if (known == null) continue;
      known.see(each, namespace.somaxconn.value());
      known.seenIn(visit);
    }
    areClosed(namespace, there.stream().filter(each -> !each.wasSeenIn(visit)).toList());
    if (!namespace.closings.holdsStalls(clocks.nanos())) return;
    for (var each : there) if (each.wasSeenIn(visit)) handOn(namespace, each);
  }

  /**
   * Whether a listener that is new to us began to listen just now: the kernel told of it, and it
   * can be no older one; or it was not there a moment ago.
   */
  private boolean wasJustBorn(NamespaceState namespace, List<Listener> seen, VisitScope scope) {
    return switch (scope) {
      case VisitScope.NewListener(_, _) -> namespace.listed() || seen.size() == 1;
      case VisitScope.Listing() ->
          namespace.listed() && clocks.nanos() - namespace.listedNanos() <= JUST_NOW_NANOS;
      case VisitScope.Known(), VisitScope.Rest() -> false;
    };
  }

  /** Remembers what was true of listeners that are gone. */
  private void areClosed(NamespaceState namespace, List<ListenerState> gone) {
    for (var each : gone) {
      var entry = journal.backlog(each.id.cookie()).orElse(null);
      boolean raised = entry != null && entry.raised().applied() != 0;
      namespace.closings.closed(each, raised ? entry : null, clocks.now(), clocks.nanos());
      namespace.remove(each);
    }
    namespace.overflows.unseen(!gone.isEmpty());
  }

  /** What is told of the listener that stood there before may be as true of this one. */
  private void handOn(NamespaceState namespace, ListenerState opened) {
    var stall = namespace.closings.stallBefore(opened, clocks.nanos());
    if (stall == null || opened.symptoms.stall() != null) return;
    opened.symptoms.tell(stall, clocks.now(), clocks.nanos());
  }

  /** What an earlier probe knew of a listener. */
  private void recall(NamespaceState namespace, ListenerState listener) {
    var entry = journal.backlog(listener.id.cookie()).orElse(null);
    if (entry != null && entry.growth() != null) listener.growth.remember(entry.growth());
    if (entry != null) {
      var raised = entry.raised();
      int to = raised.applied() != 0 ? raised.applied() : raised.intended();
      listener.recallOwn(raised.original(), to, namespace.somaxconn.value());
    }
    memory.recall(namespace, listener);
  }

  /**
   * somaxconn when a listener that is new to us was given its backlog; 0: not known.
   *
   * @param seen whether it is so new that this is the one of now
   */
  private int heard(NamespaceState namespace, Listener listener, boolean seen) {
    String holder = namespace.nodes() ? JournalEntry.Sysctl.NODE : namespace.sole();
    int before =
        holder == null
            ? 0
            : journal
                .sysctl(holder, namespace.inode, NamespaceSysctl.SOMAXCONN.key)
                .map(JournalEntry::raised)
                .filter(raised -> !raised.onlyContested())
                .map(RaisedValue::original)
                .orElse(0);
    return Ceiling.of(listener.backlog(), seen, namespace.somaxconn.value(), before);
  }

  /**
   * Says whose the listeners are: the one pod's whose namespace it is; in a shared one they are
   * those of whose processes hold them, and nobody's that we watch otherwise.
   */
  private void attributePods(
      NamespaceState namespace, Collection<ListenerState> listeners, int likelyPid) {
    var sole = namespace.sole();
    if (sole != null) {
      for (var each : listeners) each.belongsTo(sole);
      return;
    }
    var wanting = new ArrayList<ListenerState>();
    for (var each : listeners) {
      if (each.owner() != null) continue;
      each.belongsTo(null);
      if (owners.due(each)) wanting.add(each);
    }
    if (!wanting.isEmpty()) owners.look(namespace, wanting, likelyPid);
  }
}
