package io.listenbacklog.host;

import io.listenbacklog.policy.event.kind.EventType;
import io.listenbacklog.policy.text.CleanText;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a watch says: a line each. To systemd's journal with a level in front, sd-daemon(3), and
 * without the time, which the journal has itself.
 */
final class WatchLines {
  /** Bytes: a note has 1 KiB at most, and a few words before it. */
  private static final int LONGEST = 2_048;

  private static final String WARNING = "<4>";
  private static final String NOTICE = "<5>";

  private final PrintWriter out;
  private final boolean journal;

  WatchLines(PrintWriter out, boolean journal) {
    this.out = out;
    this.journal = journal;
  }

  void say(EventType type, Instant at, String text) {
    String line = CleanText.of(text, LONGEST);
    if (journal) out.println((type == EventType.WARNING ? WARNING : NOTICE) + line);
    else out.println("%s %s %s".formatted(at.truncatedTo(ChronoUnit.SECONDS), type, line));
    out.flush();
  }
}
