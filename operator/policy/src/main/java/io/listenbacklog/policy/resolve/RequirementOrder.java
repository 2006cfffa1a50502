package io.listenbacklog.policy.resolve;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsLast;

import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.PolicyReference;
import java.util.Comparator;

/** The order of requirements in a NodeBacklog, so that the same state is written the same. */
final class RequirementOrder {
  private static final Comparator<PolicyReference> BY_POLICY =
      comparing(PolicyReference::kind)
          .thenComparing(PolicyReference::namespace, nullsLast(naturalOrder()))
          .thenComparing(PolicyReference::name)
          .thenComparing(PolicyReference::uid);

  /** Those that come from no policy stand last. */
  static final Comparator<NodeRequirement> POLICY_THEN_CONTENT =
      comparing(NodeRequirement::policy, nullsLast(BY_POLICY))
          .thenComparing(NodeRequirement::toString);

  private RequirementOrder() {}
}
