package io.listenbacklog.appconfig.plan;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Changes as people can commit them: YAML that kustomize and kubectl take, or the changed lines.
 */
final class PatchText {
  /** As the API says of {@code status.appConfig[].patch}. */
  private static final int MOST_CHARACTERS = 8_192;

  private static final int MOST_LINES = 20;

  /** A strategic merge patch of the workload, and the ConfigMaps that it refers to. */
  static String of(List<Change> changes, Map<String, ConfigMapFacts> configMaps) {
    var containers = new TreeMap<String, StringBuilder>();
    var volumes = new StringBuilder();
    var notes = new StringBuilder();
    for (Change each : changes) {
      switch (each) {
        case Change.Env(String container, String name, _, String to) ->
            section(containers, container)
                .append(
                    "        env:\n        - name: %s\n          value: %s\n"
                        .formatted(name, quoted(to)));
        case Change.Args args -> {
          var section = section(containers, args.container());
          if (!args.commandTo().equals(args.commandFrom()))
            list(section, "command", args.commandTo());
          if (!args.argsTo().equals(args.argsFrom())) list(section, "args", args.argsTo());
        }
        case Change.NewMount(String container, String volume, String path) ->
            section(containers, container)
                .append(
                    "        volumeMounts:\n        - name: %s\n          mountPath: %s\n          readOnly: true\n"
                        .formatted(volume, path));
        case Change.NewVolume(String volume, String configMap) ->
            volumes.append(
                "      - name: %s\n        configMap:\n          name: %s\n"
                    .formatted(volume, configMap));
        case Change.Reference(String volume, int source, String from, String to) -> {
          if (source < 0) {
            volumes.append(
                "      - name: %s\n        configMap:\n          name: %s\n".formatted(volume, to));
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
          (name, section) ->
              text.append("      - name: ").append(name).append('\n').append(section));
    }
    if (!volumes.isEmpty()) text.append("      volumes:\n").append(volumes);
    configMaps.forEach((name, facts) -> configMap(text, name, facts));
    return bounded(text.toString());
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

  private static StringBuilder section(Map<String, StringBuilder> containers, String name) {
    return containers.computeIfAbsent(name, _ -> new StringBuilder());
  }

  private static void list(StringBuilder text, String field, List<String> values) {
    text.append("        ").append(field).append(":\n");
    values.forEach(each -> text.append("        - ").append(quoted(each)).append('\n'));
  }

  private static void configMap(StringBuilder text, String name, ConfigMapFacts facts) {
    text.append("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ")
        .append(name)
        .append("\ndata:\n");
    new TreeMap<>(facts.data())
        .forEach(
            (key, value) -> {
              text.append("  ").append(key).append(": |\n");
              value.lines().forEach(each -> text.append("    ").append(each).append('\n'));
            });
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
