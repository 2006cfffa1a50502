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
 * @param stalledMillis how long nothing was accepted while somebody waited; 0: it is not stalled
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
    long stalledMillis) {}
