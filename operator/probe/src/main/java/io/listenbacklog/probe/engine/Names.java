package io.listenbacklog.probe.engine;

import io.listenbacklog.api.PodReference;

/** How things are called in log lines. */
final class Names {
  private Names() {}

  /** {@code namespace/name}. */
  static String of(PodReference pod) {
    return pod.namespace() + "/" + pod.name();
  }
}
