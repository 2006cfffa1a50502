package io.listenbacklog.kernel.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.stream.Stream;

/** Untrusted text, sanitized: bounded, and without terminal control characters. */
public final class PlainText {
  private PlainText() {}

  /**
   * Decodes UTF-8.
   *
   * @param limit the most characters (Unicode code points)
   */
  public static String of(byte[] bytes, int limit) {
    return of(new String(bytes, UTF_8), limit);
  }

  /** Removes control and format characters and lone surrogates. */
  public static String of(String text, int limit) {
    var clean = new StringBuilder();
    text.codePoints()
        .map(character -> Character.isWhitespace(character) ? ' ' : character)
        .filter(PlainText::isHarmless)
        .limit(limit)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  /**
   * The lines of a file of procfs. Only {@code \\n} ends one there: the kernel escapes it in names,
   * but not the carriage return, which {@link String#lines()} takes for an end too.
   */
  static Stream<String> lines(String file) {
    return Arrays.stream(file.split("\n", -1));
  }

  private static boolean isHarmless(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
