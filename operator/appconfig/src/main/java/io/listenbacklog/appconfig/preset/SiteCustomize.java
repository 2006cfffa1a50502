package io.listenbacklog.appconfig.preset;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Python's {@code sitecustomize.py} that raises the backlog of the socketserver family, without a
 * touch of the image. It has no effect where Python does not look for it ({@code python -S}, {@code
 * -I}, {@code -E}), nor on classes that set {@code request_queue_size} themselves.
 */
public final class SiteCustomize {
  private static final String PLACEHOLDER = "BACKLOG = 64  # replaced";

  private SiteCustomize() {}

  /** The name the file must have in its folder. */
  public static final String FILE = "sitecustomize.py";

  /**
   * The text of the file for that backlog.
   *
   * @param backlog from 1
   */
  public static String source(int backlog) {
    if (backlog < 1) throw new IllegalArgumentException("a backlog of " + backlog);
    try (var stream = SiteCustomize.class.getResourceAsStream(FILE)) {
      String source = new String(Objects.requireNonNull(stream, FILE).readAllBytes(), UTF_8);
      return source.replace(PLACEHOLDER, "BACKLOG = " + backlog);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@code PYTHONPATH} with that folder first.
   *
   * @param current what it is now; null where it is not set
   */
  public static String pythonPath(@Nullable String current, String folder) {
    if (current == null || current.isEmpty()) return folder;
    if (current.equals(folder) || current.startsWith(folder + ":")) return current;
    return folder + ":" + current;
  }
}
