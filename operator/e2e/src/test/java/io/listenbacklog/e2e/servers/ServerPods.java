package io.listenbacklog.e2e.servers;

import static org.awaitility.Awaitility.await;

import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Servers in pods of a namespace, and what the operator says of them. */
final class ServerPods {
  /** All of them start at once, some from much Python that is not compiled yet. */
  private static final Duration START = Duration.ofMinutes(4);

  private final TestCluster cluster;
  private final TestNamespace namespace;

  ServerPods(TestCluster cluster, TestNamespace namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** Starts them, and waits until each answers. */
  List<RunningServer> start(List<Server> servers) {
    cluster.load(Server.IMAGE);
    namespace.kubectl(
        "create",
        "configmap",
        "servers",
        "--from-file=" + TestCluster.sources().resolve("operator/e2e/src/test/resources/servers"));
    var manifests = new StringBuilder();
    for (var server : servers) {
      manifests.append(RunningServer.manifest(server, TestCluster.PYTHON));
    }
    namespace.apply(manifests.toString());
    var running =
        servers.stream()
            .map(server -> new RunningServer(server, namespace.pod(server.name()), namespace))
            .toList();
    for (var server : running) await().atMost(START).untilAsserted(server::ask);
    return running;
  }

  /** A ClusterBacklogPolicy for this namespace: only those may ask for more than 4096. */
  void policy(String mode, int minimum) {
    cluster
        .kubectlCommand("apply", "-f", "-")
        .reading(
            """
            apiVersion: listenbacklog.io/v1alpha1
            kind: ClusterBacklogPolicy
            metadata: {name: %s}
            spec:
              mode: %s
              minimum: %d
              namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
            """
                .formatted(namespace.name(), mode, minimum, namespace.name()))
        .succeed();
  }

  void deletePolicy() {
    cluster.kubectl("delete", "clusterbacklogpolicy", namespace.name(), "--ignore-not-found");
  }

  /** What the probe says of a pod's listeners now. */
  List<NodeListener> reported(TestPod pod) {
    return reported(pod.node()).stream()
        .filter(each -> each.pod().uid().equals(pod.uid()))
        .toList();
  }

  /** What the probe of a node says of the listeners of this namespace now. */
  List<NodeListener> reported(String node) {
    var found = cluster.client().resources(NodeBacklog.class).withName(node).get();
    var status = Objects.requireNonNull(found, node).getStatus();
    return status == null
        ? List.of()
        : status.listeners().stream()
            .filter(each -> each.pod().namespace().equals(namespace.name()))
            .toList();
  }
}
