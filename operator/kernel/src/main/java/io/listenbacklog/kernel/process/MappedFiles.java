package io.listenbacklog.kernel.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashSet;
import java.util.Set;

/** The files in a {@code /proc/PID/maps}, proc_pid_maps(5). */
final class MappedFiles {
  static final int MOST = 4096;
  private static final int LONGEST_NAME = 255; // NAME_MAX, include/uapi/linux/limits.h

  private MappedFiles() {}

  /** Their base names, each once; the last may be truncated. */
  static Set<String> inFile(byte[] maps) {
    var names = new HashSet<String>();
    int from = 0;
    for (int at = 0; at <= maps.length && names.size() < MOST; at++) {
      if (at < maps.length && maps[at] != '\n') continue;
      int slash = lastSlash(maps, from, at);
      if (slash >= 0) {
        int length = Math.min(at - slash - 1, LONGEST_NAME);
        names.add(new String(maps, slash + 1, length, UTF_8));
      }
      from = at + 1;
    }
    return names;
  }

  /** No other column has a slash: not addresses, permissions, offset, device or inode. */
  private static int lastSlash(byte[] maps, int from, int to) {
    for (int at = to - 1; at >= from; at--) {
      if (maps[at] == '/') return at;
    }
    return -1;
  }
}
