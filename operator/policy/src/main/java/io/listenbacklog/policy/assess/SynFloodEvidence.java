package io.listenbacklog.policy.assess;

import java.util.List;

/**
 * What is known of a network namespace when it is asked whose SYN queue overflowed between two
 * looks: the kernel counts that for the namespace, and says once in the life of a listener which
 * port it was, but not in which namespace.
 *
 * @param cookiesRose TCPReqQFullDoCookies: with {@code tcp_syncookies} = 2 it rises with every SYN
 *     and means nothing
 * @param fullDropsRose TCPReqQFullDrop
 * @param listenDropsRose ListenDrops, which those are part of
 * @param listenOverflowsRose ListenOverflows: the part of ListenDrops for a full accept queue
 * @param everyListenerSeen false where a queue may have overflowed unseen: strangers in a shared
 *     namespace, a listener that was closed or born meanwhile
 */
public record SynFloodEvidence(
    SynQueueLimits limits,
    long cookiesRose,
    long fullDropsRose,
    long listenDropsRose,
    long listenOverflowsRose,
    boolean everyListenerSeen) {

  /** Whether any SYN queue of the namespace overflowed, or may have. */
  public boolean any() {
    return cookies() > 0 || fullDropsRose > 0 || silentDrops() > 0;
  }

  /**
   * Judges each of the namespace's listeners.
   *
   * <p>It is proven of the only listener that there is; of one whose SYN queue is still full; of
   * one whose drops the others' cannot explain. Where none is proven so, the log decides.
   */
  public List<SynQueueVerdict> judge(List<SynQueue> queues) {
    long drops = queues.stream().mapToLong(SynQueue::dropsRose).sum();
    boolean only = everyListenerSeen && queues.size() == 1;
    boolean anyProven = queues.stream().anyMatch(each -> proven(each, only, drops));
    return queues.stream()
        .map(each -> verdict(each, proven(each, only, drops) || (!anyProven && named(each))))
        .toList();
  }

  private SynQueueVerdict verdict(SynQueue queue, boolean overflowed) {
    if (!overflowed) return new SynQueueVerdict.NotProven();
    return new SynQueueVerdict.Overflowed(
        cookies(),
        fullDropsRose > 0 || cookies() > 0 ? fullDropsRose : silentDrops(),
        limits.limit(queue.backlog()),
        limits.limitedBy(queue.backlog()));
  }

  private boolean proven(SynQueue queue, boolean only, long allDrops) {
    boolean full = queue.synReceived() >= Math.max(1, limits.limit(queue.backlog()));
    if (cookies() > 0) return only || full;
    if (queue.dropsRose() == 0) return false; // it would have counted them too
    if (fullDropsRose == 0) {
      // Three quarters of tcp_max_syn_backlog: the kernel says nothing but that something dropped.
      return silentDrops() > 0
          && full
          && limits.limitedBy(queue.backlog()).equals(SynQueueLimits.TCP_MAX_SYN_BACKLOG);
    }
    boolean othersCannotExplainIt =
        everyListenerSeen && fullDropsRose > allDrops - queue.dropsRose();
    return only || full || othersCannotExplainIt;
  }

  private boolean named(SynQueue queue) {
    return queue.logged() && (cookies() > 0 || (fullDropsRose > 0 && queue.dropsRose() > 0));
  }

  private long cookies() {
    return limits.synCookies() == 2 ? 0 : Math.max(0, cookiesRose);
  }

  /** What was dropped for neither a full accept queue nor a full SYN queue, without cookies. */
  private long silentDrops() {
    if (limits.synCookies() != 0) return 0;
    return Math.max(0, listenDropsRose - listenOverflowsRose - fullDropsRose);
  }
}
