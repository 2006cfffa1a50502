package io.listenbacklog.policy;

import io.listenbacklog.api.PolicyReference;

/** How texts name a policy. */
public final class PolicyNames {
  /** {@code BacklogPolicy openstack/strict} or {@code ClusterBacklogPolicy baseline}. */
  public static String full(PolicyReference policy) {
    return policy.namespace() == null
        ? policy.kind() + " " + policy.name()
        : policy.kind() + " " + policy.namespace() + "/" + policy.name();
  }

  private PolicyNames() {}
}
