package io.listenbacklog.appconfig.format;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code key = value} in sections. */
final class IniSyntax implements Syntax {
  private static final String COMMENTS = "#;";
  private static final List<String> INCLUDES =
      List.of("!include", "!includedir", "%include", "include", "includedir", ".include");

  /**
   * A line with a key.
   *
   * @param separator where its equals sign is; the line's end where it has none
   */
  private record Entry(String key, int keyEnd, int separator, Lines.Line line, int indent) {}

  /**
   * @param header null: what stands before the first section
   */
  private record Section(@Nullable String name, Lines.@Nullable Line header, List<Entry> entries) {}

  /**
   * @param section null where the key alone is given
   */
  private record Wanted(@Nullable String section, String key) {
    static @Nullable Wanted of(String path) {
      int end = path.indexOf(']');
      if (path.startsWith("[") && end < 0) return null;
      String section = path.startsWith("[") ? path.substring(1, end).strip() : null;
      String key = path.substring(section == null ? 0 : end + 1).strip();
      return KeyValues.isPlain(key) ? new Wanted(section, key) : null;
    }
  }

  @Override
  public Place find(String content, String path) throws Unreadable {
    var wanted = Wanted.of(path);
    if (wanted == null) return new Place.Unclear(0, "the path must be [SECTION] KEY");
    String name = wanted.section();
    var all = sections(content);
    var meant =
        name == null ? all : all.stream().filter(section -> name.equals(section.name())).toList();
    var entries = meant.stream().flatMap(section -> section.entries().stream()).toList();
    var found = entries.stream().filter(entry -> entry.key().equals(wanted.key())).toList();
    if (found.size() > 1) {
      return new Place.Unclear(
          found.get(1).line().number(), wanted.key() + " is there more than once");
    }
    if (found.size() == 1) return value(content, entries, found.getFirst());
    String relaxed = KeyValues.relaxed(wanted.key());
    for (var entry : entries) {
      if (KeyValues.relaxed(entry.key()).equals(relaxed)) {
        return new Place.Unclear(
            entry.line().number(), "this key may be the same: the path must name it");
      }
    }
    return gap(content, wanted, all, meant);
  }

  @Override
  public List<String> meaning(String content, String path) throws Unreadable {
    var meaning = new ArrayList<String>();
    for (var section : sections(content)) {
      if (section.name() != null) meaning.add("[" + section.name() + "]");
      for (var entry : section.entries()) {
        meaning.add(entry.key());
        meaning.add(content.substring(entry.keyEnd(), entry.line().end()));
      }
    }
    return meaning;
  }

  private static Place value(String content, List<Entry> entries, Entry entry) {
    int number = entry.line().number();
    if (entry.separator() == entry.line().end()) {
      return new Place.Unclear(number, entry.key() + " has no value");
    }
    // Python's readers take a line that is indented more than the one before for the rest of it.
    int index = entries.indexOf(entry);
    if (index > 0 && entry.indent() > entries.get(index - 1).indent()) {
      return new Place.Unclear(number, "this line may be the rest of the one before");
    }
    return KeyValues.value(content, entry.separator() + 1, entry.line().end(), number, COMMENTS);
  }

  private static Place gap(String content, Wanted wanted, List<Section> all, List<Section> meant) {
    for (var section : all) {
      for (var entry : section.entries()) {
        if (INCLUDES.contains(entry.key()) || startsWithInclude(entry.key())) {
          return new Place.Unclear(
              entry.line().number(),
              wanted.key() + " is not in this file, but perhaps in what this line includes");
        }
      }
    }
    var sections = meant.stream().filter(section -> section.header() != null).toList();
    if (sections.size() > 1) {
      return new Place.Unclear(
          headerOf(sections.get(1)).number(), "more than one section is meant");
    }
    if (sections.isEmpty()) return new Place.Unclear(0, "no such section is in the file");
    var section = sections.getFirst();
    var line = headerOf(section);
    String separator = " = ";
    String indent = "";
    if (!section.entries().isEmpty()) {
      var first = section.entries().getFirst();
      indent = content.substring(first.line().start(), first.line().start() + first.indent());
      if (first.separator() < first.line().end()) {
        int valueStart = first.separator() + 1;
        if (valueStart < first.line().end() && content.charAt(valueStart) == ' ') valueStart++;
        separator = KeyValues.separator(content, first.keyEnd(), valueStart);
      }
    }
    return Lines.below(content, line, indent + wanted.key() + separator);
  }

  private static Lines.Line headerOf(Section section) {
    var header = section.header();
    if (header == null) throw new IllegalArgumentException("the section has no header");
    return header;
  }

  private static boolean startsWithInclude(String key) {
    for (var include : INCLUDES) {
      if (key.startsWith(include + " ") || key.startsWith(include + "\t")) return true;
    }
    return false;
  }

  private static List<Section> sections(String content) throws Unreadable {
    var lines = Lines.of(content);
    Lines.refuseTemplates(content, lines);
    var sections = new ArrayList<Section>();
    sections.add(new Section(null, null, new ArrayList<>()));
    for (var line : lines) {
      int at = line.indent(content);
      if (at == line.end() || COMMENTS.indexOf(content.charAt(at)) >= 0) continue;
      int close = content.charAt(at) == '[' ? content.indexOf(']', at, line.end()) : -1;
      if (close > at) {
        sections.add(
            new Section(content.substring(at + 1, close).strip(), line, new ArrayList<>()));
      } else {
        sections.getLast().entries().add(entry(content, line, at));
      }
    }
    return sections;
  }

  private static Entry entry(String content, Lines.Line line, int start) {
    int separator = start;
    while (separator < line.end()
        && content.charAt(separator) != '='
        && content.charAt(separator) != ':') {
      separator++;
    }
    int keyEnd = separator;
    while (keyEnd > start && Lines.isBlank(content.charAt(keyEnd - 1))) keyEnd--;
    return new Entry(
        content.substring(start, keyEnd), keyEnd, separator, line, start - line.start());
  }
}
