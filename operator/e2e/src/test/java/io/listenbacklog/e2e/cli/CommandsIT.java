package io.listenbacklog.e2e.cli;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code kubectl backlog} shows of a server that is held up while clients keep coming. */
@OnTestCluster
class CommandsIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Six wait at a backlog of 5, and two more try to get in. */
  private static final String HELD_UP =
      """
      import signal, socket
      server = socket.create_server(("0.0.0.0", 8080), backlog=5)
      clients = [socket.create_connection(("127.0.0.1", 8080)) for _ in range(6)]
      for _ in range(2):
          client = socket.socket()
          client.setblocking(False)
          client.connect_ex(("127.0.0.1", 8080))
          clients.append(client)
      signal.pause()
      """;

  @Test
  void anAdministratorSeesTheQueueAndIsToldTheNumberToAskFor(
      TestCluster cluster, TestNamespace namespace) {
    namespace.policy("seen", "{mode: Observe}");
    namespace.python("web", "", HELD_UP);

    eventually(
        () -> {
          var top = top(cluster.plugin("top", "--output=json", "-n", namespace.name()));
          assertThat(top.path("source").asText()).isEqualTo("probes");
          assertThat(top.path("items")).hasSize(1);
          var listener = top.path("items").get(0);
          assertThat(listener.path("pod").asText()).isEqualTo("web");
          assertThat(listener.path("address").asText()).isEqualTo("0.0.0.0:8080");
          assertThat(listener.path("queue").asInt()).isEqualTo(6);
          assertThat(listener.path("limit").asInt()).isEqualTo(5);
          assertThat(listener.path("peak").asInt()).isEqualTo(6);
          assertThat(listener.path("overflows").asInt()).isPositive();
          assertThat(listener.path("stalledSeconds").asDouble()).isPositive();
        });
    eventually(
        () ->
            assertThat(cluster.plugin("explain", "web", "-n", namespace.name()).succeed())
                .contains("BacklogPolicy %s/seen".formatted(namespace.name()), "0.0.0.0:8080")
                .containsPattern("AcceptStalled: .* accepted anything on 0.0.0.0:8080")
                .containsPattern("ListenOverflow: .* has dropped "));

    var policy = cluster.plugin("recommend", "-n", namespace.name()).succeed();
    assertThat(policy).contains("{port: 8080, minimum: 64}").containsPattern("# limit 5 now.*");
    namespace.apply(policy);
    namespace.awaitCondition("web", "Compliant", "False");
    System.out.println(policy);

    var doctor = cluster.plugin("doctor").succeed();
    for (String node : cluster.operator("probe").keySet()) {
      assertThat(doctor).containsPattern(node + " +Probe +True").containsPattern(node + " +Births");
    }
  }

  /** He may read neither NodeBacklogs nor the probes: his policies tell him of his own pods. */
  @Test
  void whoMayOnlyViewHisNamespaceSeesHisOwnPodsAndNoOthers(
      TestCluster cluster, TestNamespace namespace, @TempDir Path folder) throws IOException {
    namespace.policy("web", "{mode: Observe, minimum: 64}");
    namespace.python("web", "", HELD_UP);
    namespace.kubectl("create", "serviceaccount", "viewer");
    namespace.kubectl(
        "create",
        "rolebinding",
        "viewer",
        "--clusterrole=view",
        "--serviceaccount=" + namespace.name() + ":viewer");
    var viewer = folder.resolve("kubeconfig");
    Files.writeString(
        viewer,
        kubeconfigWith(
            Files.readString(cluster.kubeconfig()),
            namespace.kubectl("create", "token", "viewer").strip()));

    eventually(
        () -> {
          var top = top(as(viewer, cluster, "top", "--output=json", "-n", namespace.name()));
          assertThat(top.path("source").asText()).isEqualTo("policies");
          assertThat(top.path("items")).hasSize(1);
          assertThat(top.path("items").get(0).path("pod").asText()).isEqualTo("web");
          assertThat(top.path("items").get(0).path("limit").asInt()).isEqualTo(5);
        });
    // An overflow is told at once, a size only when the server has had time to set another.
    eventually(
        () ->
            assertThat(as(viewer, cluster, "explain", "web", "-n", namespace.name()).succeed())
                .contains(
                    "BacklogPolicy %s/web".formatted(namespace.name()), "request_queue_size"));
    var everywhere = as(viewer, cluster, "top", "--all-namespaces").run();
    assertThat(everywhere.exit()).as(everywhere.text()).isNotZero();
    assertThat(everywhere.errors()).contains("you lack the right to list nodebacklogs");
  }

  private static Command as(Path kubeconfig, TestCluster cluster, String... words) {
    return cluster.plugin(words).and(List.of("--kubeconfig=" + kubeconfig));
  }

  private static String kubeconfigWith(String administrators, String token) {
    var config = Serialization.unmarshal(administrators, Config.class);
    var user = config.getUsers().getFirst().getUser();
    user.setClientCertificate(null);
    user.setClientCertificateData(null);
    user.setClientKey(null);
    user.setClientKeyData(null);
    user.setToken(token);
    return Serialization.asYaml(config);
  }

  private static JsonNode top(Command command) throws JsonProcessingException {
    return JSON.readTree(command.succeed());
  }
}
