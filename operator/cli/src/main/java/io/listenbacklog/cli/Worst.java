package io.listenbacklog.cli;

import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;

/** The N worst listeners of any number. Thread-safe. */
final class Worst {
  private final int most;
  private final PriorityQueue<ListenerFigures> kept =
      new PriorityQueue<>(Collections.reverseOrder(ListenerFigures.WORST_FIRST));
  private long seen;

  Worst(int most) {
    this.most = most;
  }

  synchronized void add(ListenerFigures listener) {
    seen++;
    kept.add(listener);
    if (kept.size() > most) kept.poll();
  }

  /** The worst first. */
  synchronized List<ListenerFigures> listed() {
    return kept.stream().sorted(ListenerFigures.WORST_FIRST).toList();
  }

  /** How many there are that are not kept. */
  synchronized long leftOut() {
    return seen - kept.size();
  }
}
