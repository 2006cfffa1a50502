package io.listenbacklog.appconfig.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A word as a shell, or Python's shlex, would split it off.
 *
 * @param text without quotes and backslashes
 * @param start where it begins, quotes included
 * @param end where it ends, quotes included
 */
record ShellWord(String text, int start, int end) {

  /** The words; empty where a quote has no end. */
  static Optional<List<ShellWord>> split(String line) {
    var words = new ArrayList<ShellWord>();
    int at = 0;
    while (true) {
      while (at < line.length() && isBlank(line.charAt(at))) at++;
      if (at == line.length()) return Optional.of(words);
      int start = at;
      var text = new StringBuilder();
      char quote = 0;
      while (at < line.length() && (quote != 0 || !isBlank(line.charAt(at)))) {
        char character = line.charAt(at);
        if (character == '\\' && quote != '\'' && at + 1 < line.length()) {
          at++;
          text.append(line.charAt(at));
        } else if (quote == 0 && (character == '"' || character == '\'')) {
          quote = character;
        } else if (character == quote) {
          quote = 0;
        } else {
          text.append(character);
        }
        at++;
      }
      if (quote != 0) return Optional.empty();
      words.add(new ShellWord(text.toString(), start, at));
    }
  }

  /** Where the text's end begins in the line, if it stands there as it is; -1 otherwise. */
  int startOfEnding(String line, String ending) {
    int last = line.charAt(end - 1) == '"' || line.charAt(end - 1) == '\'' ? end - 1 : end;
    int from = last - ending.length();
    if (from < start || !line.startsWith(ending, from)) return -1;
    return from > start && line.charAt(from - 1) == '\\' ? -1 : from;
  }

  static boolean isNumber(String text) {
    int digits = text.startsWith("-") ? 1 : 0;
    return text.length() > digits
        && text.length() <= 11
        && text.chars().skip(digits).allMatch(each -> each >= '0' && each <= '9');
  }

  private static boolean isBlank(char character) {
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
  }
}
