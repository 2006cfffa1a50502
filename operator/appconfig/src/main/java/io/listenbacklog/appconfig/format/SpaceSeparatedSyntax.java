package io.listenbacklog.appconfig.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A directive and its value on a line. */
final class SpaceSeparatedSyntax implements Syntax {

  /**
   * Of these the last one counts, so that one at the end holds whatever is included before: Redis
   * reads what it includes where it stands (src/config.c, loadServerConfigFromString), Apache sets
   * a variable (server/listen.c, ap_set_listenbacklog).
   */
  private static final Set<String> LAST_COUNTS = Set.of("tcp-backlog", "listenbacklog");

  private static final Set<String> INCLUDES =
      Set.of("include", "includeoptional", "includedir", "!include", "!includedir");

  /**
   * @param continued whether a backslash joins it with the line before or after
   */
  private record Entry(List<Word> words, Lines.Line line, boolean continued) {}

  @Override
  public Place find(String content, String path) throws Unreadable {
    if (path.isEmpty()
        || path.chars().anyMatch(each -> each <= ' ' || each == '#' || each == '"')) {
      return new Place.Unclear(0, "the path must be one word, the directive");
    }
    var entries = entries(content);
    String wanted = canonical(path);
    var found =
        entries.stream()
            .filter(entry -> canonical(entry.words().getFirst().text()).equals(wanted))
            .toList();
    if (found.size() > 1) {
      return new Place.Unclear(found.get(1).line().number(), path + " is there more than once");
    }
    if (found.size() == 1) {
      var entry = found.getFirst();
      return entry.words().size() == 2 && !entry.continued()
          ? entry.words().get(1).value(content, "")
          : new Place.Unclear(entry.line().number(), path + " has not one value");
    }
    return atTheEnd(content, path, entries);
  }

  @Override
  public List<String> meaning(String content, String path) throws Unreadable {
    var meaning = new ArrayList<String>();
    for (var entry : entries(content)) {
      entry.words().forEach(word -> meaning.add(word.raw(content)));
      meaning.add("\n");
    }
    return meaning;
  }

  private static Place atTheEnd(String content, String path, List<Entry> entries) {
    int open = 0;
    for (var entry : entries) {
      String name = entry.words().getFirst().text().toLowerCase(Locale.ROOT);
      if (INCLUDES.contains(name) && !LAST_COUNTS.contains(canonical(path))) {
        return new Place.Unclear(
            entry.line().number(),
            path + " is not in this file, but perhaps in what this line includes");
      }
      if (name.startsWith("</")) {
        open--;
      } else if (name.startsWith("<")) {
        open++;
      }
    }
    if (open != 0) return new Place.Unclear(0, "a section has no end");
    var lines = Lines.of(content);
    if (!lines.isEmpty() && goesOn(content, lines.getLast())) {
      return new Place.Unclear(lines.getLast().number(), "this line has no end");
    }
    return Lines.atTheEnd(content, path + " ");
  }

  private static String canonical(String name) {
    return name.startsWith("-") ? name : name.toLowerCase(Locale.ROOT);
  }

  /** Each line that is no comment. */
  private static List<Entry> entries(String content) throws Unreadable {
    var lines = Lines.of(content);
    Lines.refuseTemplates(content, lines);
    var entries = new ArrayList<Entry>();
    boolean continued = false;
    for (var line : lines) {
      var words = words(content, line);
      boolean goesOn = goesOn(content, line);
      // Apache goes on with a comment that ends so, Redis does not: what follows is not clear.
      if (!words.isEmpty() && (continued || !words.getFirst().text().startsWith("#"))) {
        entries.add(new Entry(words, line, continued || goesOn));
      }
      continued = goesOn;
    }
    return entries;
  }

  private static boolean goesOn(String content, Lines.Line line) {
    return line.end() > line.start() && content.charAt(line.end() - 1) == '\\';
  }

  private static List<Word> words(String content, Lines.Line line) {
    var words = new ArrayList<Word>();
    int at = line.start();
    while (true) {
      while (at < line.end() && Lines.isBlank(content.charAt(at))) at++;
      if (at == line.end()) return words;
      int start = at;
      char quote = content.charAt(at);
      int close = quote == '"' || quote == '\'' ? content.indexOf(quote, at + 1, line.end()) : -1;
      if (close > 0) {
        at = close + 1;
        words.add(new Word(content.substring(start + 1, close), start, at, line.number()));
      } else {
        while (at < line.end() && !Lines.isBlank(content.charAt(at))) at++;
        words.add(new Word(content.substring(start, at), start, at, line.number()));
      }
    }
  }
}
