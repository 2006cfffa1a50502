package io.listenbacklog.policy.assess;

import java.time.Duration;
import java.util.List;

/**
 * What is remembered of the queue of a UNIX listener to prove that nothing is accepted from it. It
 * is first in, first out, and the kernel tells who waits in which place: as long as one of the
 * first clients is in the place where it was, nothing was accepted.
 *
 * @param begun when these were seen first, on the clock of the looks
 * @param clients inodes of the sockets of the first ones, in order; 0 where one had closed it
 * @param queue the longest that the queue was since
 * @param certain whether one of them was seen in its place at the last look: else all have left, or
 *     could not be seen
 */
public record UnixQueueEvidence(Duration begun, List<Long> clients, int queue, boolean certain) {

  public UnixQueueEvidence {
    clients = List.copyOf(clients);
  }

  /** Begins with what one look shows. */
  public static UnixQueueEvidence begin(Duration at, List<Long> clients, int queue) {
    return new UnixQueueEvidence(at, clients, queue, false);
  }

  /** Whether what another look shows proves that something was accepted meanwhile. */
  public boolean isRefutedBy(List<Long> now, int length) {
    if (length < queue || (!now.isEmpty() && now.size() < clients.size())) return true;
    for (int place = 0; place < Math.min(clients.size(), now.size()); place++) {
      // Who has closed his socket stays in the queue, and never has one again.
      long is = now.get(place);
      if (is != 0 && is != clients.get(place)) return true;
    }
    return false;
  }

  /** The same, after another look that did not refute it. */
  public UnixQueueEvidence seen(List<Long> now, int length) {
    boolean same = false;
    for (int place = 0; place < Math.min(clients.size(), now.size()); place++) {
      same |= now.get(place) != 0 && now.get(place).equals(clients.get(place));
    }
    return new UnixQueueEvidence(begun, clients, Math.max(queue, length), same);
  }

  /** Whether nothing was accepted for that long. */
  public boolean isProven(Duration at, Duration after) {
    return certain && at.minus(begun).compareTo(after) >= 0;
  }
}
