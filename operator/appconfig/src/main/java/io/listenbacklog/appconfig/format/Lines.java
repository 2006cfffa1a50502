package io.listenbacklog.appconfig.format;

import java.util.ArrayList;
import java.util.List;

/** The lines of a text. */
final class Lines {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private Lines() {}

  /**
   * One line.
   *
   * @param start where it begins, after a byte order mark
   * @param end where it ends, before its line break
   * @param next where the next one begins
   * @param number from 1
   */
  record Line(int start, int end, int next, int number) {
    /** Where its first character is that is not blank; its end if there is none. */
    int indent(String content) {
      int at = start;
      while (at < end && isBlank(content.charAt(at))) at++;
      return at;
    }

    boolean hasBreak() {
      return next > end;
    }
  }

  static List<Line> of(String content) {
    var lines = new ArrayList<Line>();
    int start = startOf(content);
    int number = 1;
    while (start < content.length()) {
      int feed = content.indexOf('\n', start);
      int next = feed < 0 ? content.length() : feed + 1;
      int end = feed < 0 ? next : feed;
      if (feed > start && content.charAt(feed - 1) == '\r') end--;
      lines.add(new Line(start, end, next, number++));
      start = next;
    }
    return lines;
  }

  /** 0, or 1 after a byte order mark. */
  static int startOf(String content) {
    return !content.isEmpty() && content.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
  }

  static boolean isBlank(char character) {
    return character == ' ' || character == '\t' || character == '\r' || character == '\f';
  }

  /** The line break that the text has, that of its first line. */
  static String breakOf(String content) {
    int feed = content.indexOf('\n');
    return feed > 0 && content.charAt(feed - 1) == '\r' ? "\r\n" : "\n";
  }

  /** The number of the line that a character is on. */
  static int numberAt(String content, int offset) {
    int number = 1;
    for (int at = 0; at < offset; at++) {
      if (content.charAt(at) == '\n') number++;
    }
    return number;
  }

  /** A line of its own at the end of the text. */
  static Place.Gap atTheEnd(String content, String before) {
    boolean ended =
        content.length() == startOf(content) || content.charAt(content.length() - 1) == '\n';
    return new Place.Gap(
        content.length(),
        (ended ? "" : breakOf(content)) + before,
        ended ? breakOf(content) : "",
        numberAt(content, content.length()) + (ended ? 0 : 1));
  }

  /** A line of its own below that one. */
  static Place.Gap below(String content, Line line, String before) {
    return line.hasBreak()
        ? new Place.Gap(line.next(), before, breakOf(content), line.number() + 1)
        : new Place.Gap(line.next(), breakOf(content) + before, "", line.number() + 1);
  }

  /**
   * Refuses text that another program is to make a configuration of: lines that begin with a
   * directive of a template decide which of the other lines count.
   */
  static void refuseTemplates(String content, List<Line> lines) throws Unreadable {
    for (Line line : lines) {
      int at = line.indent(content);
      for (var opening : List.of("{{", "{%", "<%")) {
        if (content.startsWith(opening, at)) {
          throw new Unreadable(line.number(), "it is a template");
        }
      }
    }
  }
}
