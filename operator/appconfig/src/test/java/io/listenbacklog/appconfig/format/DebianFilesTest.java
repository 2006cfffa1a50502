package io.listenbacklog.appconfig.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.appconfig.format.EditResult.Edited;
import io.listenbacklog.appconfig.format.EditResult.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Debian's own configuration files: each number in them can be set, and nothing else changes, or it
 * is refused. What becomes of the backlogs is in {@code expected.txt}; {@code -Dgolden=write}
 * renews it.
 */
class DebianFilesTest {
  private static final Path FOLDER = Path.of("src/test/resources/debian");
  private static final Path EXPECTED = FOLDER.resolve("expected.txt");

  record Example(FileFormat format, Path file, String content) {
    @Override
    public String toString() {
      return FOLDER.relativize(file).toString();
    }
  }

  static List<Example> examples() throws IOException {
    var examples = new ArrayList<Example>();
    for (var format : FileFormat.values()) {
      var folder =
          FOLDER.resolve(format.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
      try (var files = Files.list(folder)) {
        for (var file : files.sorted().toList()) {
          examples.add(new Example(format, file, Files.readString(file, UTF_8)));
        }
      }
    }
    return examples;
  }

  @Test
  void thereAreManyOfThem() throws IOException {
    assertThat(examples()).hasSizeGreaterThanOrEqualTo(40);
  }

  /** What a policy would ask for. */
  private static List<String> backlogs(FileFormat format) {
    return switch (format) {
      case NGINX -> List.of("listen", "listen 80", "listen [::]:80", "options tcp-listen-queue");
      case HAPROXY -> List.of("defaults", "frontend", "listen");
      case SPACE_SEPARATED -> List.of("tcp-backlog", "ListenBackLog");
      case PROPERTIES -> List.of("server.listen-backlog", "clientPortListenBacklog");
      case INI ->
          List.of(
              "[pgbouncer] listen_backlog",
              "[www] listen.backlog",
              "[mysqld] back_log",
              "[uwsgi] listen");
      case YAML, JSON -> List.of("net.listenBacklog");
    };
  }

  @Test
  void whatBecomesOfTheBacklogsIsWrittenDown() throws IOException {
    var text = new StringBuilder();
    for (var example : examples()) {
      for (var path : backlogs(example.format())) {
        text.append(example).append(" · ").append(path).append('\n');
        switch (example.format().set(example.content(), path, 64)) {
          case Refused(int line, String reason) ->
              text.append("  refused, line %d: %s\n".formatted(line, reason));
          case Edited edited -> {
            Edits.edited(example.format(), example.content(), path, 64);
            var lines = edited.content().split("\n", -1);
            text.append("  %d: %s\n".formatted(edited.line(), lines[edited.line() - 1]));
          }
        }
      }
    }
    if (System.getProperty("golden", "compare").equals("write")) {
      Files.writeString(EXPECTED, text);
    }
    assertThat(text.toString()).isEqualTo(Files.readString(EXPECTED));
  }

  /** Each number of the file, by a path that another reader found. */
  @ParameterizedTest
  @MethodSource("examples")
  void eachNumberCanBeSetOrIsRefused(Example example) {
    for (var path : numbers(example)) {
      var result = example.format().set(example.content(), path, 64);
      if (!(result instanceof Edited)) continue;
      var edited = Edits.edited(example.format(), example.content(), path, 64);
      var before = example.content().split("\n", -1);
      var after = edited.content().split("\n", -1);
      if (edited.from() == null) continue;
      assertThat(after).hasSameSizeAs(before);
      for (int i = 0; i < before.length; i++) {
        if (i != edited.line() - 1) assertThat(after[i]).isEqualTo(before[i]);
      }
    }
  }

  /** The test above would pass as well if all were refused. */
  @Test
  void mostNumbersCanBeSet() throws IOException {
    for (var format : FileFormat.values()) {
      int all = 0;
      int set = 0;
      for (var example : examples()) {
        if (example.format() != format) continue;
        for (var path : numbers(example)) {
          all++;
          if (format.set(example.content(), path, 64) instanceof Edited) set++;
        }
      }
      assertThat(set).as("%s: %d of %d", format, set, all).isGreaterThan(all / 2);
    }
  }

  private static Set<String> numbers(Example example) {
    var paths = new TreeSet<String>();
    switch (example.format()) {
      case NGINX ->
          find("(?m)^\\s*listen\\s+([^\\s;]+)", example, m -> "listen " + m.group(1), paths);
      case HAPROXY ->
          find(
              "(?m)^\\s*(frontend|listen)\\s+(\\S+)",
              example,
              m -> m.group(1) + " " + m.group(2),
              paths);
      case SPACE_SEPARATED ->
          find("(?m)^[ \\t]*([A-Za-z][\\w-]*)[ \\t]+[0-9]+$", example, m -> m.group(1), paths);
      case PROPERTIES -> find("(?m)^([\\w.-]+)\\s*=\\s*[0-9]+$", example, m -> m.group(1), paths);
      case INI -> ini(example.content(), paths);
      case YAML, JSON -> {
        try {
          tree(
              "",
              new Load(LoadSettings.builder().build()).loadFromString(example.content()),
              paths);
        } catch (RuntimeException e) {
          // Two documents, which this reader does not read either.
        }
      }
    }
    return paths;
  }

  private static void find(
      String pattern,
      Example example,
      java.util.function.Function<MatchResult, String> path,
      Set<String> paths) {
    Pattern.compile(pattern).matcher(example.content()).results().map(path).forEach(paths::add);
  }

  private static void ini(String content, Set<String> paths) {
    var entry = Pattern.compile("([\\w.-]+)\\s*=\\s*[0-9]+\\s*([;#].*)?");
    String section = "";
    for (var line : content.split("\n", -1)) {
      if (line.startsWith("[")) section = line.substring(0, line.indexOf(']') + 1) + " ";
      var matcher = entry.matcher(line);
      if (matcher.matches()) paths.add(section + matcher.group(1));
    }
  }

  private static void tree(String at, Object node, Set<String> paths) {
    switch (node) {
      case java.util.Map<?, ?> map ->
          map.forEach(
              (key, value) -> {
                String name = key.toString().contains(".") ? "\"" + key + "\"" : key.toString();
                if (value != null) tree(at.isEmpty() ? name : at + "." + name, value, paths);
              });
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) tree(at + "[" + i + "]", list.get(i), paths);
      }
      case Integer _ -> paths.add(at);
      default -> {}
    }
  }

  /** So that a file in a folder of no format is not forgotten. */
  @Test
  void eachFileBelongsToAFormat() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      assertThat(
              files.filter(Files::isRegularFile).filter(file -> !FOLDER.equals(file.getParent())))
          .hasSameSizeAs(examples());
    }
  }
}
