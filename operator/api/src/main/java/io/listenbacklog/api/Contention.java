package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;

/**
 * A value that the operator raises is set back again and again: it is raised again each time, at
 * growing intervals of ten minutes at most. Told until there was an hour of peace.
 *
 * @param since when it was set back first
 * @param times how often since then
 * @param last when it was set back last
 * @param holders how many processes hold the socket, so one of them did it; 0: not known
 */
public record Contention(
    @Required @JsonPropertyDescription("When it was set back first.") Instant since,
    @Required @JsonPropertyDescription("How often it was set back since then.") int times,
    @Required @JsonPropertyDescription("When it was set back last.") Instant last,
    @JsonPropertyDescription("How many processes hold the socket, 0 where not known.")
        int holders) {}
