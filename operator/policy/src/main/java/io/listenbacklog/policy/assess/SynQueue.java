package io.listenbacklog.policy.assess;

/**
 * The SYN queue of a listener, as seen when the counters of its network namespace had risen.
 *
 * @param backlog of the listener
 * @param synReceived connections that wait for the last ACK
 * @param dropsRose by how much the listener's own drops rose meanwhile
 * @param logged whether a line that the kernel's log has got meanwhile may name it
 */
public record SynQueue(int backlog, int synReceived, long dropsRose, boolean logged) {}
