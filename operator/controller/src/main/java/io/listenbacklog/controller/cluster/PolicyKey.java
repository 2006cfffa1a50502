package io.listenbacklog.controller.cluster;

import io.listenbacklog.api.PolicyReference;
import org.jspecify.annotations.Nullable;

/**
 * A policy by name.
 *
 * @param namespace null: a ClusterBacklogPolicy
 */
public record PolicyKey(@Nullable String namespace, String name) {
  static PolicyKey of(PolicyReference reference) {
    return new PolicyKey(reference.namespace(), reference.name());
  }
}
