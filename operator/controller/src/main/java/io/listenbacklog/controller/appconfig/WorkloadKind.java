package io.listenbacklog.controller.appconfig;

import java.util.Optional;

/** A kind of workload whose pod template can be changed, and which then replaces its pods. */
enum WorkloadKind {
  DEPLOYMENT("apps", "v1", "Deployment", "deployments"),
  STATEFUL_SET("apps", "v1", "StatefulSet", "statefulsets"),
  DAEMON_SET("apps", "v1", "DaemonSet", "daemonsets"),
  /** Of Argo Rollouts, where that is installed. */
  ROLLOUT("argoproj.io", "v1alpha1", "Rollout", "rollouts");

  private final String group;
  private final String version;
  private final String kind;
  private final String plural;

  WorkloadKind(String group, String version, String kind, String plural) {
    this.group = group;
    this.version = version;
    this.kind = kind;
    this.plural = plural;
  }

  String group() {
    return group;
  }

  String version() {
    return version;
  }

  String apiVersion() {
    return group + "/" + version;
  }

  String kind() {
    return kind;
  }

  String plural() {
    return plural;
  }

  /** Whether each Kubernetes has it. */
  boolean isBuiltIn() {
    return this != ROLLOUT;
  }

  /** Empty: another kind. */
  static Optional<WorkloadKind> of(String apiVersion, String kind) {
    for (WorkloadKind each : values()) {
      if (each.kind.equals(kind) && each.apiVersion().equals(apiVersion)) return Optional.of(each);
    }
    return Optional.empty();
  }
}
