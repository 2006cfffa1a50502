package io.listenbacklog.e2e.remedy;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.NeedsTestNodes;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.Programs;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * A pod without an Enforce requirement is never touched, whatever its neighbours on the node need.
 */
@OnTestCluster
@NeedsTestNodes("compares with listeners of this machine")
class NeverTouchedIT {
  @Test
  void onlyGovernedListenersChangeAmongEveryKindOfListenerOnANode(
      TestCluster cluster, TestNamespace namespace) throws IOException {
    var governed = zoo(namespace, "governed", "needs: backlog", "", false, 8000);
    var hostGoverned = zoo(namespace, "host-governed", "needs: backlog", "", true, 18000);
    var observed =
        zoo(namespace, "observed", "needs: backlog", "listenbacklog.io/mode: Observe", false, 8000);
    var stranger = zoo(namespace, "stranger", "needs: nothing", "", false, 8000);
    var hostStranger = zoo(namespace, "host-stranger", "needs: nothing", "", true, 18100);
    var pair = twoContainers(namespace);
    var mine = inRange(18000);
    var untouched = List.of(observed, stranger);
    var before = untouched.stream().map(TestPod::listeners).toList();
    var nodeBefore = hostStranger.listeners().stream().filter(mine.negate()).toList();
    assertThat(nodeBefore).filteredOn(inRange(18100)).hasSize(Programs.ZOO);

    try (var machines = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      for (var minimum : List.of(64, 128)) {
        namespace.policy(
            "zoo",
            "{mode: Enforce, minimum: %d, ports: [{port: 8000, exempt: true}, {port: 8500, exempt: true}], selector: {matchLabels: {needs: backlog}}}"
                .formatted(minimum));

        eventually(
            () -> {
              assertThat(governed.listeners())
                  .hasSize(Programs.ZOO)
                  .filteredOn(s -> !s.local().endsWith(":8000"))
                  .allMatch(s -> s.backlog() == minimum);
              assertThat(hostGoverned.listeners())
                  .filteredOn(mine)
                  .hasSize(Programs.ZOO)
                  .allMatch(s -> s.backlog() == minimum);
              assertThat(pair.backlogs(8501)).containsExactly(minimum);
            });
        // The pod that is only observed keeps the policy from being Compliant, and nothing else.
        namespace.awaitCondition("zoo", "Compliant", "False ListenersUndersized 9 of \\d+");
        assertThat(governed.backlogs(8000)).as("the exempt port").containsExactly(5);
        assertThat(pair.backlogs(8500))
            .as("the exempt port of the other container")
            .containsExactly(5);
        assertThat(untouched.stream().map(TestPod::listeners).toList()).isEqualTo(before);
        assertThat(hostStranger.listeners().stream().filter(mine.negate()).toList())
            .as("all of the node's but those of the governed hostNetwork pod")
            .usingRecursiveFieldByFieldElementComparatorIgnoringFields("queue")
            .containsExactlyInAnyOrderElementsOf(nodeBefore);
        assertThat(Command.of("ss", "-Hltn", "sport = :" + machines.getLocalPort()).succeed())
            .as("a listener of this machine, in no pod")
            .matches("(?s)LISTEN\\s+0\\s+5\\s.*");
      }
    }
    assertThat(namespace.reasons(stranger)).isEmpty();
    assertThat(namespace.reasons(observed)).containsOnly("BacklogTooSmall");
  }

  private static Predicate<TestPod.Socket> inRange(int base) {
    return s -> {
      var port = Integer.parseInt(s.local().substring(s.local().lastIndexOf(':') + 1));
      return port >= base && port < base + 100;
    };
  }

  private static TestPod zoo(
      TestNamespace namespace,
      String name,
      String label,
      String annotation,
      boolean hostNetwork,
      int base) {
    namespace.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          labels: {%s}
          annotations: {%s}
        spec:
          nodeName: node-1
          hostNetwork: %s
          terminationGracePeriodSeconds: 0
          containers:
          - name: zoo
            image: %s
            command: [python3, -u, -c]
            args:
            - |
        %s
        """
            .formatted(
                name,
                label,
                annotation,
                hostNetwork,
                TestCluster.PYTHON,
                Programs.zoo(base).indent(6)));
    var pod = namespace.pod(name);
    eventually(() -> assertThat(pod.listeners()).filteredOn(inRange(base)).hasSize(Programs.ZOO));
    return pod;
  }

  private static TestPod twoContainers(TestNamespace namespace) {
    namespace.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: pair, labels: {needs: backlog}}
        spec:
          nodeName: node-1
          terminationGracePeriodSeconds: 0
          containers:
          - {name: one, image: %s, command: [python3, -c], args: ['import socket; socket.create_server(("", 8500), backlog=5).accept()']}
          - {name: two, image: %s, command: [python3, -c], args: ['import socket; socket.create_server(("", 8501), backlog=5).accept()']}
        """
            .formatted(TestCluster.PYTHON, TestCluster.PYTHON));
    var pod = namespace.pod("pair");
    eventually(() -> assertThat(pod.listeners()).hasSize(2));
    return pod;
  }
}
