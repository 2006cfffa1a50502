package io.listenbacklog.e2e.nodes;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.e2e.harness.NeedsTestNodes;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A pod whose sockets are in a kernel of its own, gVisor's: with {@code -Dgvisor}, for that has to
 * be built first.
 */
@OnTestCluster
@NeedsTestNodes("puts another runtime on them")
@Tag("gvisor")
class GvisorIT {
  @Test
  void whatListensInGvisorIsToldAsOutOfSight(TestCluster cluster, TestNamespace namespace) {
    TestCluster.cluster("gvisor").within(Duration.ofMinutes(20)).succeed();
    cluster
        .kubectlCommand("apply", "-f", "-")
        .reading(
            "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: runsc}, handler: runsc}")
        .succeed();
    namespace.policy("all", "{mode: Enforce, minimum: 64}");
    namespace.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: sandboxed}
        spec:
          runtimeClassName: runsc
          terminationGracePeriodSeconds: 0
          containers:
          - name: main
            image: %s
            command: [python3, -c]
            args:
            - |
              import socket
              server = socket.create_server(("", 8080), backlog=5)
              while True: server.accept()[0].close()
            readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1, failureThreshold: 60}
        """
            .formatted(TestCluster.PYTHON));

    var pod = namespace.pod("sandboxed");
    assertThat(pod.listeners()).as("seen from the node").isEmpty();
    namespace.awaitCondition("all", "Observed", "False");
    assertThat(
            namespace.kubectl(
                "get", "backlogpolicy", "all", "-o", "jsonpath={.status.listeners.unobservable}"))
        .isEqualTo("1");
    eventually(
        () ->
            assertThat(
                    cluster.kubectl(
                        "get",
                        "nodebacklog",
                        pod.node(),
                        "-o",
                        "jsonpath={.status.capabilities[?(@.type==\"Visibility\")].message}"))
                .contains(
                    namespace.name()
                        + "/sandboxed: its processes on the node are those of a sandbox (runsc)"));
    assertThat(namespace.reasons(pod)).doesNotContain("BacklogRaised", "BacklogTooSmall");
  }

  @AfterEach
  void removeRuntime(TestCluster cluster) {
    cluster.kubectl("delete", "runtimeclass", "runsc", "--ignore-not-found");
  }
}
