package io.listenbacklog.policy.assess;

/** Whether a listener's SYN queue overflowed. */
public sealed interface SynQueueVerdict {

  /**
   * It did.
   *
   * @param cookies that were sent in its network namespace meanwhile
   * @param drops SYNs that were dropped in its network namespace meanwhile for a full SYN queue
   * @param limit how many connections that wait for the last ACK it can hold
   * @param limitedBy {@link SynQueueLimits#BACKLOG} or {@link SynQueueLimits#TCP_MAX_SYN_BACKLOG}
   */
  record Overflowed(long cookies, long drops, int limit, String limitedBy)
      implements SynQueueVerdict {}

  /** Nothing proves that it did. */
  record NotProven() implements SynQueueVerdict {}
}
