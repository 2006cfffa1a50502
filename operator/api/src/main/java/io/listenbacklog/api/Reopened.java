package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;

/**
 * A listener that was opened at the address of others before it, with less than an hour between
 * them, of which the same was true: a container that restarts, or an application that listens anew
 * for each client. What is told of it is told of all of them, once.
 *
 * @param times how many there were, this one included: 2 and more
 * @param first when it became true of the first of them
 */
public record Reopened(
    @Required
        @JsonPropertyDescription(
            "How many listeners there were at this address, this one included.")
        int times,
    @Required @JsonPropertyDescription("When the same became true of the first of them.")
        Instant first) {}
