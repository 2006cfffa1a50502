package io.listenbacklog.controller.management;

import io.listenbacklog.management.Access;
import io.listenbacklog.management.Answer;
import io.listenbacklog.management.Body;
import io.listenbacklog.management.Bounds;
import io.listenbacklog.management.ManagementServer;
import io.listenbacklog.management.Page;
import io.listenbacklog.management.Workers;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/**
 * Serves {@code /livez} and {@code /readyz} on one port, for the kubelet: 200 with {@code ok}, or
 * 503 with a line for each thing that is wrong; and {@code /metrics} on another.
 */
public final class ControllerServers implements AutoCloseable {
  private final ManagementServer health;
  private final ManagementServer metrics;
  private final ExecutorService workers = Workers.named("metrics-");

  /**
   * Starts serving.
   *
   * @param healthPort 0: any free one
   * @param metricsPort likewise
   * @param live what only a restart can fix; does not block
   * @param ready why it is not ready; likewise
   * @param access who may see the metrics; empty: everybody
   * @throws IOException names the port
   */
  public ControllerServers(
      int healthPort,
      int metricsPort,
      Supplier<List<String>> live,
      Supplier<List<String>> ready,
      PrometheusMeterRegistry metrics,
      Optional<Access> access)
      throws IOException {
    health =
        ManagementServer.start(
            "health",
            healthPort,
            Bounds.HEALTH,
            Runnable::run,
            Map.of("/livez", _ -> health(live.get()), "/readyz", _ -> health(ready.get())));
    // As large as the operator's own numbers are many: nothing of the cluster is a label of them.
    Page page = _ -> Answer.metrics(Body.of(metrics.scrape()));
    Page guarded = access.isPresent() ? access.get().guarding(page) : page;
    try {
      this.metrics =
          ManagementServer.start(
              "metrics", metricsPort, Bounds.METRICS, workers, Map.of("/metrics", guarded));
    } catch (IOException e) {
      health.close();
      throw e;
    }
  }

  /** The port of {@code /livez} and {@code /readyz}. */
  public int healthPort() {
    return health.port();
  }

  /** The port of {@code /metrics}. */
  public int metricsPort() {
    return metrics.port();
  }

  private static Answer health(List<String> wrong) {
    return wrong.isEmpty() ? Answer.text(200, "ok") : Answer.text(503, String.join("\n", wrong));
  }

  @Override
  public void close() {
    metrics.close();
    health.close();
    workers.shutdownNow();
  }
}
