package io.listenbacklog.appconfig.format;

import io.listenbacklog.appconfig.format.TreePart.Alias;
import io.listenbacklog.appconfig.format.TreePart.End;
import io.listenbacklog.appconfig.format.TreePart.MappingStart;
import io.listenbacklog.appconfig.format.TreePart.Scalar;
import io.listenbacklog.appconfig.format.TreePart.SequenceStart;
import io.listenbacklog.appconfig.format.TreeSearch.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** YAML, one document. */
final class YamlSyntax implements Syntax {

  /** SnakeYAML's time for a token grows with the depth of brackets that it is in. */
  private static final int MOST_BRACKETS = 200;

  /** Of the private use area. */
  private static final char STAND_IN = '\uE000';

  /** Plain words that are no text in YAML 1.1 or 1.2. */
  private static final Set<String> NO_TEXT =
      Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null");

  private static final int BUFFER_CHARACTERS = 64 * 1024;

  /** Whether events are to know where they stand, which takes time. */
  private enum Marks {
    KEPT,
    LEFT_OUT
  }

  @Override
  public Place find(String content, String text) throws Unreadable {
    var path = TreePath.of(text);
    var search = new TreeSearch(path);
    int documents = 0;
    var marks = new Offsets(content);
    for (Event event : events(content, Marks.KEPT)) {
      if (event.getEventId() == Event.ID.DocumentStart && ++documents > 1) {
        return new Place.Unclear(lineOf(event), "more than one document is in the file");
      }
      part(event, marks, content).ifPresent(search::see);
    }
    return switch (search.result()) {
      case Found.At(var value) -> new Place.Value(value.start(), value.end(), value.line());
      case Found.Unclear(int line, String reason) -> new Place.Unclear(line, reason);
      case Found.Nothing() -> {
        var end = Lines.atTheEnd(content, nested(content, path, 0, ""));
        yield new Place.Gap(
            end.offset(), end.before(), end.after(), end.line() + path.steps().size() - 1);
      }
      case Found.Missing missing -> gap(content, path, missing);
    };
  }

  @Override
  public List<String> meaning(String content, String path) throws Unreadable {
    var meaning = new ArrayList<String>();
    for (Event event : events(content, Marks.LEFT_OUT)) {
      meaning.add(
          event instanceof ScalarEvent scalar
              ? scalar.getScalarStyle() + " " + scalar.getTag().orElse("") + " " + scalar.getValue()
              : event.getEventId().toString());
    }
    return meaning;
  }

  private static Place gap(String content, TreePath path, Found.Missing missing) throws Unreadable {
    int inside = missing.mapping().inside();
    int line = Lines.numberAt(content, inside);
    if (missing.mapping().braces()) {
      var before = new StringBuilder();
      var after = new StringBuilder();
      for (int step = missing.steps(); step < path.steps().size(); step++) {
        before.append(step > missing.steps() ? "{" : "").append(key(path, step)).append(": ");
        after.append(step > missing.steps() ? "}" : "");
      }
      return new Place.Gap(inside, before.toString(), after + (missing.empty() ? "" : ", "), line);
    }
    int start = content.lastIndexOf('\n', inside - 1) + 1;
    String prefix = content.substring(Math.max(start, Lines.startOf(content)), inside);
    if (!prefix.chars().allMatch(each -> each == ' ' || each == '-')) {
      throw new Unreadable(line, "a key cannot be put before this one");
    }
    String indent = " ".repeat(prefix.length());
    int depth = path.steps().size() - missing.steps() - 1;
    return new Place.Gap(
        inside,
        nested(content, path, missing.steps(), indent),
        Lines.breakOf(content) + indent,
        line + depth);
  }

  /** The rest of the path, a line a key. */
  private static String nested(String content, TreePath path, int from, String indent)
      throws Unreadable {
    var text = new StringBuilder();
    for (int step = from; step < path.steps().size(); step++) {
      if (step > from) {
        text.append(Lines.breakOf(content)).append(indent).append("  ".repeat(step - from));
      }
      text.append(key(path, step)).append(':');
    }
    return text.append(' ').toString();
  }

  private static String key(TreePath path, int step) throws Unreadable {
    if (!(path.steps().get(step) instanceof TreePath.Key(var name))) {
      throw new Unreadable(0, "a list that the path has is not there");
    }
    boolean isText =
        KeyValues.isPlain(name)
            && Character.isLetter(name.charAt(0))
            && !NO_TEXT.contains(name.toLowerCase(Locale.ROOT));
    if (!isText) throw new Unreadable(0, "a key that the path has is not there");
    return name;
  }

  private static Optional<TreePart> part(Event event, Offsets offsets, String content) {
    return switch (event) {
      case MappingStartEvent start -> {
        int at = offsets.of(mark(start));
        boolean shared = start.getAnchor().isPresent() || start.getTag().isPresent();
        yield Optional.of(
            new MappingStart(start.isFlow() ? at + 1 : at, start.isFlow(), shared, lineOf(start)));
      }
      case SequenceStartEvent start ->
          Optional.of(
              new SequenceStart(
                  start.getAnchor().isPresent() || start.getTag().isPresent(), lineOf(start)));
      case ScalarEvent scalar -> Optional.of(scalar(scalar, offsets, content));
      case AliasEvent alias -> Optional.of(new Alias(lineOf(alias)));
      default ->
          event.getEventId() == Event.ID.MappingEnd || event.getEventId() == Event.ID.SequenceEnd
              ? Optional.of(new End(lineOf(event)))
              : Optional.empty();
    };
  }

  private static Scalar scalar(ScalarEvent scalar, Offsets offsets, String content) {
    int start = offsets.of(mark(scalar));
    boolean quoted =
        scalar.getScalarStyle() == ScalarStyle.SINGLE_QUOTED
            || scalar.getScalarStyle() == ScalarStyle.DOUBLE_QUOTED;
    if (quoted) start++;
    int end = start + scalar.getValue().length();
    boolean plain =
        (quoted || scalar.getScalarStyle() == ScalarStyle.PLAIN)
            && scalar.getAnchor().isEmpty()
            && scalar.getTag().isEmpty()
            && content.startsWith(scalar.getValue(), start);
    return new Scalar(scalar.getValue(), start, end, plain, lineOf(scalar));
  }

  private static List<Event> events(String content, Marks marks) throws Unreadable {
    refuseDeepBrackets(content);
    var events = new ArrayList<Event>();
    try {
      new Parse(
              LoadSettings.builder()
                  .setUseMarks(marks == Marks.KEPT)
                  .setBufferSize(BUFFER_CHARACTERS)
                  .build())
          .parseString(withoutPairs(content))
          .forEach(events::add);
    } catch (MarkedYamlEngineException e) {
      throw new Unreadable(
          e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0), "it is no YAML");
    } catch (YamlEngineException | IndexOutOfBoundsException e) {
      throw new Unreadable(0, "it is no YAML");
    }
    return events;
  }

  /**
   * The text with a character of one unit for each of two, so that marks stay: SnakeYAML Engine
   * 2.10 fails where its buffer ends within a surrogate pair. No number and no key of a path has
   * any.
   */
  private static String withoutPairs(String content) {
    if (content.chars().noneMatch(each -> Character.isSurrogate((char) each))) return content;
    var text = new StringBuilder(content.length());
    content
        .codePoints()
        .forEach(
            each -> text.append(Character.isSupplementaryCodePoint(each) ? STAND_IN : (char) each));
    return text.toString();
  }

  private static void refuseDeepBrackets(String content) throws Unreadable {
    int depth = 0;
    int line = 1;
    for (int at = 0; at < content.length(); at++) {
      char character = content.charAt(at);
      if (character == '\n') line++;
      if (character == '[' || character == '{') depth++;
      if ((character == ']' || character == '}') && depth > 0) depth--;
      if (depth > MOST_BRACKETS) throw new Unreadable(line, "brackets are nested too deeply");
    }
  }

  private static Mark mark(Event event) {
    return event.getStartMark().orElseThrow();
  }

  private static int lineOf(Event event) {
    return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  /** Marks count code points; each is counted from the one before. */
  private static final class Offsets {
    private final String content;
    private int codePoints;
    private int characters;

    Offsets(String content) {
      this.content = content;
    }

    int of(Mark mark) {
      characters = content.offsetByCodePoints(characters, mark.getIndex() - codePoints);
      codePoints = mark.getIndex();
      return characters;
    }
  }
}
