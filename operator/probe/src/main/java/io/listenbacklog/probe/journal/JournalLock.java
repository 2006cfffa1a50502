package io.listenbacklog.probe.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * That nobody else writes the journal of a folder: what a second probe raised would be recorded in
 * a file that the first one replaces. The kernel gives it back when a probe ends, however it ends.
 */
public final class JournalLock implements Closeable {
  private static final String NAME = "journal.lock";

  private final FileChannel channel;

  private JournalLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock of a folder, which is made if it is not there.
   *
   * @throws IOException if another probe has it, which the message says, or the folder cannot be
   *     written
   */
  public static JournalLock take(Path folder) throws IOException {
    Files.createDirectories(folder);
    var file = folder.resolve(NAME);
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) return new JournalLock(channel);
    } catch (OverlappingFileLockException e) {
      // Another one of this JVM.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new IOException(
        "another probe runs on this node and holds %s: there must be one, so this one does not start"
            .formatted(file));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
