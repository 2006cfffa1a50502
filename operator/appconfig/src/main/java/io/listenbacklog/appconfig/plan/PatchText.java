package io.listenbacklog.appconfig.plan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Changes as people can commit them: YAML that kustomize and kubectl take, or the changed lines.
 */
final class PatchText {
  /** As the API says of {@code status.appConfig[].patch}. */
  private static final int MOST_CHARACTERS = 8_192;

  private static final int MOST_LINES = 20;

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./-]*");

  /** YAML 1.1 too, which kubectl and kustomize read. */
  private static final Pattern RESERVED = Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null");

  /** A strategic merge patch of the workload, and the ConfigMaps that it refers to. */
  static String of(List<Change> changes, Map<String, ConfigMapFacts> configMaps) {
    var containers = new TreeMap<String, Fields>();
    var volumes = new StringBuilder();
    var notes = new StringBuilder();
    for (Change each : changes) {
      switch (each) {
        case Change.Env(String container, String name, _, String to) ->
            fields(containers, container)
                .list("env")
                .append(
                    "        - name: %s\n          value: %s\n".formatted(plain(name), quoted(to)));
        case Change.Args args -> {
          var fields = fields(containers, args.container());
          if (!args.commandTo().equals(args.commandFrom()))
            fields.whole("command", list(args.commandTo()));
          if (!args.argsTo().equals(args.argsFrom())) fields.whole("args", list(args.argsTo()));
        }
        case Change.NewMount(String container, String volume, String path) ->
            fields(containers, container)
                .list("volumeMounts")
                .append(
                    "        - name: %s\n          mountPath: %s\n          readOnly: true\n"
                        .formatted(plain(volume), plain(path)));
        case Change.NewVolume(String volume, String configMap) ->
            volumes.append(volume(volume, configMap));
        case Change.Reference(String volume, int source, String from, String to) -> {
          if (source < 0) {
            volumes.append(volume(volume, to));
          } else {
            // A patch replaces the list of sources as a whole, and the others are the user's.
            notes.append(
                "# in the sources of the projected volume %s: ConfigMap %s instead of %s\n"
                    .formatted(volume, to, from));
          }
        }
      }
    }
    var text = new StringBuilder(notes);
    if (!containers.isEmpty() || !volumes.isEmpty()) text.append("spec:\n  template:\n    spec:\n");
    if (!containers.isEmpty()) {
      text.append("      containers:\n");
      containers.forEach(
          (name, fields) ->
              text.append("      - name: ").append(plain(name)).append('\n').append(fields.text()));
    }
    if (!volumes.isEmpty()) text.append("      volumes:\n").append(volumes);
    configMaps.forEach((name, facts) -> configMap(text, name, facts));
    return bounded(text.toString());
  }

  /** Those of a container, each once, whatever there is of it. */
  private static final class Fields {
    private final Map<String, StringBuilder> lists = new LinkedHashMap<>();

    StringBuilder list(String field) {
      return lists.computeIfAbsent(field, _ -> new StringBuilder());
    }

    /** Of several changes the last has those before it in it. */
    void whole(String field, String text) {
      lists.put(field, new StringBuilder(text));
    }

    String text() {
      return lists.entrySet().stream()
          .map(each -> "        " + each.getKey() + ":\n" + each.getValue())
          .collect(Collectors.joining());
    }
  }

  /** Which lines of a file change, as diff writes them. */
  static String ofFile(String configMap, String key, String before, String after, int line) {
    List<String> old = before.lines().toList();
    List<String> fresh = after.lines().toList();
    int same = 0;
    while (same < old.size() && same < fresh.size() && old.get(same).equals(fresh.get(same)))
      same++;
    int tail = 0;
    while (tail < old.size() - same
        && tail < fresh.size() - same
        && old.get(old.size() - 1 - tail).equals(fresh.get(fresh.size() - 1 - tail))) tail++;
    var text =
        new StringBuilder(
            "# ConfigMap %s, key %s\n@@ line %d @@\n"
                .formatted(configMap, key, same < fresh.size() ? same + 1 : line));
    old.subList(same, old.size() - tail).stream()
        .limit(MOST_LINES)
        .forEach(each -> text.append('-').append(each).append('\n'));
    fresh.subList(same, fresh.size() - tail).stream()
        .limit(MOST_LINES)
        .forEach(each -> text.append('+').append(each).append('\n'));
    return bounded(text.toString());
  }

  private static Fields fields(Map<String, Fields> containers, String name) {
    return containers.computeIfAbsent(name, _ -> new Fields());
  }

  private static String list(List<String> values) {
    return values.stream()
        .map(each -> "        - " + quoted(each) + "\n")
        .collect(Collectors.joining());
  }

  private static String volume(String name, String configMap) {
    return "      - name: %s\n        configMap:\n          name: %s\n"
        .formatted(plain(name), plain(configMap));
  }

  private static void configMap(StringBuilder text, String name, ConfigMapFacts facts) {
    text.append("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ")
        .append(plain(name))
        .append("\ndata:\n");
    new TreeMap<>(facts.data())
        .forEach(
            (key, value) -> {
              text.append("  ").append(plain(key)).append(": ");
              // Its first line tells YAML how far all of them are indented.
              if (value.isEmpty() || Character.isWhitespace(value.charAt(0))) {
                text.append(quoted(value)).append('\n');
                return;
              }
              text.append("|\n");
              value.lines().forEach(each -> text.append("    ").append(each).append('\n'));
            });
  }

  /** As it is where YAML reads a text in it: a container may be called 123, a variable NO. */
  private static String plain(String name) {
    return PLAIN.matcher(name).matches() && !RESERVED.matcher(name).matches() ? name : quoted(name);
  }

  /** As JSON writes it, which YAML understands. */
  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ') quoted.append("\\u%04x".formatted((int) c));
          else quoted.append(c);
        }
      }
    }
    return quoted.append('"').toString();
  }

  private static String bounded(String text) {
    return text.length() <= MOST_CHARACTERS
        ? text
        : "# longer than a status may hold (%d characters)\n".formatted(text.length());
  }

  private PatchText() {}
}
