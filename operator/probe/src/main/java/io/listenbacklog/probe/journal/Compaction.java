package io.listenbacklog.probe.journal;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.Optional;

/**
 * Writes what is in force to a new file, part by part, and puts it in the place of the journal.
 *
 * <p>It is renamed over the journal, in one step, only once it holds all that is in force; until
 * then the journal is the one before, which is whole as well. What comes meanwhile goes into both
 * (see {@link JournalWriter}): an entry that was written here before it changed is followed by its
 * change. Whatever fails, the new file is removed and the journal is as it was.
 */
final class Compaction {
  /** Characters that are written at once. */
  private static final int PART = 16 * 1024;

  private final Path path;
  private final Path next;
  private final ObjectMapper json;
  private final EntriesInForce entries;
  private final Iterator<EntryKey> keys;
  private final JournalFile file;

  /** Begins the new file, with the mark of this boot. */
  Compaction(Path path, String bootId, ObjectMapper json, EntriesInForce entries)
      throws IOException {
    this.path = path;
    this.json = json;
    this.entries = entries;
    next = path.resolveSibling(path.getFileName() + ".new");
    keys = entries.keys().iterator();
    file = JournalFile.create(next);
    try {
      file.append(JournalLine.boot(bootId).text(json), 1);
    } catch (IOException e) {
      giveUp();
      throw e;
    }
  }

  /**
   * Writes some more.
   *
   * @param most entries to write in this step
   * @return the new file once it is in the place of the journal; empty: there is more to write
   * @throws IOException if it cannot be done; it is given up then
   */
  Optional<JournalFile> step(int most) throws IOException {
    try {
      write(most);
      if (keys.hasNext()) return Optional.empty();
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      giveUp();
      throw e;
    }
    return Optional.of(file);
  }

  private void write(int most) throws IOException {
    var part = new StringBuilder();
    int inPart = 0;
    for (int each = 0; each < most && keys.hasNext(); each++) {
      var entry = entries.get(keys.next());
      if (entry == null) continue;
      part.append(JournalLine.of(entry).text(json));
      inPart++;
      if (part.length() < PART) continue;
      file.append(part.toString(), inPart);
      part.setLength(0);
      inPart = 0;
    }
    file.append(part.toString(), inPart);
  }

  /** Adds a line that was appended to the journal meanwhile. */
  void append(String line) throws IOException {
    file.append(line, 1);
  }

  /** Removes the new file. */
  void giveUp() {
    try {
      file.close();
      Files.deleteIfExists(next);
    } catch (IOException e) {
      // It is in nobody's way, and truncated by the next one.
    }
  }
}
