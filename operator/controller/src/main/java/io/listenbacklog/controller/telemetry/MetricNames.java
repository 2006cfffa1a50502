package io.listenbacklog.controller.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The controller's metrics, in base units. Prometheus adds {@code _total} to counters, and to the
 * timer {@code _seconds_count}, {@code _seconds_sum} and {@code _seconds_max}.
 */
public final class MetricNames {
  private static final String PREFIX = "listenbacklog_controller_";

  public static final String LEADER = PREFIX + "leader";
  public static final String PODS = PREFIX + "pods";
  public static final String NODES = PREFIX + "nodes";
  public static final String NODES_WITHOUT_PROBE = PREFIX + "nodes_without_probe";
  public static final String LONGEST_WITHOUT_PROBE = PREFIX + "longest_without_probe_seconds";
  public static final String POLICIES = PREFIX + "policies";
  public static final String RECONCILIATIONS = PREFIX + "reconciliation";
  public static final String FAILED_RECONCILIATIONS = PREFIX + "reconciliations_failed";
  public static final String WRITES = PREFIX + "writes";
  public static final String CONFLICTS = PREFIX + "write_conflicts";
  public static final String EVENTS = PREFIX + "events";
  public static final String REPEATED_EVENTS = PREFIX + "events_repeated";
  public static final String REFUSED_EVENTS = PREFIX + "events_refused";
  public static final String HELD_EVENTS = PREFIX + "events_held_back";
  public static final String REPORT_BACKLOG = PREFIX + "report_queue";

  /** Gauge, by {@code phase}: workloads whose configuration policies ask to be changed. */
  public static final String APP_CONFIG_WORKLOADS = PREFIX + "app_config_workloads";

  /**
   * Counter, by {@code outcome}: changes of applications' configuration that were written,
   * verified, rolled back, contested or restored.
   */
  public static final String APP_CONFIG_CHANGES = PREFIX + "app_config_changes";

  /**
   * A metric, as its reference tells of it.
   *
   * @param labels whose values are few, whatever the cluster holds
   */
  record Described(String name, Meter.Type type, List<String> labels, String help) {}

  /** All of them. */
  static final List<Described> ALL =
      List.of(
          new Described(
              LEADER, Meter.Type.GAUGE, List.of(), "1 on the replica that leads, 0 on the others."),
          new Described(PODS, Meter.Type.GAUGE, List.of(), "Pods that the controller knows."),
          new Described(NODES, Meter.Type.GAUGE, List.of(), "NodeBacklogs that exist."),
          new Described(
              NODES_WITHOUT_PROBE,
              Meter.Type.GAUGE,
              List.of(),
              "Nodes with governed pods and without a probe that is ready, where one can be: not EKS Fargate's and virtual kubelets."),
          new Described(
              LONGEST_WITHOUT_PROBE,
              Meter.Type.GAUGE,
              List.of(),
              "The longest that any node with governed pods has lacked a ready probe, seen since this replica leads; 0: none lacks it."),
          new Described(
              POLICIES,
              Meter.Type.GAUGE,
              List.of("kind", "condition", "status"),
              "Policies of which a condition has this status."),
          new Described(
              RECONCILIATIONS, Meter.Type.TIMER, List.of("controller"), "Reconciliations."),
          new Described(
              FAILED_RECONCILIATIONS,
              Meter.Type.COUNTER,
              List.of("controller"),
              "Reconciliations that failed and are tried again."),
          new Described(WRITES, Meter.Type.COUNTER, List.of("kind"), "Objects written."),
          new Described(
              CONFLICTS,
              Meter.Type.COUNTER,
              List.of("kind"),
              "Writes that found a field in another manager's hands."),
          new Described(EVENTS, Meter.Type.COUNTER, List.of("reason"), "Events written."),
          new Described(
              REPEATED_EVENTS,
              Meter.Type.COUNTER,
              List.of("reason"),
              "Events written that say again what lasts."),
          new Described(
              REFUSED_EVENTS,
              Meter.Type.COUNTER,
              List.of("reason"),
              "Events that the API server refused for good."),
          new Described(
              HELD_EVENTS,
              Meter.Type.COUNTER,
              List.of("reason"),
              "Events not written, or not yet, for there are too many."),
          new Described(
              REPORT_BACKLOG,
              Meter.Type.GAUGE,
              List.of(),
              "Nodes and pods whose Events are still to be written."),
          new Described(
              APP_CONFIG_WORKLOADS,
              Meter.Type.GAUGE,
              List.of("phase"),
              "Workloads whose configuration policies ask to be changed."),
          new Described(
              APP_CONFIG_CHANGES,
              Meter.Type.COUNTER,
              List.of("outcome"),
              "Changes of applications' configuration: written, verified, rolled_back, contested, restored."));

  private static final Map<String, Described> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Described::name, Function.identity()));

  /** Gives each of these its HELP line. */
  public static MeterFilter described() {
    return new MeterFilter() {
      @Override
      public Meter.Id map(Meter.Id id) {
        var known = BY_NAME.get(id.getName());
        if (known == null) return id;
        return new Meter.Id(
            id.getName(),
            io.micrometer.core.instrument.Tags.of(id.getTagsAsIterable()),
            id.getBaseUnit(),
            known.help(),
            id.getType());
      }
    };
  }

  private MetricNames() {}
}
