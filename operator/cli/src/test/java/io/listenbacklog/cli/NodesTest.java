package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One NodeBacklog that makes no sense, or a newer version's, costs nobody the answer of others. */
class NodesTest {
  private static final ReadyProbes ALL_READY =
      new ReadyProbes.Known(Set.of("good", "odd", "odder", "newer", "n"), Map.of());

  private final KubernetesMockServer server = new KubernetesMockServer(false);

  @BeforeEach
  void start() {
    server.init();
  }

  @AfterEach
  void stop() {
    server.destroy();
  }

  private static String node(String name, String mode, String status) {
    return """
        {"apiVersion": "listenbacklog.io/v1alpha1", "kind": "NodeBacklog",
         "metadata": {"name": "%s", "generation": 1},
         "spec": {"requirements": [%s]}, "status": %s}
        """
        .formatted(name, requirement(mode, name), status);
  }

  private static String requirement(String mode, String node) {
    return """
        {"policy": {"kind": "BacklogPolicy", "namespace": "shop", "name": "all", "uid": "p1", "generation": 1},
         "mode": "%s", "minimum": 64, "remedies": ["Sysctl"], "onDelete": "Restore",
         "pods": [{"uid": "u-%s", "namespace": "shop", "name": "web-%s"}]}
        """
        .formatted(mode, node, node);
  }

  private Nodes read(String... nodes) {
    server
        .expect()
        .get()
        .withPath("/apis/listenbacklog.io/v1alpha1/nodebacklogs")
        .andReturn(
            200,
            """
            {"apiVersion": "listenbacklog.io/v1alpha1", "kind": "NodeBacklogList", "metadata": {},
             "items": [%s]}
            """
                .formatted(String.join(",", nodes)))
        .always();
    try (var client = server.createClient()) {
      return Nodes.read(client);
    }
  }

  @Test
  void whatCannotBeReadOfOneIsToldAndTheOthersAreRead() {
    var nodes =
        read(
            node("good", "Enforce", "{\"observedGeneration\": 1}"),
            node("odd", "Enforce", "{\"observedGeneration\": 99999999999999999999}"),
            node(
                "odder",
                "Enforce",
                "{\"restorations\": [{\"at\": \"2026-11-22T10:00:00+99:99\"}]}"),
            node("newer", "Persuade", "{\"observedGeneration\": 1}"));

    assertThat(nodes.all()).hasSize(4);
    assertThat(nodes.unreadable()).containsOnlyKeys("odd", "odder", "newer");
    assertThat(nodes.unreadable().get("odd")).startsWith("its status cannot be read: ");
    assertThat(Doctor.table(nodes, ALL_READY).toString())
        .contains("good", "UpToDate")
        .containsPattern("odd +Probe +Unknown +Unreadable +its status cannot be read");
    assertThat(explain(nodes, "web-good")).contains("Pod shop/web-good on node good");
    assertThat(explain(nodes, "web-odd"))
        .contains("Pod shop/web-odd on node odd")
        .contains("Of the node its status cannot be read: ")
        .doesNotContain("None of its listeners");
    assertThat(explain(nodes, "web-newer"))
        .startsWith("No requirement holds for pod shop/web-newer")
        .contains("Of node newer ");
  }

  private static String explain(Nodes nodes, String pod) {
    return PodRequirement.find("shop", pod, nodes.all())
        .map(
            holding ->
                Explain.report(
                    holding,
                    List.of(),
                    Optional.ofNullable(holding.node().getStatus())
                        .map(status -> PodFindings.of(holding.pod(), status, false))
                        .orElse(List.of()),
                    nodes.unreadable(),
                    ALL_READY,
                    new OutputOptions()))
        .orElseGet(() -> Explain.nothingHolds("shop", pod, List.of(), nodes.unreadable()));
  }

  @Test
  void whatAStrangerWroteSteersNoTerminal() {
    var nodes =
        read(
            node(
                "n",
                "Enforce",
                """
                {"observedGeneration": 1,
                 "capabilities": [{"type": "Births", "status": "False", "reason": "X",
                   "lastTransitionTime": "2026-11-22T10:00:00Z",
                   "message": "\\u001b[2J\\u001b]0;owned\\u0007no\\nnode-1   Births   True"}],
                 "listeners": [{"pod": {"uid": "u-n", "namespace": "shop", "name": "web-n"},
                   "container": "c", "process": "\\u202eevil\\u001b[31m", "pid": 1,
                   "address": "0.0.0.0:80", "networkNamespace": 1, "inode": 1, "cookie": "1",
                   "backlog": 5, "requested": 5, "required": 64, "somaxconn": 4096,
                   "verdict": "UndersizedByApplication", "since": "2026-11-22T10:00:00Z"}]}
                """));

    var shown =
        BacklogCommand.shown(Doctor.table(nodes, ALL_READY).toString() + explain(nodes, "web-n"));

    assertThat(shown).doesNotContainPattern("[\\x00-\\x09\\x0b-\\x1f\\u202e]");
    assertThat(shown.lines().filter(line -> line.startsWith("node-1"))).isEmpty();
    assertThat(shown).contains("0.0.0.0:80", "?[31m (pid 1)");
  }
}
