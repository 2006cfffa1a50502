package io.listenbacklog.policy.resolve;

import io.listenbacklog.policy.resolve.limit.Limits;
import io.listenbacklog.policy.resolve.selector.LabelMatch;

/**
 * A policy made ready to be asked for many pods: its selectors, and what the limits leave of it.
 */
public record CompiledPolicy(
    PolicyFacts policy, LabelMatch namespaces, LabelMatch pods, ClampedSpec limited) {

  static CompiledPolicy of(PolicyFacts policy, Limits limits) {
    return new CompiledPolicy(
        policy,
        LabelMatch.of(policy.namespaceSelector()),
        LabelMatch.of(policy.spec().selector()),
        ClampedSpec.of(policy, limits));
  }

  /** A selector that means nothing selects nothing, in whichever of the two places it is. */
  boolean isValid() {
    return !(namespaces instanceof LabelMatch.Invalid) && !(pods instanceof LabelMatch.Invalid);
  }
}
