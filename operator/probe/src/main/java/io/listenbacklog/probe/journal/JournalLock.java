package io.listenbacklog.probe.journal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * That nobody else writes the journal of a folder: what a second probe raised would be recorded in
 * a file that the first one replaces. The kernel gives it back when a probe ends, however it ends.
 */
public final class JournalLock implements Closeable {
  private static final String NAME = "journal.lock";
  private static final Duration AGAIN = Duration.ofMillis(100);

  private final FileChannel channel;

  /** Somebody else has it, and keeps it. */
  public static final class HeldException extends IOException {
    private static final long serialVersionUID = 1;

    HeldException(String message) {
      super(message);
    }
  }

  private JournalLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock of a folder, which is made if it is not there.
   *
   * @param patience how long a probe that is about to end is waited for: one that is replaced may
   *     still be there when the next one starts
   * @throws HeldException if another probe has it for longer
   * @throws IOException if the folder cannot be written
   */
  public static JournalLock take(Path folder, Duration patience) throws IOException {
    Files.createDirectories(folder);
    var file = folder.resolve(NAME);
    for (long began = System.nanoTime(); ; sleep()) {
      var lock = tryTake(file);
      if (lock.isPresent()) return lock.get();
      if (System.nanoTime() - began >= patience.toNanos()) break;
    }
    throw new HeldException(
        "another probe runs on this node and holds %s: there must be one, so this one does not start"
            .formatted(file));
  }

  private static Optional<JournalLock> tryTake(Path file) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) return Optional.of(new JournalLock(channel));
    } catch (OverlappingFileLockException e) {
      // Another one of this JVM.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return Optional.empty();
  }

  private static void sleep() throws IOException {
    try {
      Thread.sleep(AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("waiting for another probe to end");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
