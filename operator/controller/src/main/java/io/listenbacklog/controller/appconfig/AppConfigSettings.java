package io.listenbacklog.controller.appconfig;

import java.util.List;

/**
 * What the installation lets the operator do to workloads.
 *
 * @param enabled whether it may change any
 * @param namespaces where; empty: everywhere
 * @param maxConcurrent how many at a time in the whole cluster, from 1
 */
public record AppConfigSettings(boolean enabled, List<String> namespaces, int maxConcurrent) {
  public AppConfigSettings {
    namespaces = List.copyOf(namespaces);
  }

  /** Nothing. */
  public static final AppConfigSettings OFF = new AppConfigSettings(false, List.of(), 1);

  boolean covers(String namespace) {
    return enabled && (namespaces.isEmpty() || namespaces.contains(namespace));
  }
}
