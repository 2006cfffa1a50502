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
import io.listenbacklog.probe.symptom.QueueGlance;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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
   */
  void lookWhoWaits(NamespaceView there, Duration at, Duration after) throws IOException {
    var glance = QueueGlance.take(there, last.id());
    for (var queue : glance.queues()) {
      for (var member : queue.listeners()) {
        if (member.id().cookie() != last.id().cookie()) continue;
        see(member);
        judge(snapshot(glance, queue, at), after);
        return;
      }
    }
    stalled = null; // it has been closed, or there are too many connections to be looked at
    vigil = null;
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

  private QueueSnapshot snapshot(QueueGlance glance, AcceptQueue queue, Duration at) {
    if (last.queue() > 0 && queue.waiting().isEmpty()) {
      // Some were accepted, though as many came: the length alone would not tell.
      if (accepted >= 0 && glance.accepted() > accepted) vigil = null;
      accepted = glance.accepted();
      var strays = glance.strays();
      boolean alone = glance.hidden().isEmpty();
      return new QueueSnapshot(at, last.queue(), alone, waiting(strays), strays.isEmpty());
    }
    boolean alone = queue.listeners().size() == 1;
    // Of a group all that wait must be seen to prove anything.
    boolean enough = alone || queue.waiting().size() < ConnectionTable.MOST_WAITING;
    var waiting =
        last.queue() > 0 && enough ? waiting(queue.waiting()) : List.<WaitingConnection>of();
    return new QueueSnapshot(at, last.queue(), alone, waiting, false);
  }

  private static List<WaitingConnection> waiting(List<Connection> connections) {
    return connections.stream()
        .map(it -> new WaitingConnection(it.cookie(), it.idleMillis(), it.unreadBytes()))
        .toList();
  }
}
