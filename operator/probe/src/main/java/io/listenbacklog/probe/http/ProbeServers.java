package io.listenbacklog.probe.http;

import io.listenbacklog.management.Access;
import io.listenbacklog.management.Bounds;
import io.listenbacklog.management.ManagementServer;
import io.listenbacklog.management.Page;
import io.listenbacklog.management.Workers;
import io.listenbacklog.probe.loop.Message;
import io.listenbacklog.probe.telemetry.Counters;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/**
 * {@code /livez} and {@code /readyz} for the kubelet, and on a port of its own {@code /metrics}:
 * who crowds at the one door does not stand before the other.
 */
public final class ProbeServers implements AutoCloseable {
  private final ManagementServer health;
  private final ManagementServer metrics;
  private final ExecutorService workers;

  private ProbeServers(ManagementServer health, ManagementServer metrics, ExecutorService workers) {
    this.health = health;
    this.metrics = metrics;
    this.workers = workers;
  }

  /**
   * Starts to serve.
   *
   * @param loop takes messages, and answers the one that asks for listeners
   * @param access who may see /metrics; empty: everybody
   * @throws IOException naming the port that cannot be had
   */
  public static ProbeServers start(
      int healthPort,
      int metricsPort,
      Health told,
      Consumer<Message> loop,
      Counters tally,
      Optional<Access> access)
      throws IOException {
    var health =
        ManagementServer.start("health", healthPort, Bounds.HEALTH, Runnable::run, told.pages());
    Page page = new MetricsPage(new Snapshots(loop, System::nanoTime), tally);
    var guarded = access.isPresent() ? access.get().guarding(page) : page;
    var workers = Workers.named("metrics-");
    try {
      var metrics =
          ManagementServer.start(
              "metrics", metricsPort, Bounds.METRICS, workers, Map.of("/metrics", guarded));
      return new ProbeServers(health, metrics, workers);
    } catch (IOException e) {
      health.close();
      throw e;
    }
  }

  /** The port of /metrics. */
  public int metricsPort() {
    return metrics.port();
  }

  /** The port of /livez and /readyz. */
  public int healthPort() {
    return health.port();
  }

  @Override
  public void close() {
    metrics.close();
    health.close();
    workers.shutdownNow();
  }
}
