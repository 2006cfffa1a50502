package io.listenbacklog.e2e.remedy;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.NeedsTestNodes;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.Programs;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Whatever restarts: what a policy asks for holds afterwards, and can still be undone. */
@OnTestCluster
class RestartsIT {
  private static final String ENFORCE = "{mode: Enforce, minimum: 64}";

  @Test
  @NeedsTestNodes("kills the application from its node")
  void aRestartedApplicationIsRaisedAgain(TestNamespace namespace) {
    var pod = namespace.python("web", "", Programs.listen(8080));
    namespace.fulfilledPolicy("web", ENFORCE);
    var before = pod.listener(8080);

    pod.kill(8080);

    eventually(
        () -> {
          var after = pod.listener(8080);
          assertThat(after.inode()).isNotEqualTo(before.inode());
          assertThat(after.backlog()).isEqualTo(64);
        });
    namespace.kubectl("delete", "backlogpolicy", "web");
    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(5));
  }

  @Test
  @NeedsTestNodes("kills the probe from its node")
  void aKilledProbeContinuesAndCanStillUndo(TestCluster cluster, TestNamespace namespace) {
    var pod = namespace.python("web", "", Programs.listen(8080));
    namespace.fulfilledPolicy("web", ENFORCE);

    cluster.killProbe(pod.node());

    assertThat(pod.backlogs(8080)).as("a killed probe leaves what it did").containsExactly(64);
    var next = namespace.python("next", "", Programs.listen(8081));
    eventually(() -> assertThat(next.backlogs(8081)).containsExactly(64));
    namespace.awaitCondition("web", "Compliant", "True");
    namespace.kubectl("delete", "backlogpolicy", "web");
    eventually(
        () -> {
          assertThat(pod.backlogs(8080)).containsExactly(5);
          assertThat(next.backlogs(8081)).containsExactly(5);
        });
  }

  @Test
  void aReplacedProbeContinuesAndCanStillUndo(TestCluster cluster, TestNamespace namespace) {
    var pod = namespace.python("web", "", Programs.listen(8080));
    namespace.fulfilledPolicy("web", ENFORCE);
    var probe = Objects.requireNonNull(cluster.operator("probe").get(pod.node()));

    cluster.kubectl(
        "delete", "pod", "-n", TestCluster.OPERATOR_NAMESPACE, probe.getMetadata().getName());

    assertThat(pod.backlogs(8080))
        .as("a probe that is only replaced undoes nothing")
        .containsExactly(64);
    cluster.awaitOperator();
    namespace.awaitCondition("web", "Compliant", "True");
    assertThat(pod.backlogs(8080)).containsExactly(64);
    namespace.kubectl("delete", "backlogpolicy", "web");
    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(5));
  }

  @Test
  void aPolicyDeletedWhileItsProbeIsAwayIsStillUndone(
      TestCluster cluster, TestNamespace namespace) {
    var pod = namespace.python("web", "", Programs.listen(8080));
    namespace.fulfilledPolicy("web", ENFORCE);
    var probe = Objects.requireNonNull(cluster.operator("probe").get(pod.node()));

    cluster.kubectl(
        "delete",
        "pod",
        "--wait=false",
        "-n",
        TestCluster.OPERATOR_NAMESPACE,
        probe.getMetadata().getName());
    namespace.kubectl("delete", "backlogpolicy", "web");

    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(5));
    eventually(() -> assertThat(namespace.reasons(pod)).contains("BacklogRestored"));
    cluster.awaitOperator();
  }

  @Test
  void aRestartedControllerRepeatsNoEvent(TestCluster cluster, TestNamespace namespace) {
    var pod = namespace.python("web", "", Programs.listen(8080));
    namespace.policy("web", "{mode: Observe, minimum: 64}");
    eventually(() -> assertThat(namespace.reasons(pod)).containsExactly("BacklogTooSmall"));
    namespace.fulfilledPolicy("web", ENFORCE);
    eventually(() -> assertThat(namespace.reasons(pod)).contains("BacklogRaised"));
    var before = namespace.eventVersions(pod);

    cluster.replaceController();

    // A second pod's Event shows that the new controller has caught up.
    var next = namespace.python("next", "", Programs.listen(8081));
    eventually(() -> assertThat(namespace.reasons(next)).contains("BacklogRaised"));
    assertThat(namespace.eventVersions(pod)).isEqualTo(before);
    assertThat(pod.backlogs(8080)).containsExactly(64);
  }

  @Test
  @NeedsTestNodes("kills kube-apiserver")
  void withTheApiServerGoneForAMinuteRemediesGoOn(TestCluster cluster, TestNamespace namespace) {
    var pod = namespace.python("web", "", Programs.listen(8080));
    namespace.fulfilledPolicy("web", ENFORCE);
    var gone = Instant.now();
    Command.of("kill", "-KILL", Long.toString(cluster.process("kube-apiserver"))).succeed();
    try {
      eventually(
          () -> assertThat(cluster.kubectlCommand("get", "nodes").run().succeeded()).isFalse());
      var before = pod.listener(8080);

      pod.kill(8080); // the kubelet restarts it without any API server

      eventually(
          () -> {
            var after = pod.listener(8080);
            assertThat(after.inode()).isNotEqualTo(before.inode());
            assertThat(after.backlog()).isEqualTo(64);
          });
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> Duration.between(gone, Instant.now()).compareTo(Duration.ofMinutes(1)) > 0);
      assertThat(pod.backlogs(8080)).containsExactly(64);
    } finally {
      TestCluster.cluster("up").succeed();
    }
    var next = namespace.python("next", "", Programs.listen(8081));
    cluster.awaitOperator();
    eventually(() -> assertThat(next.backlogs(8081)).containsExactly(64));
    // After 40 s without a heartbeat Kubernetes marks the node lost and its pods not ready, until
    // the next heartbeat: at times more than a minute.
    await()
        .atMost(Duration.ofMinutes(4))
        .until(() -> namespace.condition("web", "Observed").startsWith("True"));
    namespace.awaitCondition("web", "Compliant", "True");
    namespace.kubectl("delete", "backlogpolicy", "web");
    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(5));
  }

  @Test
  void aNodeBacklogDeletedByHandComesBackAndNothingIsUndoneByIt(
      TestCluster cluster, TestNamespace namespace) {
    var pod = namespace.python("web", "", Programs.listen(8080));
    namespace.fulfilledPolicy("web", ENFORCE);
    var uid = nodeBacklog(cluster, pod.node(), "{.metadata.uid}");

    cluster.kubectl("delete", "nodebacklog", pod.node());

    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              assertThat(pod.backlogs(8080)).as("never undone").containsExactly(64);
              var now = nodeBacklog(cluster, pod.node(), "{.metadata.uid}");
              return !now.isEmpty() && !now.equals(uid);
            });
    namespace.awaitCondition("web", "Compliant", "True");
    eventually(
        () ->
            assertThat(
                    nodeBacklog(
                        cluster,
                        pod.node(),
                        "{.status.listeners[?(@.address==\"0.0.0.0:8080\")].remedy.original}"))
                .isEqualTo("5"));
    assertThat(pod.backlogs(8080)).containsExactly(64);
    namespace.kubectl("delete", "backlogpolicy", "web");
    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(5));
  }

  @Test
  void aDeletedDefinitionThatComesBackIsUsedAgain(TestCluster cluster, TestNamespace namespace) {
    var pod = namespace.python("web", "", Programs.listen(8080));
    namespace.fulfilledPolicy("web", ENFORCE);

    cluster.kubectl("delete", "crd", "nodebacklogs.listenbacklog.io", "--timeout=60s");
    assertThat(pod.backlogs(8080)).containsExactly(64);
    cluster.kubectl(
        "apply", "--server-side", "-f", TestCluster.sources().resolve("crds").toString());

    eventually(() -> assertThat(nodeBacklog(cluster, pod.node(), "{.metadata.name}")).isNotEmpty());
    var next = namespace.python("next", "", Programs.listen(8081));
    eventually(() -> assertThat(next.backlogs(8081)).containsExactly(64));
    assertThat(pod.backlogs(8080)).containsExactly(64);
    namespace.awaitCondition("web", "Compliant", "True");
    namespace.kubectl("delete", "backlogpolicy", "web");
    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(5));
  }

  /** Empty while none exists. */
  private static String nodeBacklog(TestCluster cluster, String node, String jsonpath) {
    var result =
        cluster
            .kubectlCommand(
                "get", "nodebacklog", node, "--ignore-not-found", "-o", "jsonpath=" + jsonpath)
            .run();
    return result.succeeded() ? result.output() : "";
  }
}
