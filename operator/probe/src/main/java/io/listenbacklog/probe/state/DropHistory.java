package io.listenbacklog.probe.state;

import io.listenbacklog.policy.assess.ListenerDrops;

/** What a listener dropped, and how much of it was judged already. */
public final class DropHistory {
  /** What it dropped, for any reason, as the kernel counts it: in 32 bits, without a sign. */
  private int drops;

  /** The same when it was last judged whether it overflowed. */
  private int judged;

  /** The same at the last look at the SYN queues of its namespace, and which look that was. */
  private int atSynLook;

  private int synLook;

  /** Whether its queue was full, or one short of it, at any look since it was judged. */
  private boolean queueWasFull;

  private long overflows;
  private int overflowedBacklog;

  DropHistory(long drops, boolean queueFull) {
    this.drops = (int) drops;
    judged = this.drops; // what it dropped before is nobody's proof
    queueWasFull = queueFull;
  }

  /** What it dropped, for any reason, as the kernel counts it: in 32 bits. */
  public long count() {
    return Integer.toUnsignedLong(drops);
  }

  /** Connection attempts that it dropped because its queue was full, since it is watched. */
  public long overflows() {
    return overflows;
  }

  /** The backlog that it had when it last did; 0: it never did. */
  public int overflowedBacklog() {
    return overflowedBacklog;
  }

  /** It is proven that it dropped so many attempts, at most, with this backlog. */
  public void overflowed(long attempts, int backlog) {
    overflows += attempts;
    overflowedBacklog = backlog;
  }

  /** What it dropped since it was judged last. */
  public long unjudged() {
    return since(judged);
  }

  /** What may prove that it overflowed since it was judged last. */
  public ListenerDrops evidence() {
    return new ListenerDrops(unjudged(), queueWasFull);
  }

  void see(long now, boolean queueFull) {
    drops = (int) now;
    queueWasFull |= queueFull;
  }

  void nothingOverflowed(boolean queueFull) {
    queueWasFull = queueFull;
  }

  void judge(boolean queueFull) {
    judged = drops;
    queueWasFull = queueFull;
  }

  /** It is there at this look at the SYN queues of its namespace: 1 or more. */
  void seenInSynLook(int number) {
    synLook = number;
    atSynLook = drops;
  }

  boolean wasInSynLook(int number) {
    return synLook == number;
  }

  /** What it dropped since that look; 0 where it was not there then. */
  long sinceSynLook(int number) {
    return wasInSynLook(number) ? since(atSynLook) : 0;
  }

  private long since(int before) {
    return Integer.toUnsignedLong(drops - before);
  }
}
