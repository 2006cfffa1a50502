package io.listenbacklog.e2e.chart;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Upgrade, uninstall and reinstall of the chart while remedies are in force. */
@OnTestCluster
class LifecycleIT {
  private static final String LISTENS_WITH_5 =
      """
      import socket, threading
      server = socket.create_server(("0.0.0.0", 9876), backlog=5)
      threading.Event().wait()
      """;

  @AfterEach
  void bringBack(TestCluster cluster) {
    cluster.installOperator();
  }

  @Test
  void anUpgradeWithOtherValuesLeavesRemediesInForce(TestCluster cluster, TestNamespace namespace) {
    TestPod pod = raised(namespace, "served", "Restore");

    upgrade(cluster, "--set=controller.replicas=2,probe.podAnnotations.changed=yes");

    assertThat(pod.backlogs(9876)).containsExactly(64);
    assertThat(
            cluster.kubectl(
                "get", "pods", "--namespace", TestCluster.OPERATOR_NAMESPACE, "--output=name"))
        .contains("-controller-")
        .hasLineCount(4);
    // The new probes undo what the old ones did, so they have read the journal.
    namespace.kubectl("delete", "backlogpolicy", "served");
    eventually(() -> assertThat(pod.backlogs(9876)).containsExactly(5));
  }

  @Test
  void anUninstallTakesRemediesBackFirstAndLeavesPoliciesAndCrds(
      TestCluster cluster, TestNamespace namespace) {
    TestPod restored = raised(namespace, "restored", "Restore");
    TestPod kept = raised(namespace, "kept", "Keep");

    uninstall(cluster);

    assertThat(restored.backlogs(9876)).containsExactly(5);
    assertThat(kept.backlogs(9876)).containsExactly(64);
    assertThat(cluster.kubectl("get", "nodebacklogs", "--output=name")).isEmpty();
    assertThat(namespace.kubectl("get", "backlogpolicies", "--output=name"))
        .contains("/restored", "/kept");
    assertThat(cluster.kubectl("get", "customresourcedefinitions", "--output=name"))
        .contains("backlogpolicies", "clusterbacklogpolicies", "nodebacklogs");
    assertThat(leftOver(cluster)).isEmpty();

    cluster.installOperator();
    eventually(() -> assertThat(restored.backlogs(9876)).containsExactly(64));
  }

  @Test
  void anUninstallWithoutRestoreTouchesNoProcess(TestCluster cluster, TestNamespace namespace) {
    TestPod pod = raised(namespace, "left", "Restore");
    upgrade(cluster, "--set=uninstall.restore=false");

    uninstall(cluster);

    assertThat(pod.backlogs(9876)).containsExactly(64);
    assertThat(leftOver(cluster)).isEmpty();
  }

  @Test
  void crdsThatKubectlAppliedAreNoObstacleToAnInstallation(TestCluster cluster) {
    uninstall(cluster);
    cluster.kubectl(
        "apply",
        "--server-side",
        "--force-conflicts",
        "--filename=" + TestCluster.sources().resolve("crds"));

    cluster.installOperator();
  }

  /** A pod whose listener asked for 5 and has 64, by a policy of the same name. */
  private static TestPod raised(TestNamespace namespace, String name, String onDelete) {
    TestPod pod = namespace.python(name, "", LISTENS_WITH_5);
    namespace.apply(
        """
        apiVersion: listenbacklog.io/v1alpha1
        kind: BacklogPolicy
        metadata: {name: %s}
        spec:
          mode: Enforce
          selector: {matchLabels: {app: %s}}
          minimum: 64
          onDelete: %s
        """
            .formatted(name, name, onDelete));
    eventually(() -> assertThat(pod.backlogs(9876)).containsExactly(64));
    return pod;
  }

  private static void upgrade(TestCluster cluster, String values) {
    cluster
        .helm("upgrade", TestCluster.RELEASE, TestCluster.chart().toString())
        .and(inItsNamespace())
        .and(cluster.imageValues())
        .and(List.of("--reset-values", values, "--wait", "--timeout=3m"))
        .within(Duration.ofMinutes(4))
        .succeed();
  }

  private static void uninstall(TestCluster cluster) {
    cluster
        .helm("uninstall", TestCluster.RELEASE)
        .and(inItsNamespace())
        .and(List.of("--wait", "--timeout=3m"))
        .within(Duration.ofMinutes(4))
        .succeed();
  }

  private static List<String> inItsNamespace() {
    return List.of("--namespace", TestCluster.OPERATOR_NAMESPACE);
  }

  /** All objects with the release's label. */
  private static String leftOver(TestCluster cluster) {
    return cluster.kubectl(
        "get",
        "deployments,daemonsets,jobs,serviceaccounts,roles,rolebindings,clusterroles,clusterrolebindings,"
            + "validatingadmissionpolicies,validatingadmissionpolicybindings",
        "--all-namespaces",
        "--selector=app.kubernetes.io/instance=" + TestCluster.RELEASE,
        "--output=name");
  }
}
