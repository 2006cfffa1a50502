package io.listenbacklog.appconfig.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The formats of configuration files in which a backlog can be set.
 *
 * <p>The value is found and replaced, or put where it belongs; all else stays as it is, byte for
 * byte. What was made is read again and must mean the same but for this one value; where that does
 * not hold, or where more than one place could be meant, the edit is refused.
 */
public enum FileFormat {
  /**
   * nginx, and BIND's named.conf.
   *
   * <ul>
   *   <li>{@code listen ADDRESS}, such as {@code listen 8080}, {@code listen [::]:80} or {@code
   *       listen unix:/run/web}: {@code backlog=} of that address, in whichever server block it has
   *       its options. {@code 8080}, {@code *:8080} and {@code 0.0.0.0:8080} are one address.
   *   <li>{@code listen}: of the only address that is listened on by TCP.
   *   <li>{@code options tcp-listen-queue}: of BIND.
   * </ul>
   */
  NGINX("Nginx", new NginxSyntax()),
  /**
   * HAProxy.
   *
   * <ul>
   *   <li>{@code frontend NAME}, {@code listen NAME}, {@code defaults} or {@code defaults NAME}:
   *       the keyword {@code backlog} of that section; the name may be left out where there is one
   *       section of that kind.
   *   <li>{@code frontend NAME bind ADDRESS}, {@code listen NAME bind ADDRESS}: {@code backlog} on
   *       that bind line.
   * </ul>
   */
  HAPROXY("Haproxy", new HaproxySyntax()),
  /**
   * A directive and its value on a line: Redis, Apache, memcached.conf. The path is the directive,
   * such as {@code tcp-backlog}, {@code ListenBackLog} or {@code -b}; upper and lower case are one
   * unless it begins with a hyphen.
   */
  SPACE_SEPARATED("SpaceSeparated", new SpaceSeparatedSyntax()),
  /**
   * {@code key=value}, as Java, RabbitMQ and lighttpd have it. The path is the key, such as {@code
   * socket.listen.backlog.size}.
   */
  PROPERTIES("Properties", new PropertiesSyntax()),
  /**
   * {@code key = value} in sections: PgBouncer, PHP-FPM, uWSGI, MySQL. The path is {@code [SECTION]
   * KEY}, such as {@code [pgbouncer] listen_backlog}, or the key alone where that is clear.
   */
  INI("Ini", new IniSyntax()),
  /**
   * YAML, one document. The path is keys with a dot between, such as {@code net.listenBacklog}; an
   * element of a list has its number, such as {@code listeners[0].backlog}, and a key with dots in
   * it stands in double quotes.
   */
  YAML("Yaml", new YamlSyntax()),
  /** JSON without comments, with the same paths as YAML. */
  JSON("Json", new JsonSyntax());

  /** As many characters of a value as a refusal repeats. */
  private static final int MOST_SHOWN = 40;

  private final String spelling;

  @SuppressWarnings("ImmutableEnumChecker") // none of them has a field
  private final Syntax syntax;

  FileFormat(String spelling, Syntax syntax) {
    this.spelling = spelling;
    this.syntax = syntax;
  }

  /** How the API spells it. */
  public String spelling() {
    return spelling;
  }

  /**
   * The file with the backlog at that path.
   *
   * @param backlog from 1
   */
  public EditResult set(String content, String path, int backlog) {
    if (backlog < 1) throw new IllegalArgumentException("a backlog of " + backlog);
    return switch (find(content, path)) {
      case Place.Value value -> replaced(content, path, value, backlog);
      case Place.Gap gap -> inserted(content, path, gap, backlog);
      case Place.Unclear(int line, String reason) -> new EditResult.Refused(line, reason);
    };
  }

  /**
   * The value at that path as it is written there.
   *
   * @return null where there is none, or where {@link #set} would refuse for want of knowing which
   */
  public @Nullable String read(String content, String path) {
    return find(content, path) instanceof Place.Value value ? value.of(content) : null;
  }

  private Place find(String content, String path) {
    try {
      return syntax.find(content, path.strip());
    } catch (Unreadable e) {
      return e.place();
    }
  }

  private List<String> meaning(String content, String path) throws Unreadable {
    return syntax.meaning(content, path.strip());
  }

  private EditResult replaced(String content, String path, Place.Value value, int backlog) {
    String from = value.of(content);
    if (!isNumber(from)) {
      return new EditResult.Refused(value.line(), "its value is no number: " + shown(from));
    }
    String edited = content.substring(0, value.start()) + backlog + content.substring(value.end());
    return checked(content, path, edited, from, value.start(), value.line(), backlog);
  }

  private EditResult inserted(String content, String path, Place.Gap gap, int backlog) {
    String edited =
        content.substring(0, gap.offset()) + gap.with(backlog) + content.substring(gap.offset());
    int start = gap.offset() + gap.before().length();
    return checked(content, path, edited, null, start, gap.line(), backlog);
  }

  private static int lineOf(String content, int offset) {
    return 1 + (int) content.substring(0, offset).chars().filter(each -> each == '\n').count();
  }

  private EditResult checked(
      String content,
      String path,
      String edited,
      @Nullable String from,
      int start,
      int line,
      int backlog) {
    try {
      boolean kept =
          from == null
              ? isBeforeWithAnInsertion(meaning(content, path), meaning(edited, path))
              : isBeforeButForOne(meaning(content, path), meaning(edited, path));
      boolean undone =
          Splice.between(content, edited).undo(edited).filter(content::equals).isPresent();
      if (kept && undone && String.valueOf(backlog).equals(read(edited, path))) {
        // What it belongs to may begin lines before it.
        return new EditResult.Edited(edited, from, lineOf(edited, start));
      }
    } catch (Unreadable e) {
      // What was made of it is not of this format: the same as another meaning.
    }
    return new EditResult.Refused(line, "it cannot be set here without changing something else");
  }

  private static boolean isBeforeButForOne(List<String> before, List<String> after) {
    if (before.size() != after.size()) return false;
    int different = 0;
    for (int i = 0; i < before.size(); i++) {
      if (!before.get(i).equals(after.get(i))) different++;
    }
    return different <= 1;
  }

  private static boolean isBeforeWithAnInsertion(List<String> before, List<String> after) {
    int more = after.size() - before.size();
    if (more < 1) return false;
    int at = 0;
    while (at < before.size() && before.get(at).equals(after.get(at))) at++;
    return before.subList(at, before.size()).equals(after.subList(at + more, after.size()));
  }

  private static boolean isNumber(String text) {
    int digits = text.startsWith("-") ? 1 : 0;
    return text.length() > digits
        && text.length() <= 11
        && text.chars().skip(digits).allMatch(character -> character >= '0' && character <= '9');
  }

  /** One line of it, without what a terminal would act on. */
  private static String shown(String text) {
    var clean = new StringBuilder();
    text.codePoints()
        .limit(MOST_SHOWN)
        .map(each -> Character.isLetterOrDigit(each) || (each > ' ' && each < 127) ? each : ' ')
        .forEach(clean::appendCodePoint);
    return "\"" + clean + (text.length() > MOST_SHOWN ? "…" : "") + "\"";
  }
}
