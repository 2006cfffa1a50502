package io.listenbacklog.probe.remedy;

import io.listenbacklog.api.PodReference;
import io.listenbacklog.probe.budget.Budgets;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import org.jspecify.annotations.Nullable;

/**
 * Says of what is not raised yet whether it may be: what is needed to undo it is held in memory
 * until it is undone, or proven to be gone. What is raised already is never asked about, so it can
 * be kept, and put back, whatever there is.
 */
public record RaiseShares(Budgets.RaisedShares shares, Journal journal) {

  /**
   * Asks for one more.
   *
   * @param holder the uid that the pod's cgroups are named after, or {@link
   *     JournalEntry.Sysctl#NODE}: values of the node are a few, and always may
   * @param pod that pod, or the one that asks
   * @return what it is told to be over; null: it may be raised
   */
  @Nullable Obstacle overShare(String holder, PodReference pod) {
    int its = journal.countOfPod(holder);
    if (holder.equals(JournalEntry.Sysctl.NODE) || its < shares.sure()) return null;
    if (its >= shares.ofPod()) return new Obstacle.OverShare(Obstacle.Share.POD, shares.ofPod());
    if (journal.countOfNamespace(pod.namespace()) >= shares.ofNamespace()) {
      return new Obstacle.OverShare(Obstacle.Share.NAMESPACE, shares.ofNamespace());
    }
    if (journal.entries().size() >= shares.inAll()) {
      return new Obstacle.OverShare(Obstacle.Share.NODE, shares.inAll());
    }
    return null;
  }
}
