package io.listenbacklog.probe.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the journal, and makes it shorter before it grows far beyond what is in force.
 *
 * <p>A line goes to the journal first, and then to the file that is to take its place: at no moment
 * has the second one a line that the journal lacks, and it becomes the journal only between two
 * lines.
 */
final class JournalWriter implements Closeable {
  /** Compacted when the file has this many lines more than twice the entries in force. */
  private static final int SLACK = 1_000;

  /** Entries that are rewritten with each line that makes it worth it: some 1 ms. */
  private static final int REWRITTEN_AT_ONCE = 64;

  private final Path path;
  private final String bootId;
  private final ObjectMapper json;
  private final EntriesInForce entries;
  private JournalFile file;
  private @Nullable Compaction compaction;

  /** Begins with a file that holds what is in force, and nothing else. */
  JournalWriter(Path path, String bootId, ObjectMapper json, EntriesInForce entries)
      throws IOException {
    this.path = path;
    this.bootId = bootId;
    this.json = json;
    this.entries = entries;
    file = new Compaction(path, bootId, json, entries).step(Integer.MAX_VALUE).orElseThrow();
  }

  /**
   * Appends a line.
   *
   * @throws IOException if the kernel did not take all of it
   */
  void append(JournalLine line) throws IOException {
    String text = line.text(json);
    file.append(text, 1);
    if (compaction == null) return;
    try {
      compaction.append(text);
    } catch (IOException e) {
      giveUpCompaction();
    }
  }

  /** Goes on making the journal shorter, or begins to, where that is worth it. */
  void compactIfLong() throws IOException {
    if (compaction == null && file.lines() <= 2 * entries.size() + SLACK) return;
    JournalFile shorter;
    try {
      if (compaction == null) compaction = new Compaction(path, bootId, json, entries);
      shorter = compaction.step(REWRITTEN_AT_ONCE).orElse(null);
    } catch (IOException e) {
      // The long one is as good: what it holds, and what is yet to come, is in its place.
      giveUpCompaction();
      return;
    }
    if (shorter == null) return;
    compaction = null;
    var old = file;
    file = shorter;
    old.close();
  }

  private void giveUpCompaction() {
    if (compaction != null) compaction.giveUp();
    compaction = null;
  }

  @Override
  public void close() throws IOException {
    giveUpCompaction();
    file.close();
  }
}
