package io.listenbacklog.policy.event;

import io.listenbacklog.api.PolicyReference;
import org.jspecify.annotations.Nullable;

/**
 * Pods of one policy that share a reason: those without an Event of their own are counted in one
 * Event on the policy.
 *
 * @param policy null: the pods' annotations ask, and the Event is on their namespace
 * @param namespace empty where there is a policy
 */
public record AggregateKey(@Nullable PolicyReference policy, String namespace, String reason) {}
