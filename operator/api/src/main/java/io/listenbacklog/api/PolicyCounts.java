package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * What a node has of a policy's pods and their listeners.
 *
 * @param pods pods of the policy in the spec of this node that have a running process
 */
public record PolicyCounts(
    @Required @JsonPropertyDescription("The policy.") PolicyReference policy,
    @Required @JsonPropertyDescription("Its pods on this node that have a running process.")
        int pods,
    @Required @JsonPropertyDescription("Their listeners.") ListenerCounts listeners) {}
