package io.listenbacklog.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The JVM flags of the probe in its image. */
public final class ImageFlags {
  private static final Path FILE =
      Path.of("../image/src/main/jib/opt/listen-backlog-operator/probe");

  private ImageFlags() {}

  /** Those that begin with {@code -X}, in their order. */
  public static List<String> ofProbe() throws IOException {
    try (var lines = Files.lines(FILE)) {
      return lines.filter(line -> line.matches("-X\\S+")).toList();
    }
  }
}
