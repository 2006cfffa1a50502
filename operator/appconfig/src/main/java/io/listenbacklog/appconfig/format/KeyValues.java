package io.listenbacklog.appconfig.format;

import java.util.Locale;

/** What files of {@code key=value} have in common. */
final class KeyValues {
  private KeyValues() {}

  /**
   * The key as those read it who take {@code back_log}, {@code back-log} and {@code backLog} for
   * one.
   */
  static String relaxed(String key) {
    var letters = new StringBuilder();
    for (int at = 0; at < key.length(); at++) {
      char character = key.charAt(at);
      if (character != '-' && character != '_') letters.append(character);
    }
    return letters.toString().toLowerCase(Locale.ROOT);
  }

  /** Whether a key can be written into a file as it is. */
  static boolean isPlain(String key) {
    return !key.isEmpty()
        && key.chars()
            .allMatch(
                each ->
                    (each >= 'a' && each <= 'z')
                        || (each >= 'A' && each <= 'Z')
                        || (each >= '0' && each <= '9')
                        || each == '.'
                        || each == '_'
                        || each == '-');
  }

  /**
   * The value between two places, without blanks around it, quotes, and a comment after it.
   *
   * @param comments the characters that begin a comment after a blank
   */
  static Place.Value value(String content, int from, int to, int line, String comments) {
    int start = from;
    while (start < to && Lines.isBlank(content.charAt(start))) start++;
    int end = to;
    for (int at = start + 1; at < end; at++) {
      if (Lines.isBlank(content.charAt(at - 1)) && comments.indexOf(content.charAt(at)) >= 0) {
        end = at;
      }
    }
    while (end > start && Lines.isBlank(content.charAt(end - 1))) end--;
    if (end - start > 1) {
      char quote = content.charAt(start);
      if ((quote == '"' || quote == '\'') && content.charAt(end - 1) == quote) {
        start++;
        end--;
      }
    }
    return new Place.Value(start, end, line);
  }

  /** The equals sign as an entry of the file has it, with or without a blank on each side. */
  static String separator(String content, int keyEnd, int valueStart) {
    String between = content.substring(keyEnd, valueStart);
    return between.equals("=") || between.equals("= ") || between.equals(" =") ? between : " = ";
  }
}
