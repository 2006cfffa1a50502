package io.listenbacklog.kernel.testing;

import io.listenbacklog.kernel.linux.LibC;
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

  @Override
  public void close() {
    try {
      if (Files.exists(path.resolve("instances"))) new LibC().umount2(path.toString(), 0);
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
