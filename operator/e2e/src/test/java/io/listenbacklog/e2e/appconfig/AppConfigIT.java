package io.listenbacklog.e2e.appconfig;

import static io.listenbacklog.e2e.appconfig.Application.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.e2e.appconfig.Application.Habit;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An application's configuration is changed, verified, and taken back with the policy. */
@OnTestCluster
class AppConfigIT {
  @BeforeAll
  static void grant(TestCluster cluster) {
    cluster.installOperator(List.of("appConfig.enabled=true", "appConfig.maxConcurrent=20"));
  }

  @Test
  void aVariableIsProposedWrittenVerifiedAndTakenBackWithThePolicy(
      TestCluster cluster, TestNamespace namespace) {
    var app = new Application(cluster, namespace, "web").create(Habit.OBEDIENT);
    app.pods();

    app.policy("mode: Enforce", "mode: Observe");
    app.awaitPhase("PROPOSED ObserveMode");
    assertThat(app.said().orElseThrow().patch()).contains("OPTIONS", Application.WRITTEN);
    assertThat(app.notes(EventReasons.APP_CONFIG_PROPOSED)).hasSize(1);
    assertThat(app.revision()).isEqualTo(1);
    assertThat(app.isMarked()).isFalse();

    app.policy();
    app.awaitPhase("APPLIED Native");
    assertThat(app.environment()).containsExactly(Map.entry("OPTIONS", Application.WRITTEN));
    assertThat(app.revision()).isEqualTo(2);
    app.assertNative(64);
    patiently(
        () ->
            assertThat(namespace.condition("web", "Configured")).startsWith("True AllConfigured"));
    assertThat(app.notes(EventReasons.APP_CONFIG_PATCHED)).hasSize(1);

    namespace.kubectl("delete", "backlogpolicy", "web");
    patiently(() -> assertThat(app.isMarked()).isFalse());
    assertThat(app.environment()).isEmpty();
    assertThat(app.revision()).isEqualTo(3);
    app.assertNative(5);
  }

  @Test
  void theExamplesApply(TestNamespace namespace) throws IOException {
    try (var files = Files.list(TestCluster.sources().resolve("examples/app-config"))) {
      for (Path each : files.toList()) {
        String yaml =
            Files.readString(each)
                .replace("namespace: openstack", "namespace: " + namespace.name());
        assertThat(
                namespace
                    .kubectlCommand("apply", "--dry-run=server", "-f", "-")
                    .reading(yaml)
                    .succeed())
            .as(each.toString())
            .contains("created (server dry run)");
      }
    }
  }
}
