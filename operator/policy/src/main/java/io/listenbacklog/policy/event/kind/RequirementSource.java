package io.listenbacklog.policy.event.kind;

import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.policy.text.CleanText;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for what a listener needs.
 *
 * @param policy null: the pod's annotations alone; on a host nobody
 * @param annotated whether the pod's annotations ask too, and so may have made the number what it
 *     is
 * @param site where that is said
 */
public record RequirementSource(@Nullable PolicyReference policy, boolean annotated, Site site) {
  private static final int LONGEST_NAME = 128;

  /** Such as "policy octavia-api asks". */
  String asks() {
    if (policy == null) return policyName() + (site == Site.HOST ? " asks" : " ask");
    return policyName() + (annotated ? " with the pod's annotations asks" : " asks");
  }

  /** Such as "policy octavia-api", "the pod's annotations" or "no policy". */
  String policyName() {
    if (policy == null) return site == Site.HOST ? "no policy" : "the pod's annotations";
    return (policy.namespace() == null ? "cluster policy " : "policy ")
        + CleanText.of(policy.name(), LONGEST_NAME);
  }
}
