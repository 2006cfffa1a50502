package io.listenbacklog.probe.loop;

import io.listenbacklog.probe.symptom.QueuePeaks;
import io.listenbacklog.probe.symptom.StallDetector;

/** What sweeps and births leave to be done, each kind in turn. */
final class FollowUps {
  private static final int KINDS = 5;

  private final Visits visits;
  private final QueuePeaks peaks;
  private final StallDetector stalls;
  private final Publication publication;
  private int turn;

  FollowUps(Visits visits, QueuePeaks peaks, StallDetector stalls, Publication publication) {
    this.visits = visits;
    this.peaks = peaks;
    this.stalls = stalls;
    this.publication = publication;
  }

  /** Until when there is nothing to do. */
  long idleNanos(long now) {
    return Math.min(visits.idleNanos(now), Math.min(stalls.idleNanos(now), peaks.idleNanos(now)));
  }

  /** Does one thing that is due; false: none is. */
  boolean step(long now) {
    for (int tried = 0; tried < KINDS; tried++) {
      boolean done =
          switch (Math.floorMod(turn++, KINDS)) {
            case 0 -> visits.goOnSearching(now);
            case 1 -> visits.judgeMore();
            case 2 -> visits.attribute();
            case 3 -> lookForPeaks(now);
            default -> lookForStalls(now);
          };
      if (done) return true;
    }
    return false;
  }

  private boolean lookForPeaks(long now) {
    if (peaks.idleNanos(now) > 0) return false;
    peaks.step(now);
    return true;
  }

  private boolean lookForStalls(long now) {
    if (stalls.idleNanos(now) > 0) return false;
    publication.changedIf(stalls.step(now));
    return true;
  }
}
