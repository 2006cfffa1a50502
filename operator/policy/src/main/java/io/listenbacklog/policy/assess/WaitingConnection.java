package io.listenbacklog.policy.assess;

/**
 * A connection that waits for accept().
 *
 * @param cookie tells it from all others
 * @param ageMillis how long it has waited, as exact as the kernel's clock: 1 to 10 ms
 * @param unreadBytes what its client has sent
 */
public record WaitingConnection(long cookie, long ageMillis, long unreadBytes) {}
