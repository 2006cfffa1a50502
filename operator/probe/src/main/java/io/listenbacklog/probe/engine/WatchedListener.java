package io.listenbacklog.probe.engine;

import io.listenbacklog.api.Growth;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.kernel.listeners.Listener;
import io.listenbacklog.kernel.listeners.ListenerId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A listener, and all that the probe knows of it. */
final class WatchedListener {
  final ListenerId id;
  final long inode;
  int queue;
  int backlog;
  long drops;
  long seenInVisit;

  /**
   * somaxconn when this backlog was set, as far as that is known: a backlog of exactly that much
   * was capped by it. Kept while the backlog stays, for somaxconn may be raised later.
   */
  int heardSomaxconn;

  /**
   * uid in the cgroups of the pod it belongs to; null: of none that we watch, or not known whose.
   */
  @Nullable String cgroupUid;

  @Nullable Owner owner;
  Attribution attribution = Attribution.UNKNOWN;
  int ownerLooks;
  long nextOwnerLookNanos;

  boolean judged;
  boolean exempt;
  int required;
  Verdict verdict = Verdict.SUFFICIENT;
  Instant since;

  @Nullable Hindrance hindrance;
  long nextTryNanos;
  Contest contest = new Contest();

  /** How its backlog grew after overflows; null: it did not. */
  @Nullable Growth growth;

  /** What else is wrong with it. */
  final Symptoms symptoms = new Symptoms();

  WatchedListener(Listener seen, int somaxconn, Instant now, long nanos) {
    id = seen.id();
    inode = seen.inode();
    queue = seen.queue();
    backlog = seen.backlog();
    drops = seen.drops();
    heardSomaxconn = somaxconn;
    since = now;
    nextOwnerLookNanos = nanos;
    nextTryNanos = nanos;
  }

  /** Takes over what the kernel shows now. */
  void see(Listener seen, int somaxconn) {
    if (seen.backlog() != backlog) heardSomaxconn = somaxconn;
    queue = seen.queue();
    backlog = seen.backlog();
    drops = seen.drops();
  }

  /** The process that held it does so no more. */
  void loseOwner(long nanos) {
    owner = null;
    attribution = Attribution.UNKNOWN;
    ownerLooks = 0;
    nextOwnerLookNanos = nanos;
  }
}
