package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PortRule} with its port resolved to a number.
 *
 * @param port 1 to 65535
 * @param minimum 1 to 65535; null where exempt, or where only a maximum is asked for
 * @param maximum 1 to 65535; null: it never grows
 */
public record NodePort(
    @Required @JsonPropertyDescription("The port by number.") int port,
    @JsonPropertyDescription("Backlog that listeners on this port need; absent: none.")
        @Nullable Integer minimum,
    @JsonPropertyDescription(
            "How far the backlog may grow after overflows; absent: it never grows.")
        @Nullable Integer maximum,
    @JsonPropertyDescription("True: listeners on this port need nothing and are never changed.")
        boolean exempt) {}
