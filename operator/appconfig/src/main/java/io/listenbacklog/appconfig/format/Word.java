package io.listenbacklog.appconfig.format;

/**
 * A word of a configuration file.
 *
 * @param text what it means, without quotes and escapes
 * @param start where it begins, its opening quote included
 * @param end where it ends, its closing quote included
 */
record Word(String text, int start, int end, int line) {

  boolean is(String other) {
    return text.equals(other);
  }

  /** What stands between start and end. */
  String raw(String content) {
    return content.substring(start, end);
  }

  /**
   * The value in it that follows a prefix such as {@code backlog=}, which may be empty; inside the
   * quotes if it is quoted as a whole.
   */
  Place value(String content, String prefix) {
    int from = start;
    int to = end;
    char first = content.charAt(start);
    if ((first == '"' || first == '\'') && end - start > 1 && content.charAt(end - 1) == first) {
      from++;
      to--;
    }
    if (!content.substring(from, to).equals(text)) {
      return new Place.Unclear(line, "it is written with escapes or quotes inside the word");
    }
    return new Place.Value(from + prefix.length(), to, line);
  }
}
