package io.listenbacklog.kernel.testing;

import static org.awaitility.Awaitility.await;

import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.linux.SyscallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder where tracefs may be mounted; unmounted and removed at the end.
 *
 * @param path of the folder
 */
public record TracefsFolder(Path path) implements AutoCloseable {

  /** A new one. */
  public static TracefsFolder make() {
    try {
      return new TracefsFolder(Files.createTempDirectory("tracefs"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean unmount() throws SyscallException {
    try {
      new LibC().umount2(path.toString(), 0);
      return true;
    } catch (SyscallException e) {
      if (e.is(Errno.EBUSY)) return false;
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      // A reader that was told to end may not have yet.
      await().until(() -> !Files.exists(path.resolve("instances")) || unmount());
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
