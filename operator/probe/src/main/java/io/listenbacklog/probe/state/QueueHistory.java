package io.listenbacklog.probe.state;

import io.listenbacklog.api.Stall;
import io.listenbacklog.api.WaitingSeen;
import io.listenbacklog.policy.assess.StallEvidence;
import io.listenbacklog.policy.assess.UnixQueueEvidence;
import org.jspecify.annotations.Nullable;

/** What is known of the queue of one listener, from look to look. */
public final class QueueHistory {
  /** What may become the proof of a stall; null: nobody waits, or nobody has looked yet. */
  private @Nullable StallEvidence vigil;

  /** The same of a UNIX listener. */
  private @Nullable UnixQueueEvidence unixVigil;

  /** Since when, at the latest, its queue moved: seen empty, or shorter than at that moment. */
  private long movedNanos = Long.MIN_VALUE;

  /** The longest queue that was ever seen, and when; 0: nobody was seen to wait. */
  private int peak;

  private long peakNanos;

  private int seenQueue;
  private long seenNanos = Long.MIN_VALUE;

  /** When it was looked at last; it never was: long ago. */
  private long lookedNanos = Long.MIN_VALUE;

  /** When it is to be looked at next; 0: a sweep decides. */
  private long dueNanos;

  /** Whether the application is stalled, as far as is known. */
  private boolean stalled;

  /** How many it had accepted when it was last found that nobody can be seen; -1: not known. */
  private long accepted = -1;

  /** Where who waits could be seen at the last look; null: at its own address. */
  private @Nullable WaitingSeen waitingSeen;

  /** In how many looks the stall was seen. */
  private int times;

  /** How often its holders were looked for in vain since it was told last. */
  private int searches;

  /** When the stall was told last; it never was: long ago. */
  private long toldNanos = Long.MIN_VALUE / 2;

  public @Nullable StallEvidence vigil() {
    return vigil;
  }

  /** What may become the proof of a stall of a UNIX listener; null: nothing. */
  public @Nullable UnixQueueEvidence unixVigil() {
    return unixVigil;
  }

  public void watchUnix(@Nullable UnixQueueEvidence from) {
    unixVigil = from;
  }

  public long lookedNanos() {
    return lookedNanos;
  }

  public long dueNanos() {
    return dueNanos;
  }

  public boolean stalled() {
    return stalled;
  }

  public long accepted() {
    return accepted;
  }

  public @Nullable WaitingSeen waitingSeen() {
    return waitingSeen;
  }

  public int times() {
    return times;
  }

  public long toldNanos() {
    return toldNanos;
  }

  /** What may become the proof of a stall from now on; null: nothing. */
  public void watch(@Nullable StallEvidence from) {
    vigil = from;
  }

  /** It is looked at now. */
  public void look(long now) {
    lookedNanos = now;
    dueNanos = 0;
  }

  public void lookAt(long nanos) {
    dueNanos = nanos;
  }

  /** Who waits can be seen at its own address. */
  public void seesWhoWaits() {
    waitingSeen = null;
    accepted = -1;
  }

  /**
   * Nobody can be seen there.
   *
   * @param seen where somebody can be
   * @param acceptedSoFar how many it has accepted; -1: not known
   */
  public void missesWhoWaits(WaitingSeen seen, long acceptedSoFar) {
    waitingSeen = seen;
    accepted = acceptedSoFar;
  }

  /** A look shows that it is stalled; it did so in this many before, as far as was told. */
  public void seenStalled(int before) {
    times = Math.max(times, before) + 1;
    stalled = true;
  }

  public void told(long nanos) {
    toldNanos = nanos;
  }

  /** Its holders are looked for (again); true as long as that is worth doing again. */
  public boolean searchAgain(int most) {
    return searches++ < most;
  }

  public void searched() {
    searches = 0;
  }

  /** Its queue was seen, be it between two looks at all. */
  public void seePeak(int queue, long now) {
    if (queue <= peak) return;
    peak = queue;
    peakNanos = now;
  }

  /** The longest queue that was ever seen. */
  public int peak() {
    return peak;
  }

  /** When it was as long as that; means nothing where the peak is 0. */
  public long peakNanos() {
    return peakNanos;
  }

  /** Its queue was seen. */
  public void see(int queue, long now) {
    seePeak(queue, now);
    if (queue == 0) movedNanos = now;
    else if (queue < seenQueue) movedNanos = Math.max(movedNanos, seenNanos);
    seenQueue = queue;
    seenNanos = now;
  }

  /** Whether whoever waited since that moment cannot wait here. */
  public boolean hasMovedSince(long nanos) {
    return movedNanos >= nanos;
  }

  /** An earlier probe told of a stall that lasts: until it is proven or refuted, it does. */
  public void recall(Stall told) {
    stalled = true;
    times = told.times();
  }

  /** Nobody waits any more, or something was accepted. */
  public void forget() {
    vigil = null;
    unixVigil = null;
    dueNanos = 0;
    stalled = false;
    times = 0;
  }
}
