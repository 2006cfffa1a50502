package io.listenbacklog.controller.cluster;

import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.listenbacklog.api.ConditionTypes;
import io.listenbacklog.api.Policy;
import io.listenbacklog.controller.telemetry.MetricNames;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/**
 * What the controller knows of the cluster, as numbers, counted at each scrape. No object is a
 * label, so the number of time series is fixed.
 */
public final class ClusterMetrics {
  private static final List<String> CONDITIONS =
      List.of(
          ConditionTypes.ACCEPTED,
          ConditionTypes.OBSERVED,
          ConditionTypes.COMPLIANT,
          ConditionTypes.HEALTHY);
  private static final List<String> STATUSES = List.of("True", "False", "Unknown");

  private ClusterMetrics() {}

  public static void register(MeterRegistry metrics, Cluster cluster) {
    Gauge.builder(MetricNames.PODS, cluster.pods(), ItemStore::size).register(metrics);
    Gauge.builder(MetricNames.NODES, cluster.backlogs(), ItemStore::size).register(metrics);
    Gauge.builder(MetricNames.NODES_WITHOUT_PROBE, cluster, Cluster::nodesWithoutProbe)
        .register(metrics);
    Gauge.builder(
            MetricNames.LONGEST_WITHOUT_PROBE,
            cluster,
            each -> each.longestWithoutProbe().toMillis() / 1000.0)
        .register(metrics);
    policies(metrics, "BacklogPolicy", cluster.policies());
    policies(metrics, "ClusterBacklogPolicy", cluster.clusterPolicies());
  }

  private static void policies(
      MeterRegistry metrics, String kind, ItemStore<? extends Policy<?>> policies) {
    for (String condition : CONDITIONS) {
      for (String status : STATUSES) {
        Gauge.builder(MetricNames.POLICIES, policies, all -> count(all, condition, status))
            .tags("kind", kind, "condition", condition, "status", status)
            .register(metrics);
      }
    }
  }

  private static long count(
      ItemStore<? extends Policy<?>> policies, String condition, String status) {
    return policies
        .values()
        .filter(
            each ->
                each.getStatus() != null
                    && each.getStatus().conditions().stream()
                        .anyMatch(it -> it.type().equals(condition) && it.status().equals(status)))
        .count();
  }
}
