package io.listenbacklog.e2e.appconfig;

import static io.listenbacklog.e2e.appconfig.Application.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.e2e.appconfig.Application.Habit;
import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Others write there too, or meanwhile, or the controller is another in the middle of it. */
@OnTestCluster
@Tag("ordeals")
class ConflictIT {
  /** Of Plan: set back so often, and written again; the next time it is left. */
  private static final int MOST_SET_BACKS = 2;

  @BeforeAll
  static void grant(TestCluster cluster) {
    cluster.installOperator(List.of("appConfig.enabled=true", "appConfig.maxConcurrent=20"));
  }

  @Test
  void whatAToolWritesAgainIsOnlyProposed(
      TestCluster cluster, TestNamespace namespace, @TempDir Path chart) throws IOException {
    var client = new Application(cluster, namespace, "client-side");
    namespace.apply(client.manifest(Habit.OBEDIENT));
    var server = new Application(cluster, namespace, "server-side");
    namespace
        .kubectlCommand("apply", "--server-side", "-f", "-")
        .reading(server.manifest(Habit.OBEDIENT))
        .succeed();
    var argo = new Application(cluster, namespace, "argo");
    argo.create(
        argo.manifest(
            Habit.OBEDIENT,
            argo.name(),
            "annotations: {argocd.argoproj.io/tracking-id: \"shop:apps/Deployment:x/argo\"}"));
    var helm = new Application(cluster, namespace, "helm");
    Files.createDirectories(chart.resolve("templates"));
    Files.writeString(chart.resolve("Chart.yaml"), "{apiVersion: v2, name: shop, version: 0.1.0}");
    Files.writeString(chart.resolve("templates/web.yaml"), helm.manifest(Habit.OBEDIENT));
    cluster
        .helm("install", "shop", chart.toString(), "--namespace", namespace.name())
        .within(Duration.ofMinutes(2))
        .succeed();
    var writers = Map.of(client, "kubectl apply", server, "kubectl", argo, "Argo CD", helm, "Helm");
    writers.keySet().forEach(Application::policy);

    for (var each : writers.entrySet()) {
      each.getKey().awaitPhase("PROPOSED OwnedByOthers");
      var said = each.getKey().said().orElseThrow();
      assertThat(said.message()).contains(each.getValue());
      assertThat(said.patch()).contains("OPTIONS", Application.WRITTEN);
    }
    await()
        .during(Duration.ofSeconds(15))
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(writers.keySet())
                    .allSatisfy(
                        each -> {
                          assertThat(each.revision()).isEqualTo(1);
                          assertThat(each.isMarked()).isFalse();
                          assertThat(each.notes(EventReasons.APP_CONFIG_PROPOSED)).hasSize(1);
                        }));
  }

  /** And whoever applies the same again leaves it, and can take it over at last. */
  @Test
  void whatIsForcedStaysUntilThePolicyGoes(TestCluster cluster, TestNamespace namespace) {
    var client = new Application(cluster, namespace, "client-side");
    namespace.apply(client.manifest(Habit.OBEDIENT));
    var server = new Application(cluster, namespace, "server-side");
    applyServerSide(server, server.manifest(Habit.OBEDIENT)).succeed();
    var both = List.of(client, server);
    both.forEach(each -> each.policy("observeFor: 0s", "observeFor: 0s, onConflict: Force"));
    both.forEach(each -> each.awaitPhase("APPLIED Native"));

    namespace.apply(client.manifest(Habit.OBEDIENT));
    applyServerSide(server, server.manifest(Habit.OBEDIENT)).succeed();
    both.forEach(each -> assertThat(each.revision()).isEqualTo(2));

    namespace.kubectl("delete", "backlogpolicies", "--all");
    for (Application each : both) {
      patiently(() -> assertThat(each.isMarked()).isFalse());
      assertThat(each.environment()).isEmpty();
      each.assertNative(5);
    }
    // Nothing that anybody may want to change is still the operator's.
    applyServerSide(
            server,
            server
                .manifest(Habit.OBEDIENT)
                .replace(
                    "readinessProbe:",
                    "env: [{name: OPTIONS, value: '--backlog=7'}]\n        readinessProbe:"))
        .succeed();
  }

  @Test
  void whatIsSetBackEachSecondIsLeftAtLast(TestCluster cluster, TestNamespace namespace)
      throws InterruptedException {
    var app = new Application(cluster, namespace, "web").create(Habit.OBEDIENT);
    app.pods();
    app.policy("observeFor: 0s", "observeFor: 0s, onConflict: Force");
    var end = new CountDownLatch(1);
    var loop =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!waited(end))
                    namespace.kubectl("set", "env", "deployment/web", "OPTIONS-");
                });
    try {
      app.awaitPhase("CONTESTED SetBackByOthers");
      long writes = app.revision();
      // Each time it is written and set back; it was made once.
      assertThat(writes).isBetween(3L, 1 + 2L * (MOST_SET_BACKS + 1));
      await()
          .during(Duration.ofSeconds(25))
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                assertThat(app.revision()).isEqualTo(writes);
                assertThat(app.phase()).isEqualTo("CONTESTED SetBackByOthers");
                assertThat(app.notes(EventReasons.APP_CONFIG_CONTESTED)).hasSize(1);
              });
    } finally {
      end.countDown();
      loop.join();
    }
    assertThat(app.environment()).isEmpty();
  }

  private static boolean waited(CountDownLatch end) {
    try {
      return end.await(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Test
  void itGoesOnWhateverHappensMeanwhile(TestCluster cluster, TestNamespace namespace) {
    var rolled = new Application(cluster, namespace, "rolled").create(Habit.OBEDIENT);
    var scaled = new Application(cluster, namespace, "scaled").create(Habit.OBEDIENT);
    var orphaned = new Application(cluster, namespace, "orphaned").create(Habit.OBEDIENT);
    var autoscaled = new Application(cluster, namespace, "autoscaled").create(Habit.OBEDIENT);
    var all = List.of(rolled, scaled, orphaned, autoscaled);
    all.forEach(Application::pods);
    all.forEach(Application::policy);
    patiently(() -> assertThat(all).allSatisfy(each -> assertThat(each.revision()).isEqualTo(2)));

    namespace.kubectl("set", "env", "deployment/rolled", "OTHER=1");
    namespace.kubectl("scale", "deployment/scaled", "--replicas=3");
    // Below its minimum an autoscaler scales without asking for metrics, which this cluster lacks.
    namespace.kubectl("autoscale", "deployment", "autoscaled", "--min=3", "--max=4", "--cpu=80%");
    cluster.replaceController();

    all.forEach(each -> each.awaitPhase("APPLIED Native"));
    assertThat(rolled.environment())
        .isEqualTo(Map.of("OPTIONS", Application.WRITTEN, "OTHER", "1"));
    assertThat(rolled.revision()).isEqualTo(3);
    assertThat(scaled.live().getSpec().getReplicas()).isEqualTo(3);
    assertThat(scaled.revision()).isEqualTo(2);
    assertThat(autoscaled.live().getSpec().getReplicas()).isEqualTo(3);
    assertThat(autoscaled.revision()).isEqualTo(2);
    assertThat(orphaned.revision()).isEqualTo(2);
    for (Application each : all) {
      assertThat(each.notes(EventReasons.APP_CONFIG_PATCHED)).as(each.name()).hasSize(1);
    }

    namespace.kubectl("delete", "backlogpolicies", "--all");
    patiently(() -> assertThat(all).allSatisfy(each -> assertThat(each.isMarked()).isFalse()));
    assertThat(rolled.environment()).isEqualTo(Map.of("OTHER", "1"));
    assertThat(scaled.live().getSpec().getReplicas()).isEqualTo(3);
    assertThat(scaled.environment()).isEmpty();
    assertThat(autoscaled.live().getSpec().getReplicas()).isEqualTo(3);
    assertThat(autoscaled.environment()).isEmpty();
  }

  @Test
  void whatADisruptionBudgetForbidsWaitsUntilItIsAllowed(
      TestCluster cluster, TestNamespace namespace) {
    var app = new Application(cluster, namespace, "precious");
    // Its rollout takes a pod away before the next comes, which the default for two pods does not.
    app.create(
        app.manifest(Habit.OBEDIENT)
            .replace(
                "  replicas: 2",
                "  replicas: 2\n  strategy: {rollingUpdate: {maxUnavailable: 1, maxSurge: 0}}"));
    app.pods();
    namespace.kubectl("create", "pdb", "all", "--selector=app=precious", "--min-available=2");
    // Its controller counts the pods first.
    patiently(
        () ->
            assertThat(
                    namespace.kubectl("get", "pdb", "all", "-o=jsonpath={.status.currentHealthy}"))
                .isEqualTo("2"));

    app.policy();
    app.awaitPhase("WAITING DisruptionBudget");
    assertThat(app.said().orElseThrow().message()).contains("PodDisruptionBudget all");
    await()
        .during(Duration.ofSeconds(25))
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(app.revision()).isEqualTo(1));
    assertThat(app.isMarked()).isFalse();

    namespace.kubectl("patch", "pdb", "all", "--patch={\"spec\":{\"minAvailable\":1}}");
    app.awaitPhase("APPLIED Native");
    assertThat(app.revision()).isEqualTo(2);
    app.assertNative(64);
  }

  /** One of them governs its pods, and writes; the other has nothing to say of it. */
  @Test
  void twoPoliciesOfOneWorkloadDoNotFight(TestCluster cluster, TestNamespace namespace) {
    var app = new Application(cluster, namespace, "shared").create(Habit.OBEDIENT);
    app.pods();
    String spec = Application.POLICY.formatted("shared");
    namespace.policy("shared", spec);
    namespace.policy("second", spec.replace("minimum: 64", "minimum: 32"));

    patiently(
        () ->
            assertThat(List.of(app.phase("shared"), app.phase("second")))
                .containsExactlyInAnyOrder("APPLIED Native", ""));
    await()
        .during(Duration.ofSeconds(25))
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(app.revision()).isEqualTo(2));
    assertThat(app.environment()).hasSize(1);
  }

  private static Command applyServerSide(Application app, String manifest) {
    return app.namespace().kubectlCommand("apply", "--server-side", "-f", "-").reading(manifest);
  }
}
