package io.listenbacklog.appconfig.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code key=value}, read as java.util.Properties reads it. */
final class PropertiesSyntax implements Syntax {
  /** Of lighttpd, PowerDNS, Commons Configuration and Spring. */
  private static final Set<String> INCLUDES =
      Set.of(
          "include",
          "include_shell",
          "include-dir",
          "includeOptional",
          "spring.config.import",
          "spring.profiles.include");

  private static final Set<String> DOCUMENT_ENDS = Set.of("#---", "!---");

  /**
   * A key and its value.
   *
   * @param oneLine false where a backslash joins several
   */
  private record Entry(
      String key, int keyEnd, int valueStart, int end, int line, boolean oneLine) {}

  @Override
  public Place find(String content, String path) throws Unreadable {
    if (!KeyValues.isPlain(path)) return new Place.Unclear(0, "the path must be a key");
    var entries = entries(content);
    var found = entries.stream().filter(entry -> entry.key().equals(path)).toList();
    if (found.size() > 1) {
      return new Place.Unclear(found.get(1).line(), path + " is there more than once");
    }
    if (found.size() == 1) {
      var entry = found.getFirst();
      return entry.oneLine()
          ? KeyValues.value(content, entry.valueStart(), entry.end(), entry.line(), "#")
          : new Place.Unclear(entry.line(), path + " goes over several lines");
    }
    String relaxed = KeyValues.relaxed(path);
    for (var entry : entries) {
      if (KeyValues.relaxed(entry.key()).equals(relaxed)) {
        return new Place.Unclear(entry.line(), "this key may be the same: the path must name it");
      }
      if (INCLUDES.contains(entry.key())) {
        return new Place.Unclear(
            entry.line(), path + " is not in this file, but perhaps in what this line includes");
      }
    }
    return atTheEnd(content, path, entries);
  }

  @Override
  public List<String> meaning(String content, String path) throws Unreadable {
    var meaning = new ArrayList<String>();
    for (var entry : entries(content)) {
      meaning.add(entry.key());
      meaning.add("=" + content.substring(entry.valueStart(), entry.end()));
    }
    return meaning;
  }

  private static Place atTheEnd(String content, String path, List<Entry> entries) {
    int number = 1;
    for (String line : (Iterable<String>) content.lines()::iterator) {
      if (DOCUMENT_ENDS.contains(line.strip())) {
        return new Place.Unclear(number, "several documents are in the file, as Spring has them");
      }
      number++;
    }
    if (!entries.isEmpty()
        && entries.getLast().end() == content.length()
        && endsWithBackslash(content, 0, content.length())) {
      return new Place.Unclear(entries.getLast().line(), "this line has no end");
    }
    String separator =
        entries.isEmpty()
            ? "="
            : KeyValues.separator(
                content, entries.getFirst().keyEnd(), entries.getFirst().valueStart());
    return Lines.atTheEnd(content, path + separator);
  }

  private static List<Entry> entries(String content) throws Unreadable {
    Lines.refuseTemplates(content, Lines.of(content));
    var entries = new ArrayList<Entry>();
    int at = Lines.startOf(content);
    int line = 1;
    while (at < content.length()) {
      int start = at;
      while (start < content.length() && isSpace(content.charAt(start))) start++;
      int end = lineEnd(content, start);
      int begins = line;
      boolean comment =
          start < end && (content.charAt(start) == '#' || content.charAt(start) == '!');
      boolean oneLine = true;
      while (!comment && endsWithBackslash(content, start, end) && end < content.length()) {
        oneLine = false;
        int next = afterBreak(content, end);
        line += newlines(content, end, next);
        end = lineEnd(content, next);
      }
      if (start < end && !comment) entries.add(entry(content, start, end, begins, oneLine));
      at = afterBreak(content, end);
      line += newlines(content, end, at);
    }
    return entries;
  }

  private static Entry entry(String content, int start, int end, int line, boolean oneLine)
      throws Unreadable {
    int keyEnd = start;
    while (keyEnd < end && !endsKey(content.charAt(keyEnd))) {
      keyEnd += content.charAt(keyEnd) == '\\' ? 2 : 1;
    }
    keyEnd = Math.min(keyEnd, end);
    int valueStart = keyEnd;
    while (valueStart < end && isSpace(content.charAt(valueStart))) valueStart++;
    if (valueStart < end
        && (content.charAt(valueStart) == '=' || content.charAt(valueStart) == ':')) {
      valueStart++;
      while (valueStart < end && isSpace(content.charAt(valueStart))) valueStart++;
    }
    String key = unescaped(content.substring(start, keyEnd), line);
    return new Entry(key, keyEnd, valueStart, end, line, oneLine);
  }

  private static String unescaped(String key, int line) throws Unreadable {
    if (key.indexOf('\\') < 0) return key;
    var text = new StringBuilder();
    int at = 0;
    while (at < key.length()) {
      char character = key.charAt(at++);
      if (character != '\\' || at == key.length()) {
        text.append(character);
        continue;
      }
      char escaped = key.charAt(at++);
      if (escaped == 'u') {
        text.append(unicode(key, at, line));
        at += 4;
      } else if (escaped != '\n' && escaped != '\r') {
        text.append(escaped);
      }
    }
    return text.toString();
  }

  private static char unicode(String key, int at, int line) throws Unreadable {
    int code = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = i < key.length() ? Character.digit(key.charAt(i), 16) : -1;
      if (digit < 0) throw new Unreadable(line, "an escape is malformed");
      code = code * 16 + digit;
    }
    return (char) code;
  }

  private static boolean endsKey(char character) {
    return character == '=' || character == ':' || isSpace(character);
  }

  private static boolean isSpace(char character) {
    return character == ' ' || character == '\t' || character == '\f';
  }

  private static int lineEnd(String content, int from) {
    int at = from;
    while (at < content.length() && content.charAt(at) != '\n' && content.charAt(at) != '\r') at++;
    return at;
  }

  /** A carriage return alone ends a line for Java, and counts as none anywhere else. */
  private static int newlines(String content, int from, int to) {
    int newlines = 0;
    for (int at = from; at < to; at++) if (content.charAt(at) == '\n') newlines++;
    return newlines;
  }

  private static int afterBreak(String content, int end) {
    if (end >= content.length()) return content.length();
    boolean both = content.startsWith("\r\n", end);
    return end + (both ? 2 : 1);
  }

  private static boolean endsWithBackslash(String content, int start, int end) {
    int at = end;
    while (at > start && content.charAt(at - 1) == '\\') at--;
    return (end - at) % 2 == 1;
  }
}
