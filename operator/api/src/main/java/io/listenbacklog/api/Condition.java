package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One sentence about an object's state, as Kubernetes' {@code metav1.Condition}.
 *
 * @param type see {@link ConditionTypes}
 * @param status "True", "False" or "Unknown"
 * @param observedGeneration the generation of the object that was judged; null where it has none
 * @param lastTransitionTime when the status last changed, to the second
 * @param reason one CamelCase word
 * @param message for people
 */
public record Condition(
    @Required @JsonPropertyDescription("What is judged, such as Compliant.") String type,
    @Required @JsonPropertyDescription("True, False or Unknown.") String status,
    @JsonPropertyDescription("The generation that was judged.") @Nullable Long observedGeneration,
    @Required @JsonPropertyDescription("When the status last changed.") Instant lastTransitionTime,
    @Required @JsonPropertyDescription("The cause in one CamelCase word.") String reason,
    @Required @JsonPropertyDescription("The cause for people, with names and numbers.")
        String message) {}
