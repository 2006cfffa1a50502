package io.listenbacklog.probe.observe;

import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.socket.UnixListenerTable;
import io.listenbacklog.policy.assess.Ceiling;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.util.List;

/**
 * Takes over what the kernel shows of UNIX listeners.
 *
 * <p>Nothing reports their births, and there is no exact look-up: they are dumped, at each listing,
 * and at each sweep where some are known or are to be raised. A pod without any costs nothing in
 * between.
 */
public final class UnixListing {
  private final Clocks clocks;
  private final Journal journal;
  private final RecurringErrors errors;
  private final WatchShares shares;
  private final PreviousStatus previous;

  public UnixListing(
      Clocks clocks,
      Journal journal,
      RecurringErrors errors,
      WatchShares shares,
      PreviousStatus previous) {
    this.clocks = clocks;
    this.journal = journal;
    this.errors = errors;
    this.shares = shares;
    this.previous = previous;
  }

  /**
   * Takes over what is there, if this visit is for it.
   *
   * @return whether that showed something that was not known before
   */
  public boolean take(VisitContext visit) {
    if (!visit.isOfSweep()) return false;
    var namespace = visit.namespace();
    var spec = visit.spec();
    if (spec == null) return false;
    if (!isWanted(namespace, spec)) {
      namespace.unix.clear();
      namespace.unixListed(false);
      namespace.unixLeft(0);
      return false;
    }
    if (!visit.isListing() && namespace.unix.isEmpty() && !isGoverned(namespace, spec))
      return false;
    String what = "UNIX listeners of network namespace " + namespace.inode;
    List<UnixListener> seen;
    try {
      seen = visit.view().unixListeners().unix();
      errors.over(what);
    } catch (IOException e) {
      namespace.unixListed(false);
      errors.failed(what, e);
      return false;
    }
    return take(namespace, seen);
  }

  /** Whether a policy looks at them, or something is raised that may have to be put back. */
  private boolean isWanted(NamespaceState namespace, NodeSpec spec) {
    for (String uid : namespace.pods()) {
      var pod = spec.pods().get(uid);
      if (pod != null && pod.requirement().unix() != UnixListeners.IGNORE) return true;
    }
    if (namespace.unix.values().stream().anyMatch(this::isRaised)) return true;
    return journal.entries().stream()
        .anyMatch(
            each ->
                each instanceof JournalEntry.Backlog it
                    && it.isUnix()
                    && it.networkNamespace() == namespace.inode);
  }

  private boolean isRaised(ListenerState listener) {
    return journal.backlog(listener.id.cookie()).isPresent();
  }

  private static boolean isGoverned(NamespaceState namespace, NodeSpec spec) {
    for (String uid : namespace.pods()) {
      var pod = spec.pods().get(uid);
      if (pod != null && pod.requirement().unix() == UnixListeners.GOVERN) return true;
    }
    return false;
  }

  private boolean take(NamespaceState namespace, List<UnixListener> seen) {
    boolean changed = false;
    boolean whole = seen.size() < UnixListenerTable.MOST;
    int left = 0;
    long visit = namespace.nextUnixVisit();
    for (var each : seen) {
      var known = namespace.unix.get(each.id().cookie());
      if (known == null && !shares.take(namespace, each.id().cookie())) {
        left++;
        continue;
      }
      if (known == null) {
        int now = namespace.somaxconn.value();
        int heard = Ceiling.of(each.backlog(), namespace.unixListed(), now, 0);
        known = new ListenerState(each, heard, clocks.now(), clocks.nanos());
        if (namespace.unixListed() || previous.isFresh()) known.age.born(clocks.nanos());
        namespace.unix.put(each.id().cookie(), known);
        previous.recall(namespace, known);
        changed = true;
      } else {
        changed |= known.backlog() != each.backlog();
        known.see(each, namespace.somaxconn.value());
      }
      known.seenIn(visit);
    }
    changed |= namespace.unix.values().removeIf(each -> !each.wasSeenIn(visit));
    // Of more than the kernel was asked for it is not known which are gone.
    namespace.unixListed(whole);
    namespace.unixLeft(whole ? left : left + 1);
    return changed;
  }
}
