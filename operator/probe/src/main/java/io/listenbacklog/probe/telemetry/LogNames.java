package io.listenbacklog.probe.telemetry;

import io.listenbacklog.api.PodReference;

/** How things are called in log lines. */
public final class LogNames {
  private LogNames() {}

  /** {@code namespace/name}. */
  public static String of(PodReference pod) {
    return pod.namespace() + "/" + pod.name();
  }
}
