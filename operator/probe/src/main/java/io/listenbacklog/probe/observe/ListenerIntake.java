package io.listenbacklog.probe.observe;

import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.policy.assess.Ceiling;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.journal.RaisedValue;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.NamespaceSysctl;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Takes over what the kernel shows of listeners: which are new, changed, or gone. */
public final class ListenerIntake {
  /**
   * Where births are not reported each sweep lists all: what it shows first is no older than this.
   */
  private static final long JUST_NOW_NANOS = Duration.ofSeconds(5).toNanos();

  private final Clocks clocks;
  private final Journal journal;
  private final WatchShares shares;
  private final PreviousStatus previous;
  private long visits;

  public ListenerIntake(
      Clocks clocks, Journal journal, WatchShares shares, PreviousStatus previous) {
    this.clocks = clocks;
    this.journal = journal;
    this.shares = shares;
    this.previous = previous;
  }

  /**
   * Takes over what was seen, and forgets what is gone.
   *
   * @param steady whether somaxconn is what it was at the last listing
   * @return those that are new or have another backlog
   */
  public List<ListenerState> take(VisitContext visit, Sightings sightings, boolean steady)
      throws IOException {
    var namespace = visit.namespace();
    var changed = new ArrayList<ListenerState>();
    long number = ++visits;
    int left = 0;
    for (int index = 0; index < sightings.size(); index++) {
      var each = sightings.seen(index);
      var known = sightings.known(index);
      if (known == null && !shares.take(namespace, each.id().cookie())) {
        left++;
        continue;
      }
      if (known == null) {
        boolean justBorn = wasJustBorn(visit, sightings);
        known = begin(visit, each, justBorn, justBorn || steady);
        sightings.watched(index, known);
        changed.add(known);
      } else {
        if (known.backlog() != each.backlog()) changed.add(known);
        known.age.visitedForBirth(visit.isForBirth());
        known.see(each, namespace.somaxconn.value());
      }
      known.seenIn(number);
    }
    if (visit.isListing()) namespace.listenersLeft(left);
    if (visit.isOfSweep()) {
      boolean all = visit.isListing();
      var gone = new ArrayList<ListenerState>();
      for (var each : namespace.listeners.values()) {
        if (!each.wasSeenIn(number) && (all || each.cgroupUid() != null)) gone.add(each);
      }
      forget(namespace, gone);
    }
    if (visit.scope() instanceof VisitScope.NewListener(int port, _)) forgetGone(visit, port);
    if (visit.isListing()) namespace.listedAt(clocks.nanos());
    return changed;
  }

  private ListenerState begin(
      VisitContext visit, Listener seen, boolean justBorn, boolean isSomaxconnOfNow) {
    var namespace = visit.namespace();
    int heard = heard(namespace, seen, isSomaxconnOfNow);
    var listener = new ListenerState(seen, heard, clocks.now(), clocks.nanos());
    if (justBorn) listener.age.bornAt(clocks.now());
    namespace.add(listener);
    // What is there when we look for the first time may be of any age.
    boolean isNew = namespace.listed() || visit.isForBirth();
    if (isNew || previous.isFresh()) listener.age.born(clocks.nanos());
    recall(namespace, listener);
    handOn(namespace, listener);
    namespace.overflows.unseen(seen.drops() > 0);
    return listener;
  }

  /**
   * Whoever listened on this port before may be gone, as after a restart: the status must not show
   * a dead socket beside its successor, which would be taken for another of its SO_REUSEPORT group.
   * A dump may miss a socket while others come and go, an exact look-up does not.
   */
  private void forgetGone(VisitContext visit, int port) throws IOException {
    var namespace = visit.namespace();
    long number = visits;
    var there = namespace.onPort(port);
    var doubtful =
        there.stream().filter(each -> !each.wasSeenIn(number)).map(ListenerState::tcp).toList();
    if (doubtful.isEmpty()) return;
    for (Listener each : visit.view().listeners().known(doubtful)) {
      var known = namespace.listeners.get(each.id().cookie());
      if (known == null) continue;
      known.see(each, namespace.somaxconn.value());
      known.seenIn(number);
    }
    forget(namespace, there.stream().filter(each -> !each.wasSeenIn(number)).toList());
    if (!namespace.closings.holdsStalls(clocks.nanos())) return;
    for (var each : there) if (each.wasSeenIn(number)) handOn(namespace, each);
  }

  /** Remembers of those that are gone what was true of them. */
  private void forget(NamespaceState namespace, List<ListenerState> gone) {
    for (var each : gone) {
      var entry = journal.backlog(each.id.cookie()).orElse(null);
      boolean raised = entry != null && entry.raised().applied() != 0;
      namespace.closings.closed(each, raised ? entry : null, clocks.now(), clocks.nanos());
      namespace.remove(each);
    }
    namespace.overflows.unseen(!gone.isEmpty());
  }

  /**
   * Whether a listener that is new to us began to listen just now: the kernel reported its birth,
   * and it can be no older one; or it was not there a moment ago.
   */
  private boolean wasJustBorn(VisitContext visit, Sightings seen) {
    var namespace = visit.namespace();
    return switch (visit.scope()) {
      case VisitScope.NewListener(_, _) -> namespace.listed() || seen.size() == 1;
      case VisitScope.Listing() ->
          namespace.listed() && clocks.nanos() - namespace.listedNanos() <= JUST_NOW_NANOS;
      case VisitScope.Known(), VisitScope.Rest() -> false;
    };
  }

  /** What was reported of the listener that was there before may be as true of this one. */
  private void handOn(NamespaceState namespace, ListenerState opened) {
    var stall = namespace.closings.stallBefore(opened, clocks.nanos());
    if (stall == null || opened.symptoms.stall() != null) return;
    opened.symptoms.tell(stall, clocks.now(), clocks.nanos());
  }

  /** What an earlier probe knew of a listener. */
  private void recall(NamespaceState namespace, ListenerState listener) {
    var entry = journal.backlog(listener.id.cookie()).orElse(null);
    if (entry != null) {
      if (entry.growth() != null)
        namespace.grow(listener, listener.growth().recall(entry.growth()));
      var raised = entry.raised();
      int to = raised.applied() != 0 ? raised.applied() : raised.intended();
      listener.recallOwn(raised.original(), to, namespace.somaxconn.value());
    }
    previous.recall(namespace, listener);
  }

  /**
   * somaxconn when a listener that is new to us was given its backlog; 0: not known.
   *
   * @param isOfNow whether it is so new that somaxconn was then what it is now
   */
  private int heard(NamespaceState namespace, Listener listener, boolean isOfNow) {
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
    return Ceiling.of(listener.backlog(), isOfNow, namespace.somaxconn.value(), before);
  }
}
