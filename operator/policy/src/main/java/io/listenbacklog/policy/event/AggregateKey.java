package io.listenbacklog.policy.event;

import io.listenbacklog.api.PolicyReference;
import org.jspecify.annotations.Nullable;

/**
 * All pods of a policy for which the same holds. Those that have no Event of their own share one on
 * the policy.
 *
 * @param policy null: the pods' annotations ask, and the Event is on their namespace
 * @param namespace empty where there is a policy
 */
public record AggregateKey(@Nullable PolicyReference policy, String namespace, String reason) {}
