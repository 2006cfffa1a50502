package io.listenbacklog.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether standard output is systemd's journal, as systemd.exec(5) says of {@code JOURNAL_STREAM}.
 */
final class JournalStream {
  private static final Path STDOUT = Path.of("/proc/self/fd/1");

  private JournalStream() {}

  /** A variable that was inherited, with standard output redirected since, is no journal's. */
  static boolean isStandardOutput(Map<String, String> environment) {
    return is(environment.get("JOURNAL_STREAM"), STDOUT);
  }

  static boolean is(@Nullable String variable, Path stream) {
    if (variable == null) return false;
    try {
      var device = Files.getAttribute(stream, "unix:dev");
      var inode = Files.getAttribute(stream, "unix:ino");
      return variable.equals(device + ":" + inode);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
