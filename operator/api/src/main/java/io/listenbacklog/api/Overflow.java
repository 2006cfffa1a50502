package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;

/**
 * Connection attempts were dropped because the queue of a listener was full: its own drops and the
 * ListenOverflows of its network namespace rose together.
 *
 * @param attempts SYNs and final ACKs dropped in this episode, at most: a client repeats its SYN
 *     every second, so these are attempts and not clients
 * @param queue connections that waited when it was seen last
 * @param backlog the limit at that moment
 * @param times in how many looks it was seen
 * @param since when the episode began
 * @param last when it was seen last; five minutes later the episode is over, and no longer told
 */
public record Overflow(
    @Required
        @JsonPropertyDescription(
            "Connection attempts dropped in this episode, at most; a client repeats its own every second.")
        long attempts,
    @Required @JsonPropertyDescription("Connections that waited when it was seen last.") int queue,
    @Required @JsonPropertyDescription("The backlog at that moment.") int backlog,
    @Required @JsonPropertyDescription("In how many looks it was seen.") int times,
    @Required @JsonPropertyDescription("When the episode began.") Instant since,
    @Required @JsonPropertyDescription("When it was seen last.") Instant last) {}
