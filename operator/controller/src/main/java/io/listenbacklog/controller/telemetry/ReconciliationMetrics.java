package io.listenbacklog.controller.telemetry;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.Controller;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long reconciliations take and how many fail, by controller. The SDK's own Micrometer support
 * can tag by resource, which 5,000 nodes forbid, and its own log line holds the whole object.
 */
public final class ReconciliationMetrics implements Metrics {
  private static final Logger log = LoggerFactory.getLogger(ReconciliationMetrics.class);

  private final MeterRegistry registry;
  private final Map<String, LogThrottle> troubles = new ConcurrentHashMap<>();

  public ReconciliationMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void controllerRegistered(Controller<? extends HasMetadata> controller) {
    failures(controller.getConfiguration().getName()).increment(0);
  }

  @Override
  public void reconciliationFailed(
      HasMetadata resource,
      @Nullable RetryInfo retry,
      Exception exception,
      Map<String, Object> metadata) {
    String controller = nameIn(metadata);
    failures(controller).increment();
    if (!trouble(controller).isNews()) return;
    log.atWarn()
        .addKeyValue(LogKeys.OBJECT, resource.getKind() + " " + resource.getMetadata().getName())
        .setCause(exception)
        .log("cannot reconcile, retrying");
  }

  @Override
  public void reconciliationSucceeded(HasMetadata resource, Map<String, Object> metadata) {
    trouble(nameIn(metadata)).over();
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

  private static String nameIn(Map<String, Object> metadata) {
    return String.valueOf(metadata.get(Constants.CONTROLLER_NAME));
  }

  private LogThrottle trouble(String controller) {
    return troubles.computeIfAbsent(controller, _ -> new LogThrottle(Clock.systemUTC()));
  }

  private Counter failures(String controller) {
    return registry.counter(MetricNames.FAILED_RECONCILIATIONS, "controller", controller);
  }
}
