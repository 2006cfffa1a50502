package io.listenbacklog.probe.report;

/**
 * A listener as metrics show it.
 *
 * @param namespace of the pod
 * @param container empty where unknown
 * @param inode tells members of an SO_REUSEPORT group apart, as {@code ss -e} shows it
 * @param required 0: nothing
 * @param overflows connection attempts that it dropped because its queue was full, at most, since
 *     the probe watches it
 * @param overflowedBacklog the backlog that it had when it last did; 0: it never did
 * @param stalledMillis how long nothing was accepted while somebody waited; 0: it is not stalled
 * @param peak the longest queue that was seen, since the probe watches it
 * @param peakSeconds when that was, in seconds since 1970; 0: nobody was ever seen to wait
 * @param watchedSeconds how long the probe has watched it
 * @param memoryBytes what a full queue may take of the kernel's memory at most; 0: not known
 */
public record ListenerSample(
    String namespace,
    String pod,
    String container,
    String address,
    long inode,
    int backlog,
    int queue,
    int required,
    long drops,
    long overflows,
    int overflowedBacklog,
    long stalledMillis,
    int peak,
    long peakSeconds,
    int watchedSeconds,
    long memoryBytes) {}
