package io.listenbacklog.controller;

/** Names of the controller's metrics, in base units. Prometheus adds {@code _total} to counters. */
public final class MetricNames {
  private static final String PREFIX = "listen_backlog_controller_";

  /** Gauge: 1 on the replica that leads, else 0. */
  public static final String LEADER = PREFIX + "leader";

  /** Gauge: pods, by the informer. */
  public static final String PODS = PREFIX + "pods";

  /** Gauge: NodeBacklogs that exist. */
  public static final String NODES = PREFIX + "nodes";

  /** Timer, by {@code controller}: reconciliations. */
  public static final String RECONCILIATIONS = PREFIX + "reconciliation";

  /** Counter, by {@code controller}: reconciliations that failed and will be tried again. */
  public static final String FAILED_RECONCILIATIONS = PREFIX + "reconciliations_failed";

  /** Counter, by {@code kind}: objects written. */
  public static final String WRITES = PREFIX + "writes";

  /** Counter, by {@code kind}: writes that found a field in another manager's hands. */
  public static final String CONFLICTS = PREFIX + "write_conflicts";

  /** Counter, by {@code reason}: Events written. */
  public static final String EVENTS = PREFIX + "events";

  /** Counter, by {@code reason}: Events written that say again what lasts. */
  public static final String REPEATED_EVENTS = PREFIX + "events_repeated";

  /** Counter, by {@code reason}: Events the API server refused for good. */
  public static final String REFUSED_EVENTS = PREFIX + "events_refused";

  /** Counter, by {@code reason}: Events not written, or not yet, for there are too many. */
  public static final String HELD_EVENTS = PREFIX + "events_held_back";

  /** Gauge: nodes and pods whose Events are still to be written. */
  public static final String REPORT_BACKLOG = PREFIX + "report_queue";

  /** Gauge, by {@code phase}: workloads whose configuration policies ask to be changed. */
  public static final String APP_CONFIG_WORKLOADS = PREFIX + "app_config_workloads";

  /**
   * Counter, by {@code outcome}: changes of applications' configuration that were written,
   * verified, rolled back, contested or restored.
   */
  public static final String APP_CONFIG_CHANGES = PREFIX + "app_config_changes";

  private MetricNames() {}
}
