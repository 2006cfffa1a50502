package io.listenbacklog.probe.engine;

import io.listenbacklog.api.Stall;
import io.listenbacklog.api.WaitingSeen;
import io.listenbacklog.policy.assess.Vigil;
import org.jspecify.annotations.Nullable;

/** What is known of the queue of one listener, from look to look. */
final class QueueWatch {
  /** What may become the proof of a stall; null: nobody waits, or nobody has looked yet. */
  @Nullable Vigil vigil;

  /** Since when, at the latest, its queue moved: seen empty, or shorter than at that moment. */
  private long movedNanos = Long.MIN_VALUE;

  private int seenQueue;
  private long seenNanos = Long.MIN_VALUE;

  /** When it was looked at last; it never was: long ago. */
  long lookedNanos = Long.MIN_VALUE;

  /** When it is to be looked at next; 0: a sweep decides. */
  long dueNanos;

  /** Whether the application is stalled, as far as is known. */
  boolean stalled;

  /** How many it had accepted when it was last found that nobody can be seen; -1: not known. */
  long accepted = -1;

  /** Where who waits could be seen at the last look; null: at its own address. */
  @Nullable WaitingSeen waitingSeen;

  /** In how many looks the stall was seen. */
  int times;

  /** How often its holders were looked for in vain since it was told last. */
  int searches;

  /** When the stall was told last; it never was: long ago. */
  long toldNanos = Long.MIN_VALUE / 2;

  /** Its queue was seen. */
  void see(int queue, long now) {
    if (queue == 0) movedNanos = now;
    else if (queue < seenQueue) movedNanos = Math.max(movedNanos, seenNanos);
    seenQueue = queue;
    seenNanos = now;
  }

  /** Whether whoever waited since that moment cannot wait here. */
  boolean hasMovedSince(long nanos) {
    return movedNanos >= nanos;
  }

  /** An earlier probe told of a stall that lasts: until it is proven or refuted, it does. */
  void recall(Stall told) {
    stalled = true;
    times = told.times();
  }

  /** Nobody waits any more, or something was accepted. */
  void forget() {
    vigil = null;
    dueNanos = 0;
    stalled = false;
    times = 0;
  }
}
