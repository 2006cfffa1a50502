package io.listenbacklog.probe.journal;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file one after the other, of any bytes; one that is too long for us is skipped.
 */
final class JournalLines implements Closeable {
  /** Ours have some 500 bytes, and 4 KiB with the longest names and a contest. */
  private static final int LONGEST = 64 * 1024;

  private final InputStream bytes;
  private int tooLong;

  JournalLines(Path file) throws IOException {
    bytes = new BufferedInputStream(Files.newInputStream(file));
  }

  /** The next line, without its end; null: there is none. */
  byte @Nullable [] next() throws IOException {
    var line = new ByteArrayOutputStream(512);
    boolean any = false;
    boolean skipped = false;
    for (int each = bytes.read(); each >= 0; each = bytes.read()) {
      any = true;
      if (each == '\n') break;
      if (line.size() < LONGEST) line.write(each);
      else skipped = true;
    }
    if (!skipped) return any ? line.toByteArray() : null;
    tooLong++;
    return new byte[0];
  }

  /** How many were skipped. */
  int tooLong() {
    return tooLong;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
