package io.listenbacklog.e2e.remedy;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.e2e.harness.NeedsTestNodes;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.Programs;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import org.junit.jupiter.api.Test;

/** Pods that come after the policy have enough from their start. */
@OnTestCluster
@NeedsTestNodes("expects pods on node-1 and node-2")
class NewPodsIT {
  @Test
  void listenersOfNewPodsAreRaisedOnBothNodes(TestNamespace namespace) {
    namespace.policy("new", "{mode: Enforce, minimum: 64}");
    namespace.awaitCondition("new", "Accepted", "(True|False)");

    namespace.apply(
        """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: new}
        spec:
          selector: {matchLabels: {app: new}}
          template:
            metadata: {labels: {app: new}}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: main
                image: %s
                command: [python3, -c]
                args: ['import socket; socket.create_server(("", 8080), backlog=5).accept()']
        """
            .formatted(TestCluster.PYTHON));

    var pods = namespace.pods("app=new", 2);
    assertThat(pods).extracting(TestPod::node).containsExactlyInAnyOrder("node-1", "node-2");
    eventually(
        () ->
            assertThat(pods).allSatisfy(pod -> assertThat(pod.backlogs(8080)).containsExactly(64)));
    eventually(
        () ->
            assertThat(pods)
                .allSatisfy(pod -> assertThat(namespace.reasons(pod)).contains("BacklogRaised")));
    namespace.awaitCondition("new", "Compliant", "True");
    namespace.awaitCondition("new", "Observed", "True");
    assertThat(namespace.kubectl("get", "backlogpolicy", "new", "-o", "jsonpath={.status.pods}"))
        .isEqualTo("2");
  }

  @Test
  void anApplicationThatAsksForTheMaximumGetsTheRaisedSomaxconnByItself(TestNamespace namespace) {
    namespace.clusterPolicy("mode: Enforce, minimum: 8192, remedies: [Sysctl]");
    namespace.awaitClusterCondition("Accepted", "(True|False)");

    // Like a server that reads its configuration first: what listens at once may be faster than us.
    var pod =
        namespace.python(
            "greedy", "", "import time; time.sleep(1)\n" + Programs.listen(8080, 65535));

    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(8192));
    assertThat(pod.sysctl("net.core.somaxconn")).isEqualTo(8192);
    eventually(() -> assertThat(namespace.reasons(pod)).containsExactly("SomaxconnRaised"));
    namespace.awaitClusterCondition("Compliant", "True");
    namespace.kubectl("delete", "clusterbacklogpolicy", namespace.name());
  }

  @Test
  void aListenerThatSomaxconnCapsGetsBothRemedies(TestNamespace namespace) {
    var pod = namespace.python("capped", "", Programs.listen(8080, 65535));
    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(4096));

    namespace.clusterPolicy("mode: Enforce, minimum: 8192");
    namespace.awaitClusterCondition("Compliant", "True");
    assertThat(pod.backlogs(8080)).containsExactly(8192);
    assertThat(pod.sysctl("net.core.somaxconn")).isEqualTo(8192);
    eventually(
        () -> assertThat(namespace.reasons(pod)).contains("BacklogRaised", "SomaxconnRaised"));

    namespace.kubectl("delete", "clusterbacklogpolicy", namespace.name());
    eventually(
        () -> {
          assertThat(pod.backlogs(8080)).containsExactly(4096);
          assertThat(pod.sysctl("net.core.somaxconn")).isEqualTo(4096);
        });
  }
}
