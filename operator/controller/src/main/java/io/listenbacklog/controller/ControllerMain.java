package io.listenbacklog.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.controller.failure.ApiFailure;
import io.listenbacklog.controller.kube.InstallationCheck;
import io.listenbacklog.controller.kube.KubernetesClients;
import io.listenbacklog.controller.kube.LeaderElection;
import io.listenbacklog.controller.management.ControllerServers;
import io.listenbacklog.controller.management.MetricsReviewer;
import io.listenbacklog.controller.settings.ControllerSettings;
import io.listenbacklog.controller.telemetry.LogFormat;
import io.listenbacklog.controller.telemetry.LogKeys;
import io.listenbacklog.controller.telemetry.MetricNames;
import io.listenbacklog.controller.uninstall.Uninstall;
import io.listenbacklog.management.Access;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller: without arguments it runs until it is stopped; {@code uninstall} undoes all
 * remedies and removes what it wrote; {@code check} looks whether all parts are there.
 */
public final class ControllerMain {
  private static final int WRONG_USE = 2;

  /** For parts that were installed a moment ago: an image is to be pulled, a JVM to be started. */
  private static final Duration CHECK_PATIENCE = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(ControllerMain.class);

  private final ControllerSettings settings;
  private final KubernetesClient client;
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicReference<LeadingController> work = new AtomicReference<>();
  private final LeaderElection leadership;
  private volatile boolean stopping;

  private ControllerMain(ControllerSettings settings, KubernetesClient client) {
    this.settings = settings;
    this.client = client;
    metrics.config().meterFilter(MetricNames.described());
    leadership = new LeaderElection(client, settings, this::lead, this::lost);
    Gauge.builder(MetricNames.LEADER, () -> leadership.leading() ? 1 : 0).register(metrics);
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    LogFormat.setUp();
    ControllerSettings settings;
    try {
      settings = ControllerSettings.of(System.getenv());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(WRONG_USE);
      return;
    }
    var client = KubernetesClients.fromEnvironment();
    switch (List.of(args)) {
      case List<String> none when none.isEmpty() -> new ControllerMain(settings, client).run();
      case List<String> one when one.equals(List.of("uninstall")) ->
          System.exit(uninstall(settings, client));
      case List<String> one when one.equals(List.of("check")) ->
          System.exit(check(settings, client));
      default -> {
        System.err.println("usage: controller [uninstall | check]");
        System.exit(WRONG_USE);
      }
    }
  }

  /** For {@code helm test}: the answer is read by people, and the exit status by Helm. */
  private static int check(ControllerSettings settings, KubernetesClient client) {
    try (client) {
      var wrong =
          new InstallationCheck(client, settings.namespace(), System::nanoTime)
              .await(CHECK_PATIENCE);
      if (wrong.isEmpty()) {
        log.info("the kinds are served, the controller and all probes are ready");
        return 0;
      }
      for (String each : wrong) log.atError().addKeyValue(LogKeys.CAUSE, each).log("not installed");
      return 1;
    } catch (InterruptedException e) {
      log.warn("interrupted");
      return 1;
    }
  }

  private static int uninstall(ControllerSettings settings, KubernetesClient client) {
    try (client) {
      var uninstall = new Uninstall(client, settings);
      // A Job that is stopped must not leave nodes half emptied without a controller.
      var stop = Thread.ofPlatform().name("stop").unstarted(uninstall::bringBack);
      Runtime.getRuntime().addShutdownHook(stop);
      uninstall.run();
      return 0;
    } catch (InterruptedException e) {
      log.warn("interrupted");
      return 1;
    } catch (KubernetesClientException | IllegalStateException e) {
      log.atError().addKeyValue(LogKeys.CAUSE, ApiFailure.text(e)).log("cannot uninstall");
      return 1;
    }
  }

  /** Until the process is stopped: none of its other threads keeps it alive. */
  private void run() throws IOException, InterruptedException {
    var servers =
        new ControllerServers(
            settings.healthPort(),
            settings.port(),
            this::broken,
            this::unready,
            metrics,
            settings.metricsAuthorization()
                ? Optional.of(new Access(new MetricsReviewer(client), System::nanoTime))
                : Optional.empty());
    log.atInfo()
        .addKeyValue(LogKeys.IDENTITY, settings.identity())
        .addKeyValue(LogKeys.PORT, servers.metricsPort())
        .log("started");
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(this::stop));
    leadership.start();
    new CountDownLatch(1).await();
  }

  private void lead() {
    try {
      var leading = new LeadingController(client, settings, metrics);
      work.set(leading);
      leading.start();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (stopping) return;
      log.error("cannot run", e);
      System.exit(1);
    }
  }

  private void lost() {
    log.warn("lost the lease, exiting so that no two controllers write");
    // Not System.exit: its hook would wait for the very thread that calls this.
    Runtime.getRuntime().halt(1);
  }

  private void stop() {
    stopping = true;
    log.info("shutting down");
    LeadingController leading = work.get();
    if (leading != null) leading.close();
    leadership.close();
    client.close();
  }

  private List<String> broken() {
    LeadingController leading = work.get();
    return leading == null ? List.of() : leading.broken();
  }

  private List<String> unready() {
    LeadingController leading = work.get();
    return leading == null ? List.of() : leading.unready();
  }
}
