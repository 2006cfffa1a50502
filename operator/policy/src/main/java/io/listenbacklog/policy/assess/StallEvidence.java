package io.listenbacklog.policy.assess;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.time.Duration;
import java.util.Set;

/**
 * What is remembered of a queue to prove that nothing is accepted from it. The queue is first in,
 * first out: as long as the first ones still wait, nothing was accepted.
 *
 * @param begun when it was seen first that these wait, on the clock of the looks
 * @param marked cookies of the connections that would be accepted next
 * @param present cookies of all that waited at any member of the group when it was seen last that
 *     one of those before had gone; empty where the listener was alone
 * @param presentSince when that was, on the same clock
 * @param queue the longest that the queue was since: it only grows while nothing is accepted
 * @param hidden how many of it could not be seen when they were marked
 * @param glances how often the queue was seen since it began
 */
public record StallEvidence(
    Duration begun,
    Set<Long> marked,
    Set<Long> present,
    Duration presentSince,
    int queue,
    int hidden,
    int glances) {
  /**
   * Connections that came within one tick of the kernel's clock seem to be of the same age: which
   * of them is the first cannot be told. 10 ms with HZ = 100, and both ends are rounded.
   */
  private static final long TICK_MILLIS = 20;

  public StallEvidence {
    marked = Set.copyOf(marked);
    present = Set.copyOf(present);
  }

  /** Begins with what one look shows: somebody waits. */
  static StallEvidence begin(QueueSnapshot look) {
    return marking(look, look.at());
  }

  private static StallEvidence marking(QueueSnapshot look, Duration begun) {
    if (look.unseen()) {
      return new StallEvidence(begun, Set.of(), Set.of(), look.at(), look.queue(), look.queue(), 0);
    }
    long first = look.waiting().getFirst().ageMillis();
    var marked =
        look.waiting().stream()
            .filter(each -> each.ageMillis() >= first - TICK_MILLIS)
            .map(WaitingConnection::cookie)
            .collect(toUnmodifiableSet());
    var present = look.alone() ? Set.<Long>of() : cookies(look);
    return new StallEvidence(begun, marked, present, look.at(), look.queue(), look.hidden(), 0);
  }

  /** Whether a queue of this length proves that something was accepted meanwhile. */
  public boolean isRefutedBy(int length) {
    return length < queue;
  }

  /** The same, after a glance at the length of the queue that did not refute it. */
  public StallEvidence seen(int length) {
    return new StallEvidence(
        begun, marked, present, presentSince, Math.max(queue, length), hidden, glances + 1);
  }

  /** Whether only the length of the queue can tell: nobody was seen to wait when it began. */
  public boolean isOfLengthAlone() {
    return marked.isEmpty();
  }

  /** How many of the marked ones do not wait any more. */
  long vanished(QueueSnapshot look) {
    var waiting = cookies(look);
    return marked.stream().filter(cookie -> !waiting.contains(cookie)).count();
  }

  /**
   * Whether the oldest that waits, which waited all the time, proves something of this listener: it
   * is its own, or nothing was accepted at any member of its group for as long.
   */
  boolean concerns(QueueSnapshot look, Duration after) {
    if (look.alone()) return true;
    boolean forLong = look.at().minus(presentSince).compareTo(after) >= 0;
    return forLong && !present.isEmpty() && cookies(look).containsAll(present);
  }

  /**
   * The same, where one of a group is gone that waited: it may have waited for a moment at another
   * member that accepts, so what the others prove begins anew.
   */
  StallEvidence withoutWhoIsGone(QueueSnapshot look) {
    if (look.alone() || cookies(look).containsAll(present)) return this;
    return new StallEvidence(begun, marked, cookies(look), look.at(), queue, hidden, glances);
  }

  /** Others are the first now, for their clients reset those that were. */
  StallEvidence markedAnew(QueueSnapshot look) {
    return marking(look, begun);
  }

  private static Set<Long> cookies(QueueSnapshot look) {
    return look.waiting().stream().map(WaitingConnection::cookie).collect(toUnmodifiableSet());
  }
}
