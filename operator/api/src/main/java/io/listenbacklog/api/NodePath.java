package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PortRule} for UNIX listeners.
 *
 * @param path as {@link PortRule#path}
 * @param minimum 1 to 65535; null where exempt, or where nothing is asked for
 * @param exempt true: these listeners need nothing and are never changed
 */
public record NodePath(
    @Required
        @JsonPropertyDescription(
            "The path or abstract name (@...) they are bound to; one that ends in * is what it begins with.")
        String path,
    @JsonPropertyDescription("Backlog that these listeners need; absent: none.")
        @Nullable Integer minimum,
    @JsonPropertyDescription("True: these listeners need nothing and are never changed.")
        boolean exempt) {}
