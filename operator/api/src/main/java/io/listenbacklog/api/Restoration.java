package io.listenbacklog.api;

import io.fabric8.generator.annotation.Required;
import java.time.Instant;

/**
 * A remedy that was undone lately; it stays in the status for ten minutes, so that an Event can
 * tell of it.
 *
 * @param what the listener's address, such as {@code 0.0.0.0:9876}, or the sysctl's name
 * @param from the value that the remedy had set
 * @param to the original value, which is back
 */
public record Restoration(
    @Required PodReference pod,
    @Required String container,
    @Required String what,
    @Required int from,
    @Required int to,
    @Required Instant at) {}
