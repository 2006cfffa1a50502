package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;

/**
 * A backlog was doubled because of a proven overflow.
 *
 * @param from the backlog that was too small
 * @param to what it was raised to last: the listener needs as much as long as it lives
 * @param maximum how far it may grow
 * @param attempts connection attempts that were dropped before this last step
 * @param at when the last step took effect
 */
public record Growth(
    @Required @JsonPropertyDescription("The backlog before the last step.") int from,
    @Required @JsonPropertyDescription("The backlog after it.") int to,
    @Required @JsonPropertyDescription("How far it may grow.") int maximum,
    @Required @JsonPropertyDescription("Connection attempts dropped before it.") long attempts,
    @Required @JsonPropertyDescription("When it took effect.") Instant at) {}
