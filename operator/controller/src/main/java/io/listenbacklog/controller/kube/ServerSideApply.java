package io.listenbacklog.controller.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.controller.telemetry.LogKeys;
import io.listenbacklog.controller.telemetry.MetricNames;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.HttpURLConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Server-side apply, under the controller's field manager. */
public final class ServerSideApply {
  private static final Logger log = LoggerFactory.getLogger(ServerSideApply.class);

  private final KubernetesClient client;
  private final MeterRegistry metrics;

  public ServerSideApply(KubernetesClient client, MeterRegistry metrics) {
    this.client = client;
    this.metrics = metrics;
  }

  /**
   * Applies an object with the controller's fields and no others. A field that another manager has
   * taken is forced back, which is logged and counted: a probe must not act on what no policy asks
   * for.
   *
   * @return as the API server has it now
   */
  public <T extends HasMetadata> T apply(T fresh) {
    metrics.counter(MetricNames.WRITES, "kind", fresh.getKind()).increment();
    var applying = client.resource(fresh).fieldManager(ApiGroup.CONTROLLER);
    try {
      return applying.serverSideApply();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) throw e;
      metrics.counter(MetricNames.CONFLICTS, "kind", fresh.getKind()).increment();
      log.atWarn()
          .addKeyValue(LogKeys.OBJECT, fresh.getKind() + " " + fresh.getMetadata().getName())
          .addKeyValue(LogKeys.CAUSE, e.getMessage())
          .log("overwriting fields that another field manager set");
      return client
          .resource(fresh)
          .fieldManager(ApiGroup.CONTROLLER)
          .forceConflicts()
          .serverSideApply();
    }
  }
}
