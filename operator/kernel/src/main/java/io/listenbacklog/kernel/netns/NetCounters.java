package io.listenbacklog.kernel.netns;

/**
 * Counters of a network namespace since it was made ({@code /proc/PID/net/netstat}); what the
 * kernel does not have is 0.
 *
 * @param listenOverflows segments dropped because an accept queue was full
 * @param listenDrops segments dropped by a listener for any reason, overflows included
 * @param requestQueueFullCookies SYN cookies sent because a SYN queue was full
 * @param requestQueueFullDrops SYNs dropped because a SYN queue was full
 */
public record NetCounters(
    long listenOverflows,
    long listenDrops,
    long requestQueueFullCookies,
    long requestQueueFullDrops) {}
