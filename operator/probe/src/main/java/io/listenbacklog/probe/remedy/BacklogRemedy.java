package io.listenbacklog.probe.remedy;

import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.relisten.Relisten;
import io.listenbacklog.kernel.relisten.RelistenResult;
import io.listenbacklog.policy.assess.Contest;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.observe.OwnerIdentification;
import io.listenbacklog.probe.observe.SocketHolders;
import io.listenbacklog.probe.observe.SocketOwners;
import io.listenbacklog.probe.observe.VisitContext;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.SocketOwner;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.telemetry.LogNames;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises the backlog of a live listener, and puts it back.
 *
 * <p>What is needed to undo it is in the journal before anything is done. The backlog is never
 * lowered but to undo: a policy that asks for less than it did leaves what was raised.
 */
public final class BacklogRemedy {
  private static final Logger log = LoggerFactory.getLogger(BacklogRemedy.class);

  /** So many sweeps may pass until it is said that nobody can be found who holds the socket. */
  private static final int PATIENT_LOOKS = 3;

  private final Clocks clocks;
  private final Relisten relisten;
  private final ProcessIndex processIndex;
  private final Journal journal;
  private final RemedyOutcomes outcomes;
  private final RaiseShares shares;
  private final SocketOwners owners;
  private final SocketHolders holders;
  private final OwnerIdentification identification;
  private final ContestTracker contests;

  public BacklogRemedy(
      Clocks clocks,
      Relisten relisten,
      ProcessIndex processIndex,
      Journal journal,
      RemedyOutcomes outcomes,
      RaiseShares shares,
      ContestTracker contests,
      SocketOwners owners,
      SocketHolders holders,
      OwnerIdentification identification) {
    this.clocks = clocks;
    this.relisten = relisten;
    this.processIndex = processIndex;
    this.journal = journal;
    this.outcomes = outcomes;
    this.shares = shares;
    this.owners = owners;
    this.holders = holders;
    this.identification = identification;
    this.contests = contests;
  }

  /**
   * The journal's entry, if the backlog is still the one that we set; else null: the application
   * has set its own, which is the original from now on.
   *
   * @param pod whose listener it is; null: no requirement governs that pod
   */
  JournalEntry.@Nullable Backlog settle(
      NamespaceState namespace, ListenerState listener, @Nullable GovernedPod pod)
      throws IOException {
    var entry = known(listener);
    if (entry == null) return null;
    if (isOfAnother(entry, namespace, listener)) {
      String uid = Objects.requireNonNull(listener.cgroupUid());
      entry =
          pod == null
              ? entry.heldBy(uid, entry.pod(), entry.policy())
              : entry.heldBy(uid, pod.pod().reference(), pod.requirement().policy());
      journal.put(entry);
    }
    var settled = contests.settle(entry, listener.backlog(), starts(namespace, listener));
    if (settled.isEmpty()) countHolders(namespace, listener);
    return settled.map(entry::with).orElse(null);
  }

  /**
   * Whether a process of another service than its entry's is seen to hold the very socket, as after
   * an exec(2) or a setuid(2). Never of pods: what a stranger holds is not theirs.
   */
  private boolean isOfAnother(
      JournalEntry.Backlog entry, NamespaceState namespace, ListenerState listener) {
    return processIndex.socketsOutliveOwners()
        && listener.owner() != null
        && listener.cgroupUid() != null
        && !entry.cgroupUid().equals(listener.cgroupUid())
        && entry.inode() == listener.inode
        && entry.networkNamespace() == namespace.inode;
  }

  /** A listener that was born anew, as after a pause (haproxy), was set back by nobody either. */
  private ContestTracker.Starts starts(NamespaceState namespace, ListenerState listener) {
    return new ContestTracker.Starts() {
      @Override
      public boolean openedAnew() {
        return listener.age.bornAnew();
      }

      @Override
      public Optional<Contest.Starting> oldestSince(
          Duration uptime, Predicate<Contest.Starting> accepted) throws IOException {
        return holders.oldestSince(uptime, namespace, listener, accepted);
      }
    };
  }

  /** For people who ask who does it: one among so many. */
  private void countHolders(NamespaceState namespace, ListenerState listener) {
    var left = known(listener);
    var contest = left == null ? null : left.raised().contest();
    if (contest != null && contest.told(clocks.now(), 0) != null) {
      listener.ownership.heldBy(holders.count(namespace, listener));
    }
  }

  /** What the journal holds of a listener, be it a contest alone. */
  private JournalEntry.@Nullable Backlog known(ListenerState listener) {
    return journal.backlog(listener.id.cookie()).orElse(null);
  }

  /** Whether it may be raised now, however often it was set back. */
  boolean isContested(ListenerState listener) throws IOException {
    return !contests.mayRaise(known(listener));
  }

  /**
   * Raises a listener.
   *
   * @param required what it needs
   * @param target what it is raised to: as much, or what somaxconn allows
   * @param capped what is to be told where that is less
   */
  void raise(
      VisitContext visit,
      ListenerState listener,
      GovernedPod pod,
      int required,
      int target,
      Obstacle capped)
      throws IOException {
    var namespace = visit.namespace();
    var before = known(listener);
    if (before == null && isOverShare(listener, pod)) return;
    // Once more at once if the fd was closed or dup2()ed over since it was found.
    for (int attempt = 0; attempt < 2; attempt++) {
      SocketOwner owner =
          owner(namespace, listener, pod.pod().reference(), pod.cgroupUid(), visit.likelyPid());
      if (owner == null) return;
      if (listener.backlog() == 0) identification.identify(listener);
      if (isClosed(listener, pod)) return; // as only its application's name shows
      if (!raise(visit, listener, owner, pod, target, before)) continue;
      if (isClosed(listener, pod)) return; // since it was looked at
      if (listener.backlog() >= required) listener.retry.unhindered();
      else if (listener.backlog() >= target) hinder(listener, pod.pod().reference(), capped);
      return;
    }
  }

  /** Whether nothing more may be raised of its pod: that is said, and tried again later. */
  private boolean isOverShare(ListenerState listener, GovernedPod pod) {
    var its = pod.pod().reference();
    var over = shares.overShare(pod.cgroupUid(), its);
    if (over == null) return false;
    outcomes.postponed(listener.retry, over, text -> notChanged(listener, its, text));
    return true;
  }

  /** Whether the application takes no connections now: that is said, and left. */
  private boolean isClosed(ListenerState listener, GovernedPod pod) {
    if (!listener.isClosed()) return false;
    hinder(listener, pod.pod().reference(), new Obstacle.Closed());
    return true;
  }

  /**
   * Returns false if the owner turned out not to hold the socket (any more).
   *
   * @param before what of it is in the journal
   */
  private boolean raise(
      VisitContext visit,
      ListenerState listener,
      SocketOwner owner,
      GovernedPod pod,
      int target,
      JournalEntry.@Nullable Backlog before)
      throws IOException {
    var namespace = visit.namespace();
    var onDelete = pod.requirement().onDelete();
    var intended = contests.intent(before, listener.backlog(), target, onDelete, owner.pid());
    var intent =
        new JournalEntry.Backlog(
            pod.cgroupUid(),
            pod.pod().reference(),
            pod.requirement().policy(),
            listener.ownership.attribution().container(),
            namespace.inode,
            listener.id.text(),
            listener.id.cookie(),
            listener.inode,
            listener.growth().last(),
            intended);
    journal.put(intent);
    var result =
        listener.backlog() == 0
            ? relisten.raiseFromZero(
                visit.view(), owner.pid(), owner.fd(), listener.inode, listener.id, target)
            : relisten.raise(
                visit.view(), owner.pid(), owner.fd(), listener.inode, listener.id, target);
    switch (result) {
      case RelistenResult.Changed(int was, int is) -> {
        var raised = contests.overwrote(intent, was, starts(namespace, listener));
        if (listener.growth().due()) outcomes.counters().grown.incrementAndGet();
        namespace.grow(listener, listener.growth().raised(was, is, clocks.now()));
        // A first raise is of the moment that is written down already.
        var at = raised.applied() == 0 ? raised.at() : clocks.now();
        journal.confirm(intent, intent.grown(listener.growth().last()).with(raised.took(is, at)));
        listener.raised(is, namespace.somaxconn.value());
        outcomes.counters().backlogsRaised.incrementAndGet();
        log.atInfo()
            .addKeyValue(LogKeys.POD, LogNames.of(pod.pod().reference()))
            .addKeyValue(LogKeys.LISTENER, listener.id.text())
            .addKeyValue(LogKeys.PID, owner.pid())
            .addKeyValue(LogKeys.FROM, was)
            .addKeyValue(LogKeys.TO, is)
            .log("raised backlog");
      }
      case RelistenResult.Unneeded(int is) -> {
        journal.takeBack(intent, before);
        listener.setByApplication(is, namespace.somaxconn.value());
      }
      case RelistenResult.Gone(String why) -> {
        journal.takeBack(intent, before);
        listener.ownership.lose(clocks.nanos());
        log.atDebug()
            .addKeyValue(LogKeys.POD, LogNames.of(pod.pod().reference()))
            .addKeyValue(LogKeys.LISTENER, listener.id.text())
            .addKeyValue(LogKeys.WHY, why)
            .log("gone before it could be raised");
        return false;
      }
      case RelistenResult.Refused(var cause) -> {
        journal.takeBack(intent, before);
        refused(listener, pod.pod().reference(), Obstacle.Attempt.RAISE, cause);
      }
    }
    return true;
  }

  /** Nobody wants it raised (any more): if that is wanted again, it is from the beginning. */
  void endContest(ListenerState listener) throws IOException {
    var contested = known(listener);
    if (contested != null) journal.forget(contested);
  }

  /** Puts the original backlog back, if the application has not set another since. */
  void undo(VisitContext visit, ListenerState listener, JournalEntry.Backlog entry)
      throws IOException {
    var raised = entry.raised();
    if (raised.onDelete() == OnDelete.KEEP) {
      journal.forget(entry);
      listener.retry.unhindered();
      return;
    }
    if (!listener.retry.isDue(clocks.nanos())) return;
    for (int attempt = 0; attempt < 2; attempt++) {
      SocketOwner owner = owner(visit.namespace(), listener, entry.pod(), entry.cgroupUid(), 0);
      if (owner == null || restore(visit.view(), listener, entry, owner)) return;
    }
  }

  private boolean restore(
      NamespaceView view, ListenerState listener, JournalEntry.Backlog entry, SocketOwner owner)
      throws IOException {
    var raised = entry.raised();
    var result =
        relisten.restore(
            view,
            owner.pid(),
            owner.fd(),
            listener.inode,
            listener.id,
            raised.applied(),
            raised.original());
    switch (result) {
      case RelistenResult.Changed(int was, int is) -> {
        journal.forget(entry);
        listener.restored(is);
        listener.retry.unhindered();
        identification.identify(listener);
        String container = listener.ownership.attribution().container();
        outcomes.restored(
            entry,
            container.isEmpty() ? entry.container() : container,
            listener.id.text(),
            was,
            is);
        log.atInfo()
            .addKeyValue(LogKeys.POD, LogNames.of(entry.pod()))
            .addKeyValue(LogKeys.LISTENER, listener.id.text())
            .addKeyValue(LogKeys.PID, owner.pid())
            .addKeyValue(LogKeys.FROM, was)
            .addKeyValue(LogKeys.TO, is)
            .log("restored backlog");
      }
      case RelistenResult.Unneeded(int is) -> {
        journal.forget(entry);
        listener.restored(is);
        listener.retry.unhindered();
      }
      case RelistenResult.Gone(_) -> {
        listener.ownership.lose(clocks.nanos());
        return false;
      }
      case RelistenResult.Refused(var cause) ->
          refused(listener, entry.pod(), Obstacle.Attempt.RESTORE, cause);
    }
    return true;
  }

  /** Who holds it, if that is the pod that is meant. */
  private @Nullable SocketOwner owner(
      NamespaceState namespace,
      ListenerState listener,
      PodReference pod,
      String cgroupUid,
      int likelyPid) {
    owners.find(namespace, listener, likelyPid);
    if (listener.owner() != null) {
      return cgroupUid.equals(listener.cgroupUid()) ? listener.owner() : null;
    }
    if (listener.ownership.looks() >= PATIENT_LOOKS && !listener.ownership.isNobodysOfPod()) {
      hinder(listener, pod, new Obstacle.NoHolder(processIndex.hidden(cgroupUid).orElse(null)));
    }
    return null;
  }

  private void refused(
      ListenerState listener, PodReference pod, Obstacle.Attempt attempt, IOException cause) {
    var by = new Obstacle.Refused(attempt, String.valueOf(cause.getMessage()));
    outcomes.refused(listener.retry, by, text -> notChanged(listener, pod, text));
  }

  void hinder(ListenerState listener, PodReference pod, Obstacle by) {
    outcomes.hindered(listener.retry, by, text -> notChanged(listener, pod, text));
  }

  private static void notChanged(ListenerState listener, PodReference pod, String why) {
    log.atWarn()
        .addKeyValue(LogKeys.POD, LogNames.of(pod))
        .addKeyValue(LogKeys.LISTENER, listener.id.text())
        .addKeyValue(LogKeys.PID, listener.owner() == null ? 0 : listener.owner().pid())
        .addKeyValue(LogKeys.WHY, why)
        .log("backlog not changed");
  }
}
