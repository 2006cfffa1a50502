package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;

/**
 * Why a listener that may be raised is not.
 *
 * @param reason an Event reason: {@link EventReasons#BACKLOG_CONTESTED} or {@link
 *     EventReasons#REMEDY_UNAVAILABLE}
 * @param message for people; a failed system call is named with its errno
 * @param since when it began
 */
public record Hindrance(
    @Required @JsonPropertyDescription("BacklogContested or RemedyUnavailable.") String reason,
    @Required @JsonPropertyDescription("The cause for people; a failed system call with its errno.")
        String message,
    @Required @JsonPropertyDescription("When it began.") Instant since) {}
