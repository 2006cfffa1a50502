package io.listenbacklog.probe.remedy;

import io.listenbacklog.api.Restoration;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.journal.RecentRestorations;
import io.listenbacklog.probe.state.RetryState;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.time.Clocks;
import java.util.function.Consumer;

/** What follows from every attempt to raise something or to put it back, be it what it may. */
public record RemedyOutcomes(Clocks clocks, RecentRestorations restorations, Counters counters) {

  /**
   * An original value was put back: it is counted, and the status reports it.
   *
   * @param what the listener's address, or the sysctl
   */
  void restored(JournalEntry entry, String container, String what, int from, int to) {
    counters.restored.incrementAndGet();
    restorations.add(new Restoration(entry.pod(), container, what, from, to, clocks.now()));
  }

  /**
   * The kernel refuses: nothing is tried again before a pause is over.
   *
   * @param log takes the text where it is news
   */
  void refused(RetryState retry, Obstacle by, Consumer<String> log) {
    counters.refused.incrementAndGet();
    postponed(retry, by, log);
  }

  /**
   * There is no room for it now: nothing is tried again before a pause is over.
   *
   * @param log takes the text where it is news
   */
  void postponed(RetryState retry, Obstacle by, Consumer<String> log) {
    retry.refused(clocks.nanos());
    hindered(retry, by, log);
  }

  /**
   * Something is in the way: the status reports it, and it is logged when it begins.
   *
   * @param log takes the text where it is news
   */
  void hindered(RetryState retry, Obstacle by, Consumer<String> log) {
    String message = ObstacleTexts.of(by);
    if (retry.hindered(by.reason(), message, clocks.now())) log.accept(message);
  }
}
