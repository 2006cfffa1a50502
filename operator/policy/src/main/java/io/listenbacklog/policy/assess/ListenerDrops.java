package io.listenbacklog.policy.assess;

/**
 * What a listener dropped between two looks.
 *
 * @param rose by how much its drops rose: of SYNs that found its queue full, and of much else
 * @param queueFull whether its queue was full, or one short of it, at one of the looks
 */
public record ListenerDrops(long rose, boolean queueFull) {}
