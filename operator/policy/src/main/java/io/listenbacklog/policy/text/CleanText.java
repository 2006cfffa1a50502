package io.listenbacklog.policy.text;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Sanitizes untrusted text for an Event, a condition or a log. */
public final class CleanText {
  private static final String CUT = "…";

  /**
   * What {@code text} shows, on one line: control characters, line and paragraph separators,
   * invisible and bidirectional ones, and halves of surrogate pairs become {@code ?}.
   *
   * @param most bytes of UTF-8 in the result; what is cut off ends in {@code …}
   */
  public static String of(String text, int most) {
    if (text.length() <= most && isPlain(text)) return text;
    // It may be a megabyte: what lies beyond the limit is never read.
    var clean = new StringBuilder();
    text.substring(0, Math.min(text.length(), most + 1))
        .codePoints()
        .map(point -> isVisible(point) ? point : '?')
        .forEach(clean::appendCodePoint);
    return cut(clean.toString(), most);
  }

  /** Printable ASCII, as nearly all of it is. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') return false;
    }
    return true;
  }

  /** The text, or as many whole characters of it as {@code most} bytes of UTF-8 can hold. */
  public static String cut(String text, int most) {
    if (text.getBytes(UTF_8).length <= most) return text;
    int room = most - CUT.getBytes(UTF_8).length;
    int end = 0;
    while (end < text.length()) {
      int point = text.codePointAt(end);
      room -= Character.toString(point).getBytes(UTF_8).length;
      if (room < 0) break;
      end += Character.charCount(point);
    }
    return text.substring(0, end) + CUT;
  }

  private static boolean isVisible(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  private CleanText() {}
}
