package io.listenbacklog.appconfig.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** HAProxy: {@code backlog} of a section or of a bind line. */
final class HaproxySyntax implements Syntax {
  private static final String BACKLOG = "backlog";
  private static final String PATHS =
      "the path must be frontend, listen or defaults, with a name where there are several, and"
          + " perhaps bind ADDRESS";

  /** What begins a section (src/haproxy.c and the parsers that are registered, HAProxy 3.2). */
  private static final Set<String> SECTIONS =
      Set.of(
          "global",
          "defaults",
          "frontend",
          "backend",
          "listen",
          "peers",
          "mailers",
          "resolvers",
          "userlist",
          "program",
          "cache",
          "http-errors",
          "ring",
          "log-forward",
          "log-profile",
          "fcgi-app",
          "crt-store",
          "traces",
          "acme",
          "healthcheck");

  private static final Set<String> CONDITIONS = Set.of(".if", ".elif", ".else", ".endif");

  /** A line that is not empty. */
  private record Statement(List<Word> words, Lines.Line line) {
    String name() {
      return words.getFirst().text();
    }

    boolean beginsSection() {
      return SECTIONS.contains(name());
    }
  }

  private record Section(Statement header, List<Statement> statements) {
    boolean is(String kind) {
      return header.name().equals(kind);
    }

    boolean isNamed(String name) {
      return header.words().size() > 1 && header.words().get(1).is(name);
    }

    boolean listens() {
      return is("frontend") || is("listen");
    }

    List<Statement> all(String keyword) {
      return statements.stream().filter(each -> each.name().equals(keyword)).toList();
    }
  }

  /** What is asked for: a section's own backlog, or that of one of its bind lines. */
  private record Wanted(String kind, @Nullable String name, @Nullable String address) {
    static @Nullable Wanted of(String path) {
      var words = new ArrayList<>(List.of(path.trim().split("[ \t]+", -1)));
      String kind = words.removeFirst();
      if (!Set.of("frontend", "listen", "defaults").contains(kind)) return null;
      String name = words.isEmpty() || words.getFirst().equals("bind") ? null : words.removeFirst();
      if (words.isEmpty()) return new Wanted(kind, name, null);
      if (words.size() != 2 || !words.getFirst().equals("bind") || kind.equals("defaults")) {
        return null;
      }
      return new Wanted(kind, name, words.getLast());
    }
  }

  @Override
  public Place find(String content, String path) throws Unreadable {
    var wanted = Wanted.of(path);
    if (wanted == null) return new Place.Unclear(0, PATHS);
    var statements = statements(content);
    for (var statement : statements) {
      if (CONDITIONS.contains(statement.name())) {
        return new Place.Unclear(
            statement.line().number(), "what follows counts under a condition only");
      }
    }
    var sections = sections(statements);
    String name = wanted.name();
    var meant =
        sections.stream()
            .filter(section -> section.is(wanted.kind()))
            .filter(section -> name == null || section.isNamed(name))
            .toList();
    if (meant.isEmpty()) return new Place.Unclear(0, "no such section is in the file");
    if (meant.size() > 1) {
      return new Place.Unclear(
          meant.get(1).header().line().number(), "more than one section is meant");
    }
    var section = meant.getFirst();
    if (wanted.address() != null) return bind(content, section, wanted.address());
    return ofSection(content, section, sections);
  }

  @Override
  public List<String> meaning(String content, String path) throws Unreadable {
    var meaning = new ArrayList<String>();
    for (var statement : statements(content)) {
      statement.words().forEach(word -> meaning.add(word.raw(content)));
      meaning.add("\n");
    }
    return meaning;
  }

  private static Place ofSection(String content, Section section, List<Section> sections) {
    for (var other : section.is("defaults") ? sections : List.of(section)) {
      if (!other.listens()) continue;
      if (!other.equals(section) && !other.all(BACKLOG).isEmpty()) {
        return new Place.Unclear(
            other.all(BACKLOG).getFirst().line().number(),
            "this section has a backlog of its own: the path must name it");
      }
      for (var bind : other.all("bind")) {
        if (backlogs(bind).isEmpty()) continue;
        return new Place.Unclear(
            bind.line().number(), "this line has a backlog of its own: the path must name it");
      }
    }
    var own = section.all(BACKLOG);
    if (own.size() > 1) {
      return new Place.Unclear(own.get(1).line().number(), "backlog is there more than once");
    }
    if (own.size() == 1) {
      var words = own.getFirst().words();
      return words.size() == 2
          ? words.get(1).value(content, "")
          : new Place.Unclear(own.getFirst().line().number(), "backlog has not one value");
    }
    return Lines.below(content, section.header().line(), indent(content, section) + BACKLOG + " ");
  }

  private static Place bind(String content, Section section, String address) {
    var binds =
        section.all("bind").stream()
            .filter(bind -> bind.words().size() > 1)
            .filter(bind -> canonical(bind.words().get(1).text()).equals(canonical(address)))
            .toList();
    if (binds.isEmpty()) return new Place.Unclear(0, "no such bind line is in that section");
    if (binds.size() > 1) {
      return new Place.Unclear(
          binds.get(1).line().number(), "more than one line binds this address");
    }
    var bind = binds.getFirst();
    var backlogs = backlogs(bind);
    if (backlogs.size() > 1) {
      return new Place.Unclear(bind.line().number(), "backlog is there more than once");
    }
    if (backlogs.isEmpty()) {
      return new Place.Gap(
          bind.words().getLast().end(), " " + BACKLOG + " ", "", bind.line().number());
    }
    int value = backlogs.getFirst() + 1;
    return value < bind.words().size()
        ? bind.words().get(value).value(content, "")
        : new Place.Unclear(bind.line().number(), "backlog has no value");
  }

  /** Where the parameter is among the words of a bind line; not where it is another one's value. */
  private static List<Integer> backlogs(Statement bind) {
    var found = new ArrayList<Integer>();
    for (int i = 2; i < bind.words().size(); i++) {
      if (bind.words().get(i).is(BACKLOG) && !bind.words().get(i - 1).is("name")) found.add(i);
    }
    return found;
  }

  private static String canonical(String address) {
    return address.startsWith("*:") ? address.substring(1) : address;
  }

  private static String indent(String content, Section section) {
    if (section.statements().isEmpty()) return "    ";
    var line = section.statements().getFirst().line();
    return content.substring(line.start(), line.indent(content));
  }

  private static List<Section> sections(List<Statement> statements) {
    var sections = new ArrayList<Section>();
    for (var statement : statements) {
      if (statement.beginsSection()) {
        sections.add(new Section(statement, new ArrayList<>()));
      } else if (!sections.isEmpty()) {
        sections.getLast().statements().add(statement);
      }
    }
    return sections;
  }

  private static List<Statement> statements(String content) throws Unreadable {
    var lines = Lines.of(content);
    Lines.refuseTemplates(content, lines);
    var statements = new ArrayList<Statement>();
    for (var line : lines) {
      var words = words(content, line);
      if (!words.isEmpty()) statements.add(new Statement(words, line));
    }
    return statements;
  }

  /** The words of a line, without a comment (src/tools.c, parse_line). */
  private static List<Word> words(String content, Lines.Line line) throws Unreadable {
    var words = new ArrayList<Word>();
    int at = line.start();
    while (true) {
      while (at < line.end() && Lines.isBlank(content.charAt(at))) at++;
      if (at == line.end() || content.charAt(at) == '#') return words;
      int start = at;
      var text = new StringBuilder();
      char quote = 0;
      while (at < line.end()) {
        char character = content.charAt(at);
        if (quote == 0 && (Lines.isBlank(character) || character == '#')) break;
        if (character == '\\' && quote != '\'' && at + 1 < line.end()) {
          text.append(content.charAt(at + 1));
          at++;
        } else if (quote == 0 && (character == '"' || character == '\'')) {
          quote = character;
        } else if (character == quote) {
          quote = 0;
        } else {
          text.append(character);
        }
        at++;
      }
      if (quote != 0) throw new Unreadable(line.number(), "a quote has no end");
      words.add(new Word(text.toString(), start, at, line.number()));
    }
  }
}
