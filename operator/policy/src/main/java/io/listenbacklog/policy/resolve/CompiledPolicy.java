package io.listenbacklog.policy.resolve;

import io.listenbacklog.policy.resolve.limit.Limits;
import io.listenbacklog.policy.resolve.selector.LabelMatch;

/** A policy prepared for matching many pods: compiled selectors, and its spec after clamping. */
public record CompiledPolicy(
    PolicyFacts policy, LabelMatch namespaces, LabelMatch pods, ClampedSpec limited) {

  static CompiledPolicy of(PolicyFacts policy, Limits limits) {
    return new CompiledPolicy(
        policy,
        LabelMatch.of(policy.namespaceSelector()),
        LabelMatch.of(policy.spec().selector()),
        ClampedSpec.of(policy, limits));
  }

  /** An invalid selector selects nothing, whichever of the two it is. */
  boolean isValid() {
    return !(namespaces instanceof LabelMatch.Invalid) && !(pods instanceof LabelMatch.Invalid);
  }
}
