package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * The policy that a requirement comes from.
 *
 * @param kind {@code BacklogPolicy} or {@code ClusterBacklogPolicy}
 * @param namespace null for a ClusterBacklogPolicy
 * @param generation the generation of its spec that the requirement was made from
 */
public record PolicyReference(
    @Required @JsonPropertyDescription("BacklogPolicy or ClusterBacklogPolicy.") String kind,
    @JsonPropertyDescription("Its namespace; absent for a ClusterBacklogPolicy.")
        @Nullable String namespace,
    @Required @JsonPropertyDescription("Its name.") String name,
    @Required @JsonPropertyDescription("Its uid.") String uid,
    @Required @JsonPropertyDescription("The generation of its spec.") long generation) {}
