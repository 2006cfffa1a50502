package io.listenbacklog.e2e.symptom;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.Programs;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people read of a server that has stopped accepting, and of many pods at once. */
@OnTestCluster
class SymptomsIT {

  /** Its one thread reads from a client that sends nothing, while three others wait. */
  private static final String STALLED =
      """
      import socket
      server = socket.create_server(("0.0.0.0", 8080), backlog=5)
      clients = [socket.create_connection(("127.0.0.1", 8080)) for _ in range(4)]
      for client in clients[1:]:
          client.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
      server.accept()[0].recv(4096)
      """;

  @Test
  void aStalledServerIsOneEventThatSaysWhyAndNoNewControllerRepeatsIt(
      TestCluster cluster, TestNamespace namespace) {
    namespace.policy("web", "{mode: Observe, minimum: 5}");
    var pod = namespace.python("web", "", STALLED);

    eventually(() -> assertThat(namespace.reasons(pod)).contains("AcceptStalled"));
    assertThat(stalls(namespace, pod).getFirst().getNote())
        .startsWith("Container main (python3, pid ")
        .contains(
            " stopped accepting on 0.0.0.0:8080 ",
            "3 connections wait (18 bytes unread in the oldest)",
            " waits in recvfrom for 127.0.0.1:",
            ", which has sent nothing for ",
            "A larger backlog delays this; it does not cure it: serve requests in threads");
    namespace.awaitCondition("web", "Compliant", "True");
    namespace.awaitCondition("web", "Healthy", "False");
    assertThat(namespace.condition("web", "Healthy")).startsWith("False Stalled ");
    await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(stalls(namespace, pod).getFirst().getSeries()).isNotNull());
    var before = stalls(namespace, pod);
    System.out.println(namespace.kubectl("describe", "pod", "web"));
    System.out.println(namespace.kubectl("get", "backlogpolicies"));
    System.out.println(namespace.kubectl("describe", "backlogpolicy", "web"));

    cluster.replaceController();

    // A second pod's Event shows that the new controller has caught up.
    var next = namespace.python("next", "", STALLED);
    eventually(() -> assertThat(namespace.reasons(next)).contains("AcceptStalled"));
    assertThat(stalls(namespace, pod))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getMetadata().getUid())
                  .isEqualTo(before.getFirst().getMetadata().getUid());
              assertThat(event.getSeries().getCount())
                  .isGreaterThanOrEqualTo(before.getFirst().getSeries().getCount());
            });
  }

  @Test
  void ofManyPodsThatAreAlikeTenGetAnEventAndThePolicyCountsTheOthers(
      TestCluster cluster, TestNamespace namespace) {
    namespace.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: many}
        spec:
          replicas: 13
          selector: {matchLabels: {app: many}}
          template:
            metadata: {labels: {app: many}}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: main
                image: %s
                command: [python3, -u, -c]
                args:
                - |
        %s
        """
            .formatted(TestCluster.PYTHON, Programs.listen(8080).indent(10)));
    namespace.pods("app=many", 13);

    namespace.policy("web", "{mode: Observe, minimum: 64}");

    eventually(
        () ->
            assertThat(about(cluster, namespace, "BacklogPolicy"))
                .singleElement()
                .satisfies(
                    event -> {
                      assertThat(event.getReason()).isEqualTo("BacklogTooSmall");
                      assertThat(event.getNote()).contains("status.worst");
                    }));
    assertThat(about(cluster, namespace, "Pod")).hasSizeBetween(10, 13);
    System.out.println(namespace.kubectl("describe", "backlogpolicy", "web"));
  }

  private static List<Event> stalls(TestNamespace namespace, TestPod pod) {
    return namespace.events(pod).stream()
        .filter(event -> event.getReason().equals("AcceptStalled"))
        .toList();
  }

  private static List<Event> about(TestCluster cluster, TestNamespace namespace, String kind) {
    return cluster
        .client()
        .events()
        .v1()
        .events()
        .inNamespace(namespace.name())
        .list()
        .getItems()
        .stream()
        .filter(event -> "listenbacklog.io".equals(event.getReportingController()))
        .filter(event -> event.getRegarding().getKind().equals(kind))
        .toList();
  }
}
