package io.listenbacklog.probe.engine;

import io.listenbacklog.kernel.linux.Reason;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Errors that come again with each sweep: each is counted, and said once until it is over. */
final class Troubles {
  private static final Logger log = LoggerFactory.getLogger(Troubles.class);

  /** More than that many at once are counted only. */
  private static final int MOST = 1_000;

  private final Tally tally;
  private final Set<String> current = new HashSet<>();

  Troubles(Tally tally) {
    this.tally = tally;
  }

  /** Something failed. */
  void failed(String what, Exception cause) {
    tally.errors.incrementAndGet();
    if (current.size() >= MOST || !current.add(what)) return;
    boolean expected = cause instanceof IOException;
    log.atWarn()
        .addKeyValue(Keys.WHAT, what)
        .addKeyValue(Keys.WHY, Reason.of(cause))
        .setCause(expected ? null : cause)
        .log("failed, will be tried again");
  }

  /** It works (again). */
  void over(String what) {
    if (!current.isEmpty() && current.remove(what)) {
      log.atInfo().addKeyValue(Keys.WHAT, what).log("works again");
    }
  }
}
