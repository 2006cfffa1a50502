package io.listenbacklog.api;

import io.fabric8.generator.annotation.Required;

/**
 * What a node has of a policy's pods and their listeners.
 *
 * @param pods pods of the policy in the spec of this node that have a running process
 */
public record PolicyCounts(
    @Required PolicyReference policy, @Required int pods, @Required ListenerCounts listeners) {}
