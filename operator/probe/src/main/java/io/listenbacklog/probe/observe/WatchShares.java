package io.listenbacklog.probe.observe;

import io.listenbacklog.probe.budget.Budgets;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.state.NamespaceState;
import java.util.Collection;

/** Counts the listeners that are watched on the node, TCP and UNIX together, for their bounds. */
public final class WatchShares {
  private final Budgets budgets;
  private final Journal journal;
  private int watched;

  public WatchShares(Budgets budgets, Journal journal) {
    this.budgets = budgets;
    this.journal = journal;
  }

  /** A sweep over these namespaces begins. */
  public void beginSweep(Collection<NamespaceState> namespaces) {
    watched = 0;
    for (var each : namespaces) watched += each.watched();
  }

  /**
   * Whether one more may be watched; it is counted then. Of a namespace with more than its share
   * only what is raised is.
   */
  boolean take(NamespaceState namespace, long cookie) {
    boolean may =
        budgets.mayWatch(namespace.watched(), watched) || journal.backlog(cookie).isPresent();
    if (may) watched++;
    return may;
  }
}
