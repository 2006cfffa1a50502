package io.listenbacklog.e2e.servers;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.Programs;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Real servers are found, raised while they run, and go on serving; {@code -Dservers=write} writes
 * what was seen into docs/servers.md.
 */
@OnTestCluster
class RealServersIT {
  /** Above somaxconn, so that servers that ask for the maximum are raised too. */
  private static final int WANTED = 8192;

  private static final List<String> NODES = List.of("node-1", "node-2");

  /** Sweeps of a restarted probe, until it has seen all that it will see. */
  private static final int SWEEPS = 5;

  private final Catalogue catalogue = Catalogue.standard();

  @Test
  void eachIsFoundRaisedAndServesOn(TestCluster cluster, TestNamespace namespace) {
    var pods = new ServerPods(cluster, namespace);
    var servers = pods.start(Server.ALL);
    try {
      pods.policy("Observe", WANTED);
      await()
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(
              () -> assertThat(servers).allSatisfy(server -> assertFound(server, pods, namespace)));
      repeatNothingWithAKilledProbe(cluster, namespace, servers, EventReasons.BACKLOG_TOO_SMALL);
      var before =
          servers.stream().collect(Collectors.toMap(Function.identity(), RunningServer::doors));

      pods.policy("Enforce", WANTED);
      cluster.kubectl(
          "wait",
          "--for=condition=Compliant",
          "--timeout=60s",
          "clusterbacklogpolicy/" + namespace.name());

      var seen = new ArrayList<ServersTable.Seen>();
      for (var server : servers) {
        var sockets =
            Objects.requireNonNull(before.get(server)).stream()
                .flatMap(door -> door.sockets().stream());
        assertThat(server.doors())
            .as("%s: the same sockets of the same processes, raised", server.is().name())
            .flatMap(RunningServer.Door::sockets)
            .containsExactlyInAnyOrderElementsOf(sockets.map(RealServersIT::raised).toList());
        server.ask();
        seen.add(new ServersTable.Seen(server, WANTED));
      }
      if (System.getProperty("servers", "compare").equals("write")) ServersTable.write(seen);
      // At most fifty Events a minute are written for one namespace.
      await()
          .atMost(Duration.ofMinutes(5))
          .pollInterval(Duration.ofSeconds(2))
          .untilAsserted(
              () ->
                  assertThat(servers).allSatisfy(server -> assertAdvised(server, pods, namespace)));
      repeatNothingWithAKilledProbe(cluster, namespace, servers, EventReasons.BACKLOG_RAISED);
      assertThat(ServersTable.lasting(ServersTable.committed()))
          .as("docs/servers.md, to be renewed with -Dservers=write")
          .isEqualTo(ServersTable.lasting(ServersTable.of(seen)));
    } finally {
      pods.deletePolicy();
    }
    eventually(
        () ->
            assertThat(servers)
                .allSatisfy(
                    server ->
                        assertThat(server.doors())
                            .allSatisfy(
                                door ->
                                    assertThat(door.sockets())
                                        .as(door.title())
                                        .allMatch(socket -> socket.backlog() == door.backlog()))));
  }

  /**
   * A restarted probe repeats no Event.
   *
   * @param reason of the Event that a new pod gets once the probes have caught up
   */
  private static void repeatNothingWithAKilledProbe(
      TestCluster cluster, TestNamespace namespace, List<RunningServer> servers, String reason) {
    if (!TestCluster.hasTestNodes()) return; // We kill no processes on other people's nodes.
    var before = versions(namespace, servers);

    NODES.forEach(cluster::killProbe);

    for (var node : NODES) {
      await().atMost(Duration.ofMinutes(2)).until(() -> cluster.sweeps(node) >= SWEEPS);
    }
    var next =
        namespace.python("next-" + reason.toLowerCase(Locale.ROOT), "", Programs.listen(8080));
    // It may have to wait: the servers' Events have used up part of the minute's fifty.
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(() -> assertThat(namespace.reasons(next)).contains(reason));
    assertThat(versions(namespace, servers))
        .as("no second Event after the probes were killed")
        .isEqualTo(before);
  }

  private static Map<String, List<String>> versions(
      TestNamespace namespace, List<RunningServer> servers) {
    return servers.stream()
        .collect(
            Collectors.toMap(
                server -> server.is().name(), server -> namespace.eventVersions(server.pod())));
  }

  private static void assertFound(RunningServer server, ServerPods pods, TestNamespace namespace) {
    var reported =
        pods.reported(server.pod()).stream()
            .collect(Collectors.toMap(NodeListener::inode, Function.identity()));
    var tooSmall = notes(server, namespace, EventReasons.BACKLOG_TOO_SMALL);
    for (var door : server.doors()) {
      assertThat(door.sockets())
          .as(door.title())
          .extracting(socket -> socket.local().substring(0, socket.local().lastIndexOf(':')))
          .containsExactlyInAnyOrderElementsOf(door.addresses());
      for (var socket : door.sockets()) {
        assertThat(reported).as(door.title()).containsKey(socket.inode());
        var listener = Objects.requireNonNull(reported.get(socket.inode()));
        assertThat(listener.container()).isEqualTo(server.is().name());
        assertThat(listener.process()).as(door.title()).isEqualTo(door.process());
        assertThat(socket.pids()).as(door.title()).contains(listener.pid());
        assertThat(listener.application()).as(door.title()).isEqualTo(door.application());
        assertThat(listener.backlog()).isEqualTo(socket.backlog()).isEqualTo(door.backlog());
        assertThat(listener.requested()).isEqualTo(door.backlog());
        assertThat(listener.required()).isEqualTo(WANTED);
        assertThat(tooSmall)
            .anySatisfy(
                note ->
                    assertThat(note)
                        .contains(
                            listener.address() + " ",
                            "container " + server.is().name() + " (" + door.process(),
                            "pid " + listener.pid(),
                            "a backlog of " + door.backlog()));
      }
    }
  }

  private void assertAdvised(RunningServer server, ServerPods pods, TestNamespace namespace) {
    var reported =
        pods.reported(server.pod()).stream()
            .collect(Collectors.toMap(NodeListener::inode, NodeListener::address));
    assertThat(notes(server, namespace, EventReasons.SOMAXCONN_RAISED))
        .as(server.is().title())
        .hasSize(1);
    var raised = notes(server, namespace, EventReasons.BACKLOG_RAISED);
    var tooSmall = notes(server, namespace, EventReasons.BACKLOG_TOO_SMALL);
    for (var door : server.doors()) {
      var advice = catalogue.advice(door.application()).orElseThrow();
      for (var socket : door.sockets()) {
        var listener = "Listener " + reported.get(socket.inode()) + " ";
        assertThat(raised)
            .as(door.title())
            .filteredOn(note -> note.startsWith(listener))
            .singleElement()
            .asString()
            .contains(advice);
        if (door.backlog() < 4096) { // else the cause is somaxconn, and the Event says that
          assertThat(tooSmall)
              .as(door.title())
              .filteredOn(note -> note.startsWith(listener))
              .singleElement()
              .asString()
              .contains(advice);
        }
      }
    }
  }

  private static List<String> notes(RunningServer server, TestNamespace namespace, String reason) {
    return namespace.events(server.pod()).stream()
        .filter(event -> event.getReason().equals(reason))
        .map(Event::getNote)
        .toList();
  }

  private static TestPod.Socket raised(TestPod.Socket socket) {
    return new TestPod.Socket(
        socket.local(), socket.queue(), WANTED, socket.inode(), socket.pids());
  }
}
