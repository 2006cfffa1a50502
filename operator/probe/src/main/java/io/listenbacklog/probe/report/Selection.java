package io.listenbacklog.probe.report;

import io.listenbacklog.api.PodReference;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Which things of one kind a status tells, where not all of them can be. */
final class Selection<T> {
  private final FairShares shares;
  private final Function<T, PodReference> pod;
  private final Comparator<T> worst;
  private final int mostBytes;
  private final Measurements<T> measurements = new Measurements<>();

  /**
   * Nothing is told yet.
   *
   * @param worst those that come first are chosen first; it tells any two apart
   * @param mostBytes JSON of all that is told of this kind
   */
  Selection(FairShares shares, Function<T, PodReference> pod, Comparator<T> worst, int mostBytes) {
    this.shares = shares;
    this.pod = pod;
    this.worst = worst;
    this.mostBytes = mostBytes;
  }

  /**
   * What is chosen for the next status, in no order to speak of.
   *
   * @param ofAll what is left of that status, of which this takes
   */
  List<T> of(Collection<T> all, StatusBudget ofAll) {
    int bytes = Math.min(mostBytes, ofAll.left());
    var room = new StatusBudget(bytes);
    List<T> chosen = shares.of(all, pod, worst, measurements, room);
    measurements.statusEnds();
    ofAll.take(bytes - room.left());
    return chosen;
  }
}
