package io.listenbacklog.probe.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that lines are appended to.
 *
 * <p>When {@link #append} returns, the kernel has the whole lines: they outlive the probe, however
 * it ends. Nothing here calls fsync(2), for they need not outlive the node. When it fails, part of
 * them may be in the file; the next append ends that part first, so that it spoils nothing but
 * itself.
 */
final class JournalFile implements Closeable {
  private final FileChannel channel;
  private int lines;

  /** Whether the file may end within a line. */
  private boolean torn;

  private JournalFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Makes a new file, or empties the one that is there. */
  static JournalFile create(Path path) throws IOException {
    return new JournalFile(
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING));
  }

  /**
   * Appends whole lines.
   *
   * @param text with the end of each line
   * @param count how many they are
   */
  void append(String text, int count) throws IOException {
    var bytes = ByteBuffer.wrap((torn ? "\n" + text : text).getBytes(StandardCharsets.UTF_8));
    torn = true; // until it is whole: what follows a half-written line must not be read with it
    while (bytes.hasRemaining()) channel.write(bytes);
    torn = false;
    lines += count;
  }

  /** How many lines were appended. */
  int lines() {
    return lines;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
