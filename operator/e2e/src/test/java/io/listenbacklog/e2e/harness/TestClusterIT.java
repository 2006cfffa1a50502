package io.listenbacklog.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The harness itself: what it reports of a pod is what the pod has. */
@OnTestCluster(operator = false)
class TestClusterIT {
  @Test
  void aPodsListenersAreSeenFromOutside(TestCluster cluster, TestNamespace namespace) {
    var pod =
        namespace.python(
            "listens",
            "",
            """
            import socket
            four = socket.create_server(("0.0.0.0", 8001), backlog=7)
            six = socket.create_server(("::", 8002), family=socket.AF_INET6, dualstack_ipv6=True, backlog=9)
            four.accept()
            """);

    TestNamespace.eventually(() -> assertThat(pod.listeners()).hasSize(2));
    assertThat(pod.backlogs(8001)).containsExactly(7);
    assertThat(pod.backlogs(8002)).containsExactly(9);
    assertThat(pod.listener(8001).pids()).hasSize(1);
    assertThat(pod.listener(8001).inode()).isPositive();
    assertThat(pod.sysctl("net.core.somaxconn")).isEqualTo(4096);
    assertThat(cluster.client().nodes().withName(pod.node()).get()).isNotNull();
  }
}
