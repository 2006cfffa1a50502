package io.listenbacklog.policy.resolve;

/** A policy with its selectors made ready to be asked for many pods. */
record Candidate(PolicyFacts policy, LabelMatch namespaces, LabelMatch pods) {

  static Candidate of(PolicyFacts policy) {
    return new Candidate(
        policy, LabelMatch.of(policy.namespaceSelector()), LabelMatch.of(policy.spec().selector()));
  }

  /** A selector that means nothing selects nothing, in whichever of the two places it is. */
  boolean isValid() {
    return !(namespaces instanceof LabelMatch.Invalid) && !(pods instanceof LabelMatch.Invalid);
  }
}
