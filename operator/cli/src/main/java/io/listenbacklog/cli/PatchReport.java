package io.listenbacklog.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.AppConfigStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The patches of a policy's status, as people commit them. */
final class PatchReport {
  private static final String DOCUMENT = "---\n";
  private static final String FILE = "# ConfigMap ";
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private static final String ROLLOUTS = "argoproj.io/v1alpha1";

  /** It has no schema of a Rollout, and merges no list of one (RFC 7386). */
  private static final String REPLACES_LISTS =
      """
      # Unless kustomize is given Argo Rollouts' schema (openapi), the lists below replace the Rollout's
      # own, other containers and volumes with them: "patch -o json-patch" names places.
      """;

  static boolean isRollout(String kind) {
    return kind.equals("Rollout");
  }

  /** Of a file, or of an object that the workload takes its template from: not of the workload. */
  private static boolean isToBeRead(AppConfigStatus entry) {
    return entry.reason().equals("TemplateElsewhere")
        || Objects.requireNonNull(entry.patch()).startsWith(FILE);
  }

  /** A {@code kustomization.yaml}, and the objects to be saved beside it. */
  static String kustomize(List<AppConfigStatus> entries) {
    var patches = new StringBuilder();
    var others = new StringBuilder();
    for (AppConfigStatus each : entries) {
      String patch = Objects.requireNonNull(each.patch());
      if (isToBeRead(each)) {
        others.append(head(each)).append(indented(patch, "# "));
        continue;
      }
      String[] parts = patch.split("(?m)^" + DOCUMENT, 2);
      String[] path = each.workload().split("/", -1);
      String kind = path[path.length - 2];
      String name = path[path.length - 1];
      patches
          .append(head(each))
          .append(isRollout(kind) ? REPLACES_LISTS : "")
          .append("- target: {kind: %s, name: %s}\n  patch: |-\n".formatted(kind, name))
          .append(
              indented(
                  "apiVersion: %s\nkind: %s\nmetadata: {name: %s}\n"
                          .formatted(isRollout(kind) ? ROLLOUTS : "apps/v1", kind, name)
                      + parts[0],
                  "    "));
      if (parts.length == 2) {
        others
            .append("# to be saved as a file, and named in resources:\n")
            .append(DOCUMENT)
            .append(parts[1]);
      }
    }
    return (patches.isEmpty() ? "" : "patches:\n" + patches) + others;
  }

  /**
   * A JSON patch for each workload, below a comment with the command that takes it.
   *
   * @param live reads a workload, such as {@code Deployment/api}; an empty map: it is gone
   */
  static String json(List<AppConfigStatus> entries, Function<String, Map<?, ?>> live) {
    var text = new StringBuilder();
    var operations = new LinkedHashMap<String, List<Map<String, Object>>>();
    for (AppConfigStatus each : entries) {
      text.append(head(each));
      String patch = Objects.requireNonNull(each.patch());
      String[] parts = patch.split("(?m)^" + DOCUMENT, 2);
      if (isToBeRead(each) || !parts[0].contains("spec:")) {
        text.append(indented(patch, "# "));
        continue;
      }
      if (parts.length == 2) {
        text.append("# to be applied first:\n").append(indented(DOCUMENT + parts[1], "# "));
      }
      Map<?, ?> workload = live.apply(each.workload());
      if (workload.isEmpty()) {
        text.append("# it is not there any more\n");
        continue;
      }
      var all = operations.computeIfAbsent(each.workload(), _ -> new ArrayList<>());
      all.addAll(JsonPatch.of(SERIALIZATION.unmarshal(parts[0], Map.class), workload));
    }
    operations.forEach(
        (workload, all) -> {
          String[] path = workload.split("/", -1);
          text.append(
              "# kubectl patch %s %s%s --type=json --patch-file=FILE\n%s\n"
                  .formatted(
                      path[path.length - 2].toLowerCase(Locale.ROOT),
                      path[path.length - 1],
                      path.length == 3 ? " -n " + path[0] : "",
                      SERIALIZATION.convertValue(all, JsonNode.class).toPrettyString()));
        });
    return text.toString();
  }

  /** What to look for in a chart, for each has its own values. */
  static String helm(List<AppConfigStatus> entries) {
    var text =
        new StringBuilder(
            """
            # Values are the chart's own: look for extraEnv, env, extraArgs, args or config in helm show values.
            # Where it has none, helm upgrade --post-renderer with the output of --format=kustomize.
            """);
    for (AppConfigStatus each : entries) {
      text.append(head(each)).append(indented(Objects.requireNonNull(each.patch()), "#   "));
    }
    return text.toString();
  }

  private static String head(AppConfigStatus entry) {
    return "# %s, %s: %s (%s, %s)\n"
        .formatted(entry.workload(), entry.what(), entry.to(), entry.phase(), entry.reason());
  }

  private static String indented(String text, String by) {
    return text.lines().map(each -> by + each + "\n").collect(Collectors.joining());
  }

  private PatchReport() {}
}
