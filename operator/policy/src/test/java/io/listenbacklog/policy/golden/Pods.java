package io.listenbacklog.policy.golden;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;

/** Pods of probes among those of a case. */
final class Pods {
  /** Whether it is the pod of a probe and not one that the case is about. */
  static boolean isProbe(Pod pod) {
    return requireNonNullElse(pod.getMetadata().getLabels(), Map.<String, String>of())
        .getOrDefault("app.kubernetes.io/component", "")
        .equals("probe");
  }

  static boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(
            condition ->
                condition.getType().equals("Ready") && condition.getStatus().equals("True"));
  }

  private Pods() {}
}
