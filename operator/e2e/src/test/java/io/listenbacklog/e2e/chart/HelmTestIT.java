package io.listenbacklog.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * {@code helm test} on a real cluster: what it says where all is well, and where something is not.
 */
@OnTestCluster
class HelmTestIT {
  private static final String TEST_POD = TestCluster.RELEASE + "-test";

  @Test
  void whereAllIsWellItSaysSoAndLeavesNothing(TestCluster cluster) {
    var result = helmTest(cluster).run();

    assertThat(result.exit()).as(result.text()).isZero();
    assertThat(result.text())
        .contains("Succeeded", "the kinds are served, the controller and all probes are ready");
    assertThat(leftOver(cluster)).isEmpty();
  }

  @Test
  void itNamesTheKindThatIsNotServedAndTheNodeWhoseProbeIsNotReady(TestCluster cluster) {
    try {
      // The JVM refuses the option; the other node keeps its probe while this one is not ready.
      cluster
          .helm("upgrade", TestCluster.RELEASE, TestCluster.chart().toString())
          .and(inItsNamespace())
          .and(cluster.imageValues())
          .and(
              List.of(
                  "--reset-values",
                  "--set=probe.extraEnv[0].name=JDK_JAVA_OPTIONS",
                  "--set=probe.extraEnv[0].value=-XX:NoSuchOption"))
          .within(Duration.ofMinutes(4))
          .succeed();
      await().atMost(Duration.ofMinutes(1)).until(() -> probesThatWait(cluster).contains("Crash"));
      cluster.kubectl("delete", "customresourcedefinition", "nodebacklogs.listenbacklog.io");

      var result = helmTest(cluster).run();

      assertThat(result.exit()).as(result.text()).isNotZero();
      assertThat(result.text())
          .contains("nodebacklogs are not served: apply the chart's crds/")
          .containsPattern(
              "DaemonSet listen-backlog-operator-probe is ready on \\d+ of \\d+ nodes: .*pod"
                  + " listen-backlog-operator-probe-\\w+ on node \\S+: (CrashLoopBackOff|Error)")
          .doesNotContain("backlogpolicies are not served");
    } finally {
      cluster.kubectl(
          "apply",
          "--server-side",
          "--force-conflicts",
          "--filename=" + TestCluster.sources().resolve("crds"));
      cluster.installOperator();
    }

    // The pod that failed is in nobody's way.
    var mended = helmTest(cluster).run();
    assertThat(mended.exit()).as(mended.text()).isZero();
    assertThat(leftOver(cluster)).isEmpty();
  }

  /** Why containers of probes do not run. */
  private static String probesThatWait(TestCluster cluster) {
    return cluster.kubectl(
        "get",
        "pods",
        "--namespace=" + TestCluster.OPERATOR_NAMESPACE,
        "--selector=app.kubernetes.io/component=probe",
        "--output=jsonpath={.items[*].status.containerStatuses[*].state.waiting.reason}");
  }

  private static Command helmTest(TestCluster cluster) {
    return cluster
        .helm("test", TestCluster.RELEASE)
        .and(inItsNamespace())
        .and(List.of("--timeout=4m"))
        .within(Duration.ofMinutes(5));
  }

  private static List<String> inItsNamespace() {
    return List.of("--namespace", TestCluster.OPERATOR_NAMESPACE);
  }

  private static String leftOver(TestCluster cluster) {
    return cluster.kubectl(
        "get",
        "pods,roles,rolebindings,serviceaccounts",
        "--namespace=" + TestCluster.OPERATOR_NAMESPACE,
        "--field-selector=metadata.name=" + TEST_POD,
        "--output=name");
  }
}
