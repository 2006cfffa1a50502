package io.listenbacklog.e2e.appconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.servers.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Real servers are told their backlog, ask for it by themselves, with the operator gone as well,
 * and are as they were when the policy is; {@code -Dappconfig=write} writes what was seen into
 * docs/app-config.md.
 */
@OnTestCluster
@Tag("ordeals")
class ConfiguredServersIT {
  /** More than any of them asks for; not more than somaxconn, which uWSGI minds. */
  private static final int WANTED = 3000;

  private static final Path FILE = TestCluster.sources().resolve("docs/app-config.md");
  private static final String HEAD =
      "| server | entry of `appConfig` | backlog before | after | policy deleted |\n|---|---|---|---|---|\n";
  private static final String NOWHERE = "{\"listenbacklog.io/e2e\":\"nowhere\"}";

  @BeforeAll
  static void grant(TestCluster cluster) {
    cluster.installOperator(List.of("appConfig.enabled=true", "appConfig.maxConcurrent=20"));
  }

  @AfterAll
  static void bringBack(TestCluster cluster) {
    operator(cluster, "scale", "deployment", "--all", "--replicas=2");
    operator(
        cluster,
        "patch",
        "daemonset",
        probe(cluster),
        "--type=merge",
        "--patch",
        "{\"spec\":{\"template\":{\"spec\":{\"nodeSelector\":{\"listenbacklog.io/e2e\":null}}}}}");
    cluster.awaitOperator();
  }

  @Test
  void eachAsksForItByItselfAndIsAsItWasWithoutThePolicy(
      TestCluster cluster, TestNamespace namespace) throws IOException {
    cluster.load(Server.IMAGE);
    cluster.load(ConfiguredServer.MORE);
    Path resources = TestCluster.sources().resolve("operator/e2e/src/test/resources");
    namespace.kubectl(
        "create",
        "configmap",
        "conf",
        "--from-file=" + resources.resolve("appconfig"),
        "--from-file=" + resources.resolve("servers/app.py"));
    var built = buildSpringBoot();
    var manifests =
        ConfiguredServer.ALL.stream()
            .map(each -> each.manifest(built))
            .collect(Collectors.joining());
    namespace.kubectlCommand("create", "-f", "-").reading(manifests).succeed();
    awaitBacklogs(namespace, server -> server.before());

    ConfiguredServer.ALL.forEach(each -> namespace.policy(each.name(), each.policy(WANTED)));
    var phases = new HashMap<String, String>();
    slowly(
        () -> {
          for (ConfiguredServer each : ConfiguredServer.ALL) {
            String phase = new Application(cluster, namespace, each.name()).phase();
            assertThat(phase)
                .as(each.name())
                .isEqualTo(each.obeys() ? "APPLIED Native" : "ROLLED_BACK NotNative");
            phases.put(each.name(), phase);
          }
        });

    withoutOperator(cluster);
    namespace.kubectl("delete", "pods", "--all", "--wait");
    awaitBacklogs(namespace, server -> server.obeys() ? WANTED : server.before());

    bringBack(cluster);
    namespace.kubectl("delete", "backlogpolicies", "--all");
    slowly(
        () ->
            assertThat(ConfiguredServer.ALL)
                .noneMatch(each -> new Application(cluster, namespace, each.name()).isMarked()));
    awaitBacklogs(namespace, server -> server.before());

    String table =
        HEAD
            + ConfiguredServer.ALL.stream()
                .map(ConfiguredServersIT::row)
                .collect(Collectors.joining());
    String text = Files.readString(FILE);
    int at = text.indexOf(HEAD);
    if (System.getProperty("appconfig", "compare").equals("write")) {
      Files.writeString(FILE, text.substring(0, at) + table);
    }
    assertThat(Files.readString(FILE).substring(at))
        .as("docs/app-config.md, to be renewed with -Dappconfig=write")
        .isEqualTo(table);
    assertThat(phases).hasSameSizeAs(ConfiguredServer.ALL);
  }

  /** With Maven, as its users do. */
  private static Path buildSpringBoot() {
    var project = TestCluster.sources().resolve("operator/e2e/src/spring-boot");
    Command.of("mvn", "-B", "-ntp", "-q", "-f", project.resolve("pom.xml").toString(), "package")
        .within(Duration.ofMinutes(10))
        .succeed();
    return project.resolve("target");
  }

  private static String row(ConfiguredServer server) {
    return "| %s | `%s` | %d | %s | %d |\n"
        .formatted(
            server.title(),
            server.rule(),
            server.before(),
            server.obeys() ? String.valueOf(WANTED) : "ignored it: taken back, NotNative",
            server.before());
  }

  /** Of the only pod of each, as the kernel has it. */
  private static void awaitBacklogs(
      TestNamespace namespace, ToIntFunction<ConfiguredServer> expected) {
    slowly(
        () -> {
          for (ConfiguredServer each : ConfiguredServer.ALL) {
            var pods = namespace.pods("app=" + each.name(), 1);
            assertThat(pods.getFirst().backlogs(each.port()))
                .as(each.name())
                .isNotEmpty()
                .containsOnly(expected.applyAsInt(each));
          }
        });
  }

  private static void withoutOperator(TestCluster cluster) {
    operator(cluster, "scale", "deployment", "--all", "--replicas=0");
    operator(
        cluster,
        "patch",
        "daemonset",
        probe(cluster),
        "--patch",
        "{\"spec\":{\"template\":{\"spec\":{\"nodeSelector\":%s}}}}".formatted(NOWHERE));
    slowly(() -> assertThat(operator(cluster, "get", "pods", "-o", "name")).isEmpty());
  }

  private static String probe(TestCluster cluster) {
    return operator(cluster, "get", "daemonsets", "-o", "jsonpath={.items[0].metadata.name}");
  }

  private static String operator(TestCluster cluster, String... words) {
    return cluster
        .kubectlCommand("--namespace", TestCluster.OPERATOR_NAMESPACE)
        .and(List.of(words))
        .succeed();
  }

  /** All of them start at once, some from much Python that nobody compiled before. */
  private static void slowly(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofMinutes(10))
        .pollInterval(Duration.ofSeconds(2))
        .ignoreExceptionsInstanceOf(ConditionTimeoutException.class)
        .untilAsserted(assertion);
  }
}
