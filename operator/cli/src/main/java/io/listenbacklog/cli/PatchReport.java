package io.listenbacklog.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.AppConfigStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

  /** Kustomize compares it before it sets one. */
  private static final String NAMESPACES =
      """
      # A target's namespace is the one in the workload's own file: leave it out where only
      # kustomization.yaml sets one (namespace:).
      """;

  /**
   * Whose patch it is.
   *
   * @param namespace null: the policy's
   */
  record Target(@Nullable String namespace, String kind, String name) {
    /**
     * Of a workload as a status names it.
     *
     * @param workload such as {@code Deployment/api} or {@code shop/Deployment/api}
     */
    static Target of(String workload) {
      String[] path = workload.split("/", -1);
      return new Target(
          path.length == 3 ? path[0] : null, path[path.length - 2], path[path.length - 1]);
    }

    boolean isRollout() {
      return kind.equals("Rollout");
    }

    /** As a target of kustomize, for which a name is a regular expression. */
    private String selector() {
      return "{kind: %s, %sname: '%s'}".formatted(kind, inNamespace(), name.replace(".", "\\."));
    }

    private String head() {
      return "apiVersion: %s\nkind: %s\nmetadata: {%sname: '%s'}\n"
          .formatted(isRollout() ? ROLLOUTS : "apps/v1", kind, inNamespace(), name);
    }

    /** In quotes, without which some names are numbers in YAML. */
    private String inNamespace() {
      return namespace == null ? "" : "namespace: '%s', ".formatted(namespace);
    }
  }

  /** What an entry's patch consists of. */
  private record Parts(AppConfigStatus entry, String ofWorkload, String others) {
    static Parts of(AppConfigStatus entry) {
      String[] parts = Objects.requireNonNull(entry.patch()).split("(?m)^" + DOCUMENT, 2);
      return new Parts(entry, parts[0], parts.length == 2 ? DOCUMENT + parts[1] : "");
    }

    /**
     * Of a file, or of an object that the workload takes its template from: not of the workload.
     */
    boolean isToBeRead() {
      return entry.reason().equals("TemplateElsewhere")
          || ofWorkload.startsWith(FILE)
          || !ofWorkload.contains("spec:");
    }

    /** The ConfigMaps that the patch names, in the workload's namespace where that is known. */
    String objects() {
      String namespace = Target.of(entry.workload()).namespace();
      return namespace == null
          ? others
          : others.replace(
              "\nmetadata:\n", "\nmetadata:\n  namespace: '%s'\n".formatted(namespace));
    }

    Map<?, ?> parsed() {
      return SERIALIZATION.unmarshal(ofWorkload, Map.class);
    }
  }

  /** A {@code kustomization.yaml}, and the objects to be saved beside it. */
  static String kustomize(List<AppConfigStatus> entries) {
    var heads = new LinkedHashMap<String, StringBuilder>();
    var bodies = new LinkedHashMap<String, List<Parts>>();
    var toBeRead = new StringBuilder();
    var objects = new LinkedHashSet<String>();
    for (AppConfigStatus each : entries) {
      var parts = Parts.of(each);
      if (parts.isToBeRead()) {
        toBeRead.append(head(each)).append(indented(Objects.requireNonNull(each.patch()), "# "));
        continue;
      }
      heads.computeIfAbsent(each.workload(), _ -> new StringBuilder()).append(head(each));
      bodies.computeIfAbsent(each.workload(), _ -> new ArrayList<>()).add(parts);
      if (!parts.others().isEmpty()) objects.add(parts.objects());
    }
    var patches = new StringBuilder();
    boolean hasNamespaces = false;
    for (var each : bodies.entrySet()) {
      var target = Target.of(each.getKey());
      hasNamespaces |= target.namespace() != null;
      patches
          .append(heads.get(each.getKey()))
          .append(target.isRollout() ? REPLACES_LISTS : "")
          .append("- target: %s\n  patch: |-\n".formatted(target.selector()))
          .append(indented(target.head() + text(each.getValue()), "    "));
    }
    var text = new StringBuilder();
    if (!patches.isEmpty()) {
      text.append(hasNamespaces ? NAMESPACES : "").append("patches:\n").append(patches);
    }
    text.append(toBeRead);
    for (String each : objects) {
      text.append("# to be saved as a file, and named in resources:\n").append(each);
    }
    return text.toString();
  }

  /** One patch, for where lists are replaced a second one would undo the first. */
  private static String text(List<Parts> patches) {
    if (patches.size() == 1) return patches.getFirst().ofWorkload();
    return SERIALIZATION.asYaml(merged(patches)).replaceFirst("^" + DOCUMENT, "");
  }

  private static Map<?, ?> merged(List<Parts> patches) {
    Map<?, ?> merged = Map.of();
    for (Parts each : patches) merged = JsonPatch.merged(merged, each.parsed());
    return merged;
  }

  /**
   * A JSON patch for each workload, below a comment with the command that takes it.
   *
   * @param live reads a workload, such as {@code Deployment/api}; an empty map: it is gone
   */
  static String json(List<AppConfigStatus> entries, Function<String, Map<?, ?>> live) {
    var text = new StringBuilder();
    var workloads = new HashMap<String, Map<?, ?>>();
    var patches = new LinkedHashMap<String, List<Parts>>();
    for (AppConfigStatus each : entries) {
      text.append(head(each));
      var parts = Parts.of(each);
      if (parts.isToBeRead()) {
        text.append(indented(Objects.requireNonNull(each.patch()), "# "));
        continue;
      }
      if (!parts.others().isEmpty()) {
        text.append("# to be applied first:\n").append(indented(parts.objects(), "# "));
      }
      Map<?, ?> workload = workloads.computeIfAbsent(each.workload(), live);
      if (workload.isEmpty()) {
        text.append("# it is not there any more\n");
        continue;
      }
      List<String> gone = JsonPatch.missing(parts.parsed(), workload);
      if (!gone.isEmpty()) {
        text.append(
            "# %s has no container %s any more\n"
                .formatted(each.workload(), String.join(", ", gone)));
        continue;
      }
      patches.computeIfAbsent(each.workload(), _ -> new ArrayList<>()).add(parts);
    }
    patches.forEach(
        (workload, all) -> {
          var target = Target.of(workload);
          var operations =
              JsonPatch.of(merged(all), Objects.requireNonNull(workloads.get(workload)));
          text.append(
              "# kubectl patch %s %s%s --type=json --patch-file=FILE\n%s\n"
                  .formatted(
                      target.kind().toLowerCase(Locale.ROOT),
                      target.name(),
                      target.namespace() == null ? "" : " -n " + target.namespace(),
                      SERIALIZATION.convertValue(operations, JsonNode.class).toPrettyString()));
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
