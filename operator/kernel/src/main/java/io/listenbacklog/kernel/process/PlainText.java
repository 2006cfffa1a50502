package io.listenbacklog.kernel.process;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Text that strangers wrote, made harmless: bounded, and nothing in it that steers a terminal. */
final class PlainText {
  private PlainText() {}

  /**
   * Decodes UTF-8.
   *
   * @param limit the most characters (Unicode code points)
   */
  static String of(byte[] bytes, int limit) {
    return of(new String(bytes, UTF_8), limit);
  }

  /** Leaves out what is invisible or steers: control and format characters, lone surrogates. */
  static String of(String text, int limit) {
    var clean = new StringBuilder();
    text.codePoints()
        .map(character -> Character.isWhitespace(character) ? ' ' : character)
        .filter(PlainText::isHarmless)
        .limit(limit)
        .forEach(clean::appendCodePoint);
    return clean.toString();
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
