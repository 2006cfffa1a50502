package io.listenbacklog.policy.assess;

import io.listenbacklog.api.SysctlNames;

/**
 * What limits the SYN queues of a network namespace: the connections of a listener that wait for
 * the last ACK of their handshake (net/ipv4/tcp_input.c, tcp_conn_request).
 *
 * @param synCookies {@code net.ipv4.tcp_syncookies}: 0 never, 1 when the queue is full, 2 always
 * @param tcpMaxSynBacklog {@code net.ipv4.tcp_max_syn_backlog}; matters only without cookies
 */
public record SynQueueLimits(int synCookies, int tcpMaxSynBacklog) {
  /** What {@link #limitedBy} names the listener's own limit. */
  public static final String BACKLOG = "backlog";

  /** What {@link #limitedBy} names the namespace's limit. */
  public static final String TCP_MAX_SYN_BACKLOG = SysctlNames.TCP_MAX_SYN_BACKLOG;

  /**
   * How many a listener with this backlog can hold, or one more: that differs by the kernel's patch
   * level.
   */
  public int limit(int backlog) {
    return limitedBy(backlog).equals(BACKLOG) ? backlog : threeQuarters();
  }

  /** Which of the two limits it. */
  public String limitedBy(int backlog) {
    return synCookies == 0 && threeQuarters() < backlog ? TCP_MAX_SYN_BACKLOG : BACKLOG;
  }

  private int threeQuarters() {
    return tcpMaxSynBacklog - (tcpMaxSynBacklog >> 2);
  }
}
