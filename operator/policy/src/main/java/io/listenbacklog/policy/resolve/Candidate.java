package io.listenbacklog.policy.resolve;

/**
 * A policy made ready to be asked for many pods: its selectors, and what the limits leave of it.
 */
record Candidate(PolicyFacts policy, LabelMatch namespaces, LabelMatch pods, LimitedSpec limited) {

  static Candidate of(PolicyFacts policy, Limits limits) {
    return new Candidate(
        policy,
        LabelMatch.of(policy.namespaceSelector()),
        LabelMatch.of(policy.spec().selector()),
        LimitedSpec.of(policy, limits));
  }

  /** A selector that means nothing selects nothing, in whichever of the two places it is. */
  boolean isValid() {
    return !(namespaces instanceof LabelMatch.Invalid) && !(pods instanceof LabelMatch.Invalid);
  }
}
