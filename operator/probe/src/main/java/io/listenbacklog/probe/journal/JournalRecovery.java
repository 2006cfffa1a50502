package io.listenbacklog.probe.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads back what earlier probes wrote in this boot, whatever state a kill left the file in.
 *
 * <p>What makes no sense is skipped by itself: a torn last line is an act that never began, since
 * each act waits for its whole line. Lines after the mark of another boot are skipped too: what
 * they are about ended with that boot, and a cookie or an inode may be another one's now.
 */
final class JournalRecovery {
  private final String bootId;
  private final EntriesInForce entries = new EntriesInForce();

  /** One object for equal names of all entries, which would take most of the memory. */
  private final Map<Object, Object> shared = new HashMap<>();

  /** A file without a mark, of which a crash of the node kept only parts, is nobody's. */
  private boolean inThisBoot;

  private JournalRecovery(String bootId) {
    this.bootId = bootId;
  }

  /**
   * What was found.
   *
   * @param discarded lines that made no sense
   */
  record Recovered(EntriesInForce entries, int discarded) {}

  /** Reads it line by line: the file may be longer than the heap of a probe. */
  static Recovered read(Path file, String bootId, ObjectMapper json) throws IOException {
    var recovery = new JournalRecovery(bootId);
    if (!Files.exists(file)) return new Recovered(recovery.entries, 0);
    int discarded = 0;
    try (var lines = new JournalLines(file)) {
      for (var each = lines.next(); each != null; each = lines.next()) {
        if (each.length == 0) continue;
        @Nullable JournalLine line;
        try {
          line = json.readValue(each, JournalLine.class);
        } catch (IOException e) {
          discarded++; // made of bytes in memory, so nothing but the line can be wrong
          continue;
        }
        if (line == null) discarded++; // JSON's null
        else recovery.take(line);
      }
      discarded += lines.tooLong();
    }
    return new Recovered(recovery.entries, discarded);
  }

  private void take(JournalLine line) {
    if (line.boot() != null) inThisBoot = line.boot().equals(bootId);
    if (!inThisBoot) return;
    if (line.backlog() != null) entries.put(line.backlog().sharing(shared));
    if (line.somaxconn() != null) entries.put(line.somaxconn());
    if (line.sysctl() != null) entries.put(line.sysctl());
    if (line.forget() != null) EntryKey.of(line.forget()).ifPresent(entries::forget);
    if (line.done() != null) EntryKey.of(line.done()).ifPresent(entries::settleAsIntended);
  }
}
