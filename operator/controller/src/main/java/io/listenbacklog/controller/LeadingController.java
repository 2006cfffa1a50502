package io.listenbacklog.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.javaoperatorsdk.operator.processing.retry.Retry;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.controller.appconfig.AppConfigReconciler;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.ClusterMetrics;
import io.listenbacklog.controller.cluster.ProbePods;
import io.listenbacklog.controller.event.EventRecorder;
import io.listenbacklog.controller.event.EventReporter;
import io.listenbacklog.controller.kube.Informers;
import io.listenbacklog.controller.kube.RequiredCrds;
import io.listenbacklog.controller.kube.ServerSideApply;
import io.listenbacklog.controller.reconcile.BacklogPolicyReconciler;
import io.listenbacklog.controller.reconcile.ChangeRouter;
import io.listenbacklog.controller.reconcile.ClusterBacklogPolicyReconciler;
import io.listenbacklog.controller.reconcile.NodeReconciler;
import io.listenbacklog.controller.reconcile.PolicyStatusUpdate;
import io.listenbacklog.controller.reconcile.SpecPace;
import io.listenbacklog.controller.settings.ControllerSettings;
import io.listenbacklog.controller.telemetry.LogKeys;
import io.listenbacklog.controller.telemetry.MetricNames;
import io.listenbacklog.controller.telemetry.ReconciliationMetrics;
import io.listenbacklog.policy.event.EventPlanner;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.policy.status.PolicyStatuses;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What runs on the replica that leads, and on no other: informers and reconcilers. */
final class LeadingController implements AutoCloseable {
  /** Measured with 5,000 NodeBacklogs: more than 8 in parallel gain nothing on the API server. */
  private static final int NODE_WRITERS = 8;

  private static final int POLICY_WRITERS = 2;
  private static final Duration SYNC_TIMEOUT = Duration.ofMinutes(30);
  private static final Duration PROGRESS = Duration.ofSeconds(15);
  private static final Duration LAST_WRITES = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(LeadingController.class);

  private final ScheduledExecutorService timer =
      Executors.newScheduledThreadPool(1, Thread.ofPlatform().daemon().name("changes").factory());
  private final ScheduledExecutorService reporter =
      Executors.newScheduledThreadPool(1, Thread.ofPlatform().daemon().name("reports").factory());
  private final ScheduledExecutorService configurer =
      Executors.newScheduledThreadPool(1, Thread.ofPlatform().daemon().name("appconfig").factory());
  private final RequiredCrds crds;
  private final Cluster cluster;
  private final Informers informers;
  private final EventReporter reports;
  private final AppConfigReconciler appConfig;
  private final List<Operator> operators;

  LeadingController(KubernetesClient client, ControllerSettings settings, MeterRegistry metrics) {
    crds = new RequiredCrds(client);
    var changes = new ChangeRouter(timer, this::report);
    cluster = new Cluster(settings.limits(), new ProbePods(settings.namespace()), changes);
    informers = new Informers(client, cluster);
    var writer = new ServerSideApply(client, metrics);
    var nodes = operator(client, metrics, NODE_WRITERS);
    nodes.register(
        new NodeReconciler(cluster, writer, changes.nodes(), new SpecPace(System::nanoTime)),
        config ->
            config
                .withItemStore(cluster.nodes())
                .withInformerListLimit(Informers.PAGE)
                .withGenerationAware(false)
                // Kubelets report a node's health in its status, again and again.
                .withOnUpdateFilter((now, old) -> !uid(now).equals(uid(old)))
                .withRetry(forEver()));
    var texts = new Explanations(Catalogue.standard());
    var recorder = new EventRecorder(client, settings.identity(), metrics);
    appConfig =
        AppConfigReconciler.of(
            cluster,
            client,
            settings.appConfig(),
            recorder::write,
            metrics,
            Clock.systemUTC(),
            changes::policy);
    var judgement =
        new PolicyStatusUpdate(
            cluster, new PolicyStatuses(texts), appConfig::view, Clock.systemUTC());
    var policies = operator(client, metrics, POLICY_WRITERS);
    policies.register(
        new BacklogPolicyReconciler(judgement, changes.policies()),
        config ->
            config
                .withItemStore(cluster.policies())
                .withInformerListLimit(Informers.PAGE_OF_POLICIES)
                .withRetry(forEver()));
    policies.register(
        new ClusterBacklogPolicyReconciler(judgement, changes.clusterPolicies()),
        config ->
            config
                .withItemStore(cluster.clusterPolicies())
                .withInformerListLimit(Informers.PAGE_OF_POLICIES)
                .withRetry(forEver()));
    operators = List.of(policies, nodes);
    reports =
        new EventReporter(
            cluster,
            new EventPlanner(texts),
            recorder,
            settings.eventsPerSecond(),
            Clock.systemUTC(),
            reporter);
    Gauge.builder(MetricNames.REPORT_BACKLOG, reports, EventReporter::waiting).register(metrics);
    ClusterMetrics.register(metrics, cluster);
  }

  private static Operator operator(KubernetesClient client, MeterRegistry metrics, int threads) {
    return new Operator(
        config ->
            config
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withConcurrentReconciliationThreads(threads)
                .withMetrics(new ReconciliationMetrics(metrics))
                .withResourceCloner(asItIs())
                .withStopOnInformerErrorDuringStartup(false)
                .withCacheSyncTimeout(SYNC_TIMEOUT)
                .withReconciliationTerminationTimeout(LAST_WRITES));
  }

  /** No reconciler changes the object it is given, so none needs a copy of its own. */
  private static Cloner asItIs() {
    return new Cloner() {
      @Override
      public <T extends HasMetadata> T clone(T object) {
        return object;
      }
    };
  }

  private static Retry forEver() {
    return GenericRetry.defaultLimitedExponentialRetry()
        .setInitialInterval(500)
        .setIntervalMultiplier(2)
        .setMaxInterval(15_000)
        .withoutMaxAttempts();
  }

  private static String uid(HasMetadata object) {
    return object.getMetadata().getUid();
  }

  /** Reads everything, then starts the reconcilers; returns when they run. */
  void start() throws InterruptedException {
    long started = System.nanoTime();
    crds.await();
    fill();
    operators.forEach(Operator::start);
    cluster.open();
    var _ =
        configurer.scheduleWithFixedDelay(
            this::configure, 0, AppConfigReconciler.PACE.toMillis(), TimeUnit.MILLISECONDS);
    log.atInfo()
        .addKeyValue(LogKeys.NODES, cluster.nodes().size())
        .addKeyValue(LogKeys.PODS, cluster.pods().size())
        .addKeyValue(LogKeys.MILLIS, (System.nanoTime() - started) / 1_000_000)
        .log("the controller is running");
  }

  /** An exception would end the schedule for good. */
  private void configure() {
    try {
      appConfig.pass();
    } catch (RuntimeException e) {
      log.error("cannot reconcile applications' configuration", e);
    }
  }

  private void fill() throws InterruptedException {
    var filled = informers.start();
    while (true) {
      try {
        filled.get(PROGRESS.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        log.atInfo().addKeyValue(LogKeys.PODS, cluster.pods().size()).log("reading the cluster");
      } catch (ExecutionException e) {
        throw new IllegalStateException("an informer stopped before it had started", e);
      }
    }
  }

  /** Why it is not ready, for people; empty: it is. */
  List<String> unready() {
    if (cluster.isOpen()) return List.of();
    String missing = crds.missing();
    return List.of(missing.isEmpty() ? "still reads the cluster" : missing);
  }

  /** What only a restart can fix; empty: nothing. */
  List<String> broken() {
    return new ArrayList<>(informers.stopped());
  }

  /** The reporter needs the cluster, and the cluster tells the router of changes. */
  private void report(String node) {
    reports.enqueue(node);
  }

  @Override
  public void close() {
    operators.forEach(Operator::stop);
    informers.close();
    timer.shutdownNow();
    reporter.shutdownNow();
    configurer.shutdownNow();
  }
}
