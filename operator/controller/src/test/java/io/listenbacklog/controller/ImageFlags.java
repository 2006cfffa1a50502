package io.listenbacklog.controller;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the JVM is told in the image. */
public final class ImageFlags {
  private ImageFlags() {}

  /**
   * The options of its argument files.
   *
   * @param file such as {@code controller}
   */
  public static List<String> of(String file) throws IOException {
    var arguments = Path.of("../image/src/main/jib/opt/listen-backlog-operator", file);
    try (var lines = Files.lines(arguments)) {
      return lines.filter(line -> line.matches("-X\\S+")).toList();
    }
  }
}
