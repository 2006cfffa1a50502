package io.listenbacklog.probe.loop;

import io.listenbacklog.api.Overflow;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.policy.assess.Ceiling;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.report.PreviousStatus;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the UNIX listeners of a namespace.
 *
 * <p>Nobody tells of their births, and there is no exact look-up: they are dumped, at each listing,
 * and at each sweep where some are known or are to be raised. A pod without any costs nothing in
 * between. They have no counter of drops: a queue that is full at two looks in a row is what can be
 * known.
 */
final class UnixVisit {
  private static final Logger log = LoggerFactory.getLogger(UnixVisit.class);

  private final Clocks clocks;
  private final Journal journal;
  private final RecurringErrors errors;
  private final PreviousStatus memory;

  UnixVisit(Clocks clocks, Journal journal, RecurringErrors errors, PreviousStatus memory) {
    this.clocks = clocks;
    this.journal = journal;
    this.errors = errors;
    this.memory = memory;
  }

  /**
   * Makes one look, and leaves those that are there to be judged.
   *
   * @return whether it showed something that was not known before
   */
  boolean look(
      NamespaceView view, NamespaceState namespace, boolean listing, @Nullable NodeSpec spec) {
    if (spec == null) return false;
    if (!isWanted(namespace, spec)) {
      namespace.unix.clear();
      namespace.unixListed(false);
      return false;
    }
    if (!listing && namespace.unix.isEmpty() && !isGoverned(namespace, spec)) return false;
    String what = "UNIX listeners of network namespace " + namespace.inode;
    List<UnixListener> seen;
    try {
      seen = view.unixListeners().unix();
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
    long visit = namespace.nextUnixVisit();
    for (var each : seen) {
      var known = namespace.unix.get(each.id().cookie());
      if (known == null) {
        int now = namespace.somaxconn.value();
        int heard = Ceiling.of(each.backlog(), namespace.unixListed(), now, 0);
        known = new ListenerState(each, heard, clocks.now(), clocks.nanos());
        if (namespace.unixListed() || memory.isFresh()) known.born(clocks.nanos());
        namespace.unix.put(each.id().cookie(), known);
        memory.recall(namespace, known);
        changed = true;
      } else {
        changed |= known.backlog() != each.backlog();
        known.see(each, namespace.somaxconn.value());
      }
      known.seenIn(visit);
    }
    changed |= namespace.unix.values().removeIf(each -> !each.wasSeenIn(visit));
    namespace.unixListed(true);
    return changed;
  }

  /** Tells of queues that are full, now that it is known whose they are. */
  void tellFull(NamespaceState namespace, NodeSpec spec) {
    for (var each : namespace.unix.values()) {
      if (each.lookWhetherFull() >= 2 && tellsOf(each, spec)) tell(each, spec);
    }
  }

  private static boolean tellsOf(ListenerState listener, NodeSpec spec) {
    var pod = listener.podThatAsks(spec);
    return pod != null && pod.requirement().unix() != UnixListeners.IGNORE;
  }

  private void tell(ListenerState listener, NodeSpec spec) {
    var now = clocks.now();
    var before = listener.symptoms.overflowSeen();
    listener.symptoms.see(
        new Overflow(
            0,
            listener.queue(),
            listener.backlog(),
            (before == null ? 0 : before.times()) + 1,
            before == null ? now : before.since(),
            now),
        clocks.nanos());
    if (before != null) return;
    log.atInfo()
        .addKeyValue(LogKeys.POD, listener.podName(spec))
        .addKeyValue(LogKeys.LISTENER, listener.id.text())
        .addKeyValue(LogKeys.PID, listener.owner() == null ? 0 : listener.owner().pid())
        .addKeyValue(LogKeys.BACKLOG, listener.backlog())
        .log("queue is full");
  }
}
