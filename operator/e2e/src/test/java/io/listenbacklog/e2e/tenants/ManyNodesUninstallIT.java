package io.listenbacklog.e2e.tenants;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.Programs;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Uninstalls from 500 nodes with 80 raised listeners each, in bounded memory. */
@OnTestCluster
class ManyNodesUninstallIT {
  private static final int NODES = 500;
  private static final int LISTENERS = 80;

  @AfterEach
  void bringBack(TestCluster cluster) {
    cluster.installOperator();
  }

  @Test
  void fiveHundredNodesAreEmptiedAndRemoved(TestCluster cluster, TestNamespace namespace) {
    var pod = namespace.python("web", "", Programs.listen(8080));
    namespace.fulfilledPolicy("web", "{mode: Enforce, minimum: 64}");
    // No probe runs on the other nodes: the Job must not wait long for them.
    cluster.installOperator(List.of("uninstall.timeoutSeconds=60"));
    for (int from = 0; from < NODES; from += 50) {
      apply(cluster, list(from, 50, ManyNodesUninstallIT::backlog));
      status(cluster, list(from, 50, ManyNodesUninstallIT::statusOf));
    }
    assertThat(cluster.kubectl("get", "nodebacklogs", "--output=name").lines().count())
        .isGreaterThanOrEqualTo(NODES);

    cluster
        .helm("uninstall", TestCluster.RELEASE)
        .and(List.of("--namespace", TestCluster.OPERATOR_NAMESPACE, "--wait", "--timeout=5m"))
        .within(Duration.ofMinutes(6))
        .succeed();

    assertThat(cluster.kubectl("get", "nodebacklogs", "--output=name")).isEmpty();
    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(5));
  }

  private interface Item {
    String of(int node);
  }

  private static String list(int from, int count, Item item) {
    return IntStream.range(from, from + count)
        .mapToObj(item::of)
        .collect(
            Collectors.joining(",", "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[", "]}"));
  }

  private static String backlog(int node) {
    return """
    {"apiVersion":"listenbacklog.io/v1alpha1","kind":"NodeBacklog","metadata":{"name":"fake-%d"},
     "spec":{"requirements":[]}}"""
        .formatted(node);
  }

  private static String statusOf(int node) {
    String listeners =
        IntStream.range(0, LISTENERS)
            .mapToObj(
                i ->
                    """
                    {"pod":{"uid":"6f1c2b1e-9a3d-4c5e-8f70-0123456789ab","namespace":"shop","name":"api-%d"},
                     "container":"api","process":"python3","pid":%d,"address":"0.0.0.0:%d","inode":%d,"cookie":"%x",
                     "networkNamespace":4026531840,"verdict":"Sufficient","backlog":64,"requested":5,"required":64,"somaxconn":4096,
                     "since":"2026-11-28T09:00:00Z",
                     "remedy":{"original":5,"applied":64,"at":"2026-11-28T09:00:00Z","onDelete":"Restore"}}"""
                        .formatted(i, 1000 + i, 10_000 + i, 70_000 + i, 90_000 + i))
            .collect(Collectors.joining(","));
    return """
    {"apiVersion":"listenbacklog.io/v1alpha1","kind":"NodeBacklog","metadata":{"name":"fake-%d"},
     "status":{"observedGeneration":1,"bootId":"fake","listeners":[%s]}}"""
        .formatted(node, listeners);
  }

  private static void apply(TestCluster cluster, String items) {
    cluster
        .kubectlCommand("apply", "--server-side", "--filename", "-")
        .reading(items)
        .within(Duration.ofMinutes(3))
        .succeed();
  }

  private static void status(TestCluster cluster, String items) {
    cluster
        .kubectlCommand("apply", "--server-side", "--subresource=status", "--validate=false")
        .and(List.of("--force-conflicts", "--filename", "-"))
        .reading(items)
        .within(Duration.ofMinutes(3))
        .succeed();
  }
}
