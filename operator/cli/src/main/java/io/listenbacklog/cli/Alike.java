package io.listenbacklog.cli;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Pods that one policy can select: those of a workload.
 *
 * @param labels that select them; empty: they have none that do
 */
record Alike(String namespace, String name, Map<String, String> labels) {
  /** The labels that charts and kustomize select by; all that a pod has of them. */
  private static final List<String> USUAL =
      List.of(
          "app.kubernetes.io/name",
          "app.kubernetes.io/instance",
          "app.kubernetes.io/component",
          "app",
          "k8s-app");

  /** Labels that differ from pod to pod, or with each rollout. */
  private static final Set<String> PASSING =
      Set.of(
          "pod-template-hash",
          "controller-revision-hash",
          "pod-template-generation",
          "statefulset.kubernetes.io/pod-name",
          "apps.kubernetes.io/pod-index",
          "batch.kubernetes.io/controller-uid",
          "batch.kubernetes.io/job-name",
          "batch.kubernetes.io/job-completion-index",
          "controller-uid",
          "job-name",
          "helm.sh/chart",
          "app.kubernetes.io/version",
          "app.kubernetes.io/managed-by",
          "version");

  /** Those that this pod is one of. */
  static Alike of(Pod pod) {
    var all = Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.<String, String>of());
    var labels = new TreeMap<String, String>();
    for (String each : USUAL) {
      if (all.containsKey(each)) labels.put(each, all.get(each));
    }
    if (labels.isEmpty()) {
      all.forEach(
          (key, value) -> {
            if (!PASSING.contains(key)) labels.put(key, value);
          });
    }
    return new Alike(pod.getMetadata().getNamespace(), name(pod, labels), labels);
  }

  /** What the policy is called: of pods with the same labels the same. */
  private static String name(Pod pod, Map<String, String> labels) {
    String name =
        labels.isEmpty() ? pod.getMetadata().getName() : String.join("-", labels.values());
    String clean = name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String bounded = clean.substring(0, Math.min(63, clean.length()));
    String trimmed = bounded.replaceAll("^-+|-+$", "");
    return trimmed.isEmpty() ? "backlog" : trimmed;
  }
}
