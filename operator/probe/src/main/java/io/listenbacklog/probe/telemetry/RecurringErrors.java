package io.listenbacklog.probe.telemetry;

import io.listenbacklog.kernel.linux.Reason;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Errors that come again with each sweep: each is counted, and said once until it is over. */
public final class RecurringErrors {
  private static final Logger log = LoggerFactory.getLogger(RecurringErrors.class);

  /** More than that many at once are counted only. */
  private static final int MOST = 1_000;

  private final Counters tally;
  private final Set<String> current = new HashSet<>();

  public RecurringErrors(Counters tally) {
    this.tally = tally;
  }

  /** Something failed. */
  public void failed(String what, Exception cause) {
    tally.errors.incrementAndGet();
    if (current.size() >= MOST || !current.add(what)) return;
    boolean expected = cause instanceof IOException;
    log.atWarn()
        .addKeyValue(LogKeys.WHAT, what)
        .addKeyValue(LogKeys.WHY, Reason.of(cause))
        .setCause(expected ? null : cause)
        .log("failed, will be tried again");
  }

  /** The same of one among many: its name is made only where something has failed. */
  public void over(String kind, long which) {
    if (!current.isEmpty()) over(kind + which);
  }

  /** It works (again). */
  public void over(String what) {
    if (!current.isEmpty() && current.remove(what)) {
      log.atInfo().addKeyValue(LogKeys.WHAT, what).log("works again");
    }
  }
}
