package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;

/**
 * A value that the operator raised, with what is needed to undo it.
 *
 * @param original the value that an undo puts back: what there was before the first raise, or what
 *     the application has set by itself since
 * @param applied the value that the last raise set and read back
 * @param at when the last raise took effect
 * @param onDelete what becomes of it when nothing asks for it any more
 */
public record AppliedRemedy(
    @Required @JsonPropertyDescription("The value that an undo puts back.") int original,
    @Required @JsonPropertyDescription("The value that the last raise set and read back.")
        int applied,
    @Required @JsonPropertyDescription("When the last raise took effect.") Instant at,
    @Required
        @JsonPropertyDescription(
            "Restore or Keep: what becomes of it when nothing asks for it any more.")
        OnDelete onDelete) {}
