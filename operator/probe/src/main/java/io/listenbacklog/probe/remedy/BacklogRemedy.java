package io.listenbacklog.probe.remedy;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Restoration;
import io.listenbacklog.kernel.relisten.RelistenResult;
import io.listenbacklog.policy.assess.Contest;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.observe.SocketOwners;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.SocketOwner;
import io.listenbacklog.probe.state.Surroundings;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.telemetry.LogNames;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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
  private static final long TRY_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

  /** So many sweeps may pass until it is said that nobody can be found who holds the socket. */
  private static final int PATIENT_LOOKS = 3;

  private final Surroundings around;
  private final SocketOwners owners;
  private final ContestTracker contests;

  public BacklogRemedy(Surroundings around, SocketOwners owners) {
    this.around = around;
    this.owners = owners;
    contests = new ContestTracker(around);
  }

  /**
   * The journal's entry, if the backlog is still the one that we set. If it is not, the application
   * has set its own: that one is the original from now on.
   */
  Optional<JournalEntry.Backlog> settle(NamespaceState namespace, ListenerState listener)
      throws IOException {
    var entry = known(listener);
    if (entry == null) return Optional.empty();
    var settled = contests.settle(entry, listener.backlog, starts(namespace, listener));
    if (settled.isEmpty()) countHolders(namespace, listener);
    return settled.map(entry::with);
  }

  /** A listener that was born anew, as after a pause (haproxy), was set back by nobody either. */
  private ContestTracker.Starts starts(NamespaceState namespace, ListenerState listener) {
    return new ContestTracker.Starts() {
      @Override
      public boolean openedAnew() {
        return listener.bornAnew;
      }

      @Override
      public Optional<Contest.Starting> oldestSince(
          Duration uptime, Predicate<Contest.Starting> accepted) throws IOException {
        return owners.oldestHolderSince(uptime, namespace, listener, accepted);
      }
    };
  }

  /** For people who ask who does it: one among so many. */
  private void countHolders(NamespaceState namespace, ListenerState listener) {
    var left = known(listener);
    var contest = left == null ? null : left.raised().contest();
    if (contest != null && contest.told(around.now(), 0) != null) {
      listener.holders = owners.holders(namespace, listener);
    }
  }

  /** What the journal holds of a listener, be it a contest alone. */
  private JournalEntry.@Nullable Backlog known(ListenerState listener) {
    return around.journal().backlog(listener.id.cookie()).orElse(null);
  }

  /**
   * Raises a listener as far as somaxconn allows.
   *
   * @param capped why somaxconn is lower than what is required; empty where it is not
   * @param likelyPid the process that most likely holds the socket; 0: not known
   */
  void raise(
      NamespaceState namespace,
      ListenerState listener,
      GovernedPod pod,
      int required,
      String capped,
      int likelyPid)
      throws IOException {
    if (isClosed(listener)) return;
    int target = Math.min(required, namespace.somaxconn.value);
    if (target <= listener.backlog) {
      hinder(listener, EventReasons.REMEDY_UNAVAILABLE, capped);
      return;
    }
    var before = known(listener);
    if (!contests.mayRaise(before)) {
      hinder(
          listener,
          EventReasons.BACKLOG_CONTESTED,
          "the application has set its backlog to %d again: it is raised again later, for it does so again and again"
              .formatted(listener.backlog));
      return;
    }
    if (around.nanos() - listener.nextTryNanos < 0) return;
    // Once more at once if the fd was closed or dup2()ed over since it was found.
    for (int attempt = 0; attempt < 2; attempt++) {
      SocketOwner owner = owner(namespace, listener, pod.cgroupUid(), likelyPid);
      if (owner == null) return;
      if (listener.backlog == 0) owners.attribute(List.of(listener));
      if (isClosed(listener)) return; // as only its application's name shows
      if (!raise(namespace, listener, owner, pod, target, before)) continue;
      if (isClosed(listener)) return; // since it was looked at
      if (listener.backlog >= required) listener.hindrance = null;
      else if (listener.backlog >= target) {
        hinder(listener, EventReasons.REMEDY_UNAVAILABLE, capped);
      }
      return;
    }
  }

  /** Whether the application takes no connections now: that is said, and left. */
  private boolean isClosed(ListenerState listener) {
    if (!listener.isClosed()) return false;
    hinder(
        listener,
        EventReasons.REMEDY_UNAVAILABLE,
        "its backlog is 0, which its application has set to take no connections for a while: that is"
            + " not raised");
    return true;
  }

  /**
   * Returns false if the owner turned out not to hold the socket (any more).
   *
   * @param before what of it is in the journal
   */
  private boolean raise(
      NamespaceState namespace,
      ListenerState listener,
      SocketOwner owner,
      GovernedPod pod,
      int target,
      JournalEntry.@Nullable Backlog before)
      throws IOException {
    var onDelete = pod.requirement().onDelete();
    var intended = contests.intent(before, listener.backlog, target, onDelete, owner.pid());
    var intent =
        new JournalEntry.Backlog(
            pod.cgroupUid(),
            pod.pod().reference(),
            pod.requirement().policy(),
            listener.attribution.container(),
            namespace.inode,
            listener.id.text(),
            listener.id.cookie(),
            listener.inode,
            listener.growth.told(),
            intended);
    around.journal().put(intent);
    var relisten = around.kernel().relisten();
    var result =
        listener.backlog == 0
            ? relisten.raiseFromZero(owner.pid(), owner.fd(), listener.inode, listener.id, target)
            : relisten.raise(owner.pid(), owner.fd(), listener.inode, listener.id, target);
    switch (result) {
      case RelistenResult.Changed(int was, int is) -> {
        var raised = contests.overwrote(intent, was, starts(namespace, listener));
        if (listener.growth.took(was, is, around.now())) around.tally().grown.incrementAndGet();
        // A first raise is of the moment that is written down already.
        var at = raised.applied() == 0 ? raised.at() : around.now();
        around
            .journal()
            .confirm(intent, intent.grown(listener.growth.told()).with(raised.took(is, at)));
        listener.raised(is, namespace.somaxconn.value);
        around.tally().backlogsRaised.incrementAndGet();
        log.atInfo()
            .addKeyValue(LogKeys.POD, LogNames.of(pod.pod().reference()))
            .addKeyValue(LogKeys.LISTENER, listener.id.text())
            .addKeyValue(LogKeys.PID, owner.pid())
            .addKeyValue(LogKeys.FROM, was)
            .addKeyValue(LogKeys.TO, is)
            .log("raised backlog");
      }
      case RelistenResult.Unneeded(int is) -> {
        around.journal().takeBack(intent, before);
        listener.setByApplication(is, namespace.somaxconn.value);
      }
      case RelistenResult.Gone(String why) -> {
        around.journal().takeBack(intent, before);
        listener.loseOwner(around.nanos());
        log.atDebug()
            .addKeyValue(LogKeys.LISTENER, listener.id.text())
            .addKeyValue(LogKeys.WHY, why)
            .log("gone before it could be raised");
        return false;
      }
      case RelistenResult.Refused(var cause) -> {
        around.journal().takeBack(intent, before);
        refused(listener, "it cannot be raised: " + cause.getMessage());
      }
    }
    return true;
  }

  /** Nobody wants it raised (any more): if that is wanted again, it is from the beginning. */
  void endContest(ListenerState listener) throws IOException {
    var contested = known(listener);
    if (contested != null) around.journal().forget(contested);
  }

  /** Puts the original backlog back, if the application has not set another since. */
  void undo(NamespaceState namespace, ListenerState listener, JournalEntry.Backlog entry)
      throws IOException {
    var raised = entry.raised();
    if (raised.onDelete() == OnDelete.KEEP) {
      around.journal().forget(entry);
      listener.hindrance = null;
      return;
    }
    if (around.nanos() - listener.nextTryNanos < 0) return;
    for (int attempt = 0; attempt < 2; attempt++) {
      SocketOwner owner = owner(namespace, listener, entry.cgroupUid(), 0);
      if (owner == null || restore(namespace, listener, entry, owner)) return;
    }
  }

  private boolean restore(
      NamespaceState namespace,
      ListenerState listener,
      JournalEntry.Backlog entry,
      SocketOwner owner)
      throws IOException {
    var raised = entry.raised();
    var result =
        around
            .kernel()
            .relisten()
            .restore(
                owner.pid(),
                owner.fd(),
                listener.inode,
                listener.id,
                raised.applied(),
                raised.original());
    switch (result) {
      case RelistenResult.Changed(int was, int is) -> {
        around.journal().forget(entry);
        listener.restored(is);
        listener.hindrance = null;
        around.tally().restored.incrementAndGet();
        owners.attribute(List.of(listener));
        String container = listener.attribution.container();
        around
            .restorations()
            .add(
                new Restoration(
                    entry.pod(),
                    container.isEmpty() ? entry.container() : container,
                    listener.id.text(),
                    was,
                    is,
                    around.now()));
        log.atInfo()
            .addKeyValue(LogKeys.POD, LogNames.of(entry.pod()))
            .addKeyValue(LogKeys.LISTENER, listener.id.text())
            .addKeyValue(LogKeys.PID, owner.pid())
            .addKeyValue(LogKeys.FROM, was)
            .addKeyValue(LogKeys.TO, is)
            .log("restored backlog");
      }
      case RelistenResult.Unneeded(int is) -> {
        around.journal().forget(entry);
        listener.restored(is);
        listener.hindrance = null;
      }
      case RelistenResult.Gone(_) -> {
        listener.loseOwner(around.nanos());
        return false;
      }
      case RelistenResult.Refused(var cause) ->
          refused(listener, "it cannot be put back: " + cause.getMessage());
    }
    return true;
  }

  /** Who holds it, if that is the pod that is meant. */
  private @Nullable SocketOwner owner(
      NamespaceState namespace, ListenerState listener, String cgroupUid, int likelyPid) {
    owners.find(namespace, listener, likelyPid);
    if (listener.owner != null) {
      return cgroupUid.equals(listener.cgroupUid) ? listener.owner : null;
    }
    if (listener.ownerLooks >= PATIENT_LOOKS && !listener.isNobodysOfPod) {
      hinder(
          listener,
          EventReasons.REMEDY_UNAVAILABLE,
          around
              .discovery()
              .hidden(cgroupUid)
              .map(why -> "who holds its socket cannot be found, for " + why)
              .orElse(
                  "no process of the pod in its network namespace holds its socket, so it cannot be"
                      + " changed"));
    }
    return null;
  }

  private void refused(ListenerState listener, String message) {
    around.tally().refused.incrementAndGet();
    listener.nextTryNanos = around.nanos() + TRY_AGAIN_NANOS;
    hinder(listener, EventReasons.REMEDY_UNAVAILABLE, message);
  }

  private void hinder(ListenerState listener, String reason, String message) {
    var before = listener.hindrance;
    listener.hindrance = around.hindrance(before, reason, message);
    if (before != null && before.reason().equals(reason)) return;
    log.atWarn()
        .addKeyValue(LogKeys.LISTENER, listener.id.text())
        .addKeyValue(LogKeys.PID, listener.owner == null ? 0 : listener.owner.pid())
        .addKeyValue(LogKeys.WHY, message)
        .log("backlog not changed");
  }
}
