package io.listenbacklog.host;

import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.socket.AcceptQueue;
import io.listenbacklog.kernel.socket.Connection;
import io.listenbacklog.kernel.socket.ConnectionTable;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.policy.assess.ListenerDrops;
import io.listenbacklog.policy.assess.QueueSnapshot;
import io.listenbacklog.policy.assess.StallAssessment;
import io.listenbacklog.policy.assess.StallEvidence;
import io.listenbacklog.policy.assess.WaitingConnection;
import io.listenbacklog.probe.state.QueueHistory;
import io.listenbacklog.probe.symptom.QueueGlance;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A TCP listener while it is watched. */
final class WatchedTcp implements Watched {
  private final long namespace;
  private final int somaxconn;
  private final Listener first;
  private Listener last;
  private boolean wasFull;
  private boolean gone;
  private @Nullable StallEvidence vigil;
  private StallAssessment.@Nullable Stalled stalled;
  private long accepted = -1;

  /** How its queue was seen, by the looks at it and at those of its group. */
  private final QueueHistory history = new QueueHistory();

  /** Seen for the first time. */
  WatchedTcp(long namespace, int somaxconn, Listener first) {
    this.namespace = namespace;
    this.somaxconn = somaxconn;
    this.first = first;
    last = first;
    wasFull = isFull(first);
  }

  @Override
  public long namespace() {
    return namespace;
  }

  @Override
  public int somaxconn() {
    return somaxconn;
  }

  @Override
  public ListenerId id() {
    return last.id();
  }

  @Override
  public long inode() {
    return last.inode();
  }

  @Override
  public int queue() {
    return last.queue();
  }

  @Override
  public int backlog() {
    return last.backlog();
  }

  @Override
  public boolean isGone() {
    return gone;
  }

  /** It is not there any more. */
  void end() {
    gone = true;
  }

  /** Segments that it dropped since it listens. */
  long drops() {
    return last.drops();
  }

  /** Seen again. */
  void see(Listener again) {
    last = again;
    wasFull |= isFull(again);
  }

  /** Full, or one short of it: a backlog of 5 holds 6 connections. */
  private static boolean isFull(Listener listener) {
    return listener.queue() >= Math.max(1, listener.backlog());
  }

  /** What it dropped since it was seen first. */
  ListenerDrops dropped() {
    return new ListenerDrops(Math.max(0, last.drops() - first.drops()), wasFull);
  }

  boolean isAsSeenLast(Listener again) {
    return again.drops() == last.drops();
  }

  @Override
  public @Nullable WaitingConnection stalled() {
    return stalled == null ? null : stalled.oldest();
  }

  /**
   * Looks who waits in its queue.
   *
   * @param at on a clock that never goes back
   * @param after for how long nothing must have been accepted
   * @param listeners all that are watched in its namespace, by cookie
   */
  void lookWhoWaits(
      NamespaceView there, Duration at, Duration after, Map<Long, WatchedTcp> listeners)
      throws IOException {
    var glance = QueueGlance.take(there, last.id());
    var uncounted = glance.uncounted();
    if (uncounted != null) {
      unclear(uncounted);
      return;
    }
    for (var queue : glance.queues()) {
      for (var member : queue.listeners()) {
        if (member.id().cookie() != last.id().cookie()) continue;
        see(member);
        for (var each : queue.listeners()) {
          var known = listeners.get(each.id().cookie());
          if (known != null) known.history.see(each.queue(), at.toNanos());
        }
        judge(glance, queue, at, after, isAlone(queue, at, listeners));
        return;
      }
    }
    forget(); // it has been closed
  }

  /** Whether whoever waits longest in a queue waits here: each other member has moved meanwhile. */
  private boolean isAlone(AcceptQueue queue, Duration at, Map<Long, WatchedTcp> listeners) {
    long begun = (vigil == null ? at : vigil.begun()).toNanos();
    return queue.listeners().stream()
        .filter(each -> each.id().cookie() != last.id().cookie())
        .allMatch(each -> hasMoved(listeners.get(each.id().cookie()), begun));
  }

  private static boolean hasMoved(@Nullable WatchedTcp other, long sinceNanos) {
    return other != null && other.history.hasMovedSince(sinceNanos);
  }

  /** So many wait that it cannot be told who: only a shorter queue refutes anything. */
  private void unclear(Listener seen) {
    see(seen);
    if (last.queue() == 0 || (vigil != null && vigil.isRefutedBy(last.queue()))) forget();
  }

  private void forget() {
    stalled = null;
    vigil = null;
  }

  private void judge(
      QueueGlance glance, AcceptQueue queue, Duration at, Duration after, boolean alone) {
    if (last.queue() > 0 && queue.waiting().isEmpty()) {
      judge(strays(glance, at), after);
    } else if (!alone && queue.waiting().size() >= ConnectionTable.MOST_WAITING) {
      unclear(last); // of a group all that wait must be seen to prove anything
    } else {
      var waiting = last.queue() > 0 ? waiting(queue.waiting()) : List.<WaitingConnection>of();
      judge(new QueueSnapshot(at, last.queue(), alone, waiting, false), after);
    }
  }

  private void judge(QueueSnapshot seen, Duration after) {
    stalled = null;
    switch (StallAssessment.judge(vigil, seen, after)) {
      case StallAssessment.NobodyWaits() -> vigil = null;
      case StallAssessment.Moving(var begun) -> vigil = begun;
      case StallAssessment.Unproven(var goesOn) -> vigil = goesOn;
      case StallAssessment.Stalled proven -> {
        vigil = proven.vigil();
        stalled = proven;
      }
    }
  }

  /** The queue of a listener in which nobody of its own address waits. */
  private QueueSnapshot strays(QueueGlance glance, Duration at) {
    // Some were accepted, though as many came: the length alone would not tell.
    if (accepted >= 0 && glance.accepted() > accepted) vigil = null;
    accepted = glance.accepted();
    var strays = glance.strays();
    boolean alone = glance.hidden().isEmpty();
    return new QueueSnapshot(at, last.queue(), alone, waiting(strays), strays.isEmpty());
  }

  private static List<WaitingConnection> waiting(List<Connection> connections) {
    return connections.stream()
        .map(it -> new WaitingConnection(it.cookie(), it.idleMillis(), it.unreadBytes()))
        .toList();
  }
}
