package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
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
    @Required @JsonPropertyDescription("The pod it was undone for.") PodReference pod,
    @Required @JsonPropertyDescription("The container, empty for a sysctl or where unknown.")
        String container,
    @Required @JsonPropertyDescription("The listener's address or the sysctl's name.") String what,
    @Required @JsonPropertyDescription("The value that the remedy had set.") int from,
    @Required @JsonPropertyDescription("The original value, which is back.") int to,
    @Required @JsonPropertyDescription("When it came back.") Instant at) {}
