package io.listenbacklog.controller.uninstall;

/**
 * What a node has still to restore after its NodeBacklog was emptied.
 *
 * @param takenUp whether its probe has observed the empty spec
 * @param remedies how many are not restored yet
 * @param probeReady whether there is a probe that can do it
 */
record PendingRestorations(String node, boolean takenUp, int remedies, boolean probeReady) {

  static PendingRestorations of(BacklogSummary backlog, boolean probeReady) {
    return new PendingRestorations(
        backlog.name(), backlog.isTakenUp(), backlog.remedies(), probeReady);
  }

  /** Whether nothing is left to do. A node without a probe and without remedies needs nothing. */
  boolean isDone() {
    return remedies == 0 && (takenUp || !probeReady);
  }

  /** Such as {@code node-1: 3 remedies, no ready probe}. */
  @Override
  public String toString() {
    return node + ": " + remedies + " remedies, " + (probeReady ? "a" : "no") + " ready probe";
  }
}
