package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;

/**
 * The longest queue of a listener that its probe has seen. A queue is seen every two seconds, and
 * every 50 ms while it is more than half full; what was between two looks is not known.
 *
 * @param connections that waited for accept(); above 0
 * @param at when so many were first seen to wait
 */
public record QueuePeak(
    @Required @JsonPropertyDescription("Connections that waited.") int connections,
    @Required @JsonPropertyDescription("When so many were first seen to wait.") Instant at) {}
