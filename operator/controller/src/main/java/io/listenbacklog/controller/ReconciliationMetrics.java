package io.listenbacklog.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.processing.Controller;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;

/**
 * How long reconciliations take and how many fail, by controller. The SDK's own Micrometer support
 * can tag by resource, which 5,000 nodes forbid.
 */
final class ReconciliationMetrics implements Metrics {
  private final MeterRegistry registry;

  ReconciliationMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void controllerRegistered(Controller<? extends HasMetadata> controller) {
    failures(controller.getConfiguration().getName()).increment(0);
  }

  @Override
  public void failedReconciliation(
      HasMetadata resource, Exception exception, Map<String, Object> metadata) {
    failures(String.valueOf(metadata.get("controller.name"))).increment();
  }

  @Override
  public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
    var started = Timer.start(registry);
    try {
      return execution.execute();
    } finally {
      started.stop(
          registry.timer(MetricNames.RECONCILIATIONS, "controller", execution.controllerName()));
    }
  }

  private io.micrometer.core.instrument.Counter failures(String controller) {
    return registry.counter(MetricNames.FAILED_RECONCILIATIONS, "controller", controller);
  }
}
