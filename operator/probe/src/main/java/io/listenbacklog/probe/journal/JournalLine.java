package io.listenbacklog.probe.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The format: one line of a journal, a JSON object with exactly one of these. What earlier probes
 * wrote must be read, and they must be able to read what this one writes.
 *
 * @param boot id of the kernel's boot in which the lines after it were written
 * @param backlog is raised, is about to be, or is contested
 * @param somaxconn the same of {@code net.core.somaxconn}; apart, since probes that know no other
 *     sysctl write it so
 * @param sysctl the same of any other sysctl
 * @param forget {@linkplain EntryKey#text key} of an entry that is no longer in force
 * @param done the key of an entry whose raise took effect just as intended
 */
record JournalLine(
    @Nullable String boot,
    JournalEntry.@Nullable Backlog backlog,
    JournalEntry.@Nullable Sysctl somaxconn,
    JournalEntry.@Nullable Sysctl sysctl,
    @Nullable String forget,
    @Nullable String done) {

  static JournalLine boot(String id) {
    return new JournalLine(id, null, null, null, null, null);
  }

  static JournalLine of(JournalEntry entry) {
    return switch (entry) {
      case JournalEntry.Backlog it -> new JournalLine(null, it, null, null, null, null);
      case JournalEntry.Sysctl it when it.isSomaxconn() ->
          new JournalLine(null, null, it, null, null, null);
      case JournalEntry.Sysctl it -> new JournalLine(null, null, null, it, null, null);
    };
  }

  static JournalLine forget(EntryKey key) {
    return new JournalLine(null, null, null, null, key.text(), null);
  }

  static JournalLine done(EntryKey key) {
    return new JournalLine(null, null, null, null, null, key.text());
  }

  /** As it is written, with the end of the line. */
  String text(ObjectMapper json) throws IOException {
    return json.writeValueAsString(this) + "\n";
  }
}
