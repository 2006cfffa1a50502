package io.listenbacklog.controller.appconfig;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Optional;

/** A kind of workload whose pod template can be changed, and which then replaces its pods. */
enum WorkloadKind {
  DEPLOYMENT("Deployment", "deployments", Deployment.class),
  STATEFUL_SET("StatefulSet", "statefulsets", StatefulSet.class),
  DAEMON_SET("DaemonSet", "daemonsets", DaemonSet.class);

  static final String API_VERSION = "apps/v1";

  private final String kind;
  private final String plural;
  private final Class<? extends HasMetadata> type;

  WorkloadKind(String kind, String plural, Class<? extends HasMetadata> type) {
    this.kind = kind;
    this.plural = plural;
    this.type = type;
  }

  String kind() {
    return kind;
  }

  String plural() {
    return plural;
  }

  Class<? extends HasMetadata> type() {
    return type;
  }

  /** Empty: another kind. */
  static Optional<WorkloadKind> of(String apiVersion, String kind) {
    if (!apiVersion.equals(API_VERSION)) return Optional.empty();
    for (WorkloadKind each : values()) {
      if (each.kind.equals(kind)) return Optional.of(each);
    }
    return Optional.empty();
  }
}
