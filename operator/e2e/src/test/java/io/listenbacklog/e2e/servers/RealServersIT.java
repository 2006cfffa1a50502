package io.listenbacklog.e2e.servers;

import static io.listenbacklog.e2e.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.e2e.OnTestCluster;
import io.listenbacklog.e2e.TestCluster;
import io.listenbacklog.e2e.TestNamespace;
import io.listenbacklog.e2e.TestPod;
import io.listenbacklog.policy.catalogue.Catalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Real servers are found, raised while they run, and serve on; {@code -Dservers=write} writes what
 * was seen into docs/servers.md.
 */
@OnTestCluster
class RealServersIT {
  /** More than somaxconn allows, so that those are raised too that ask for the maximum. */
  private static final int WANTED = 8192;

  private final Catalogue catalogue = Catalogue.standard();

  @Test
  void eachIsFoundRaisedAndServesOn(TestCluster cluster, TestNamespace namespace) {
    var pods = new ServerPods(cluster, namespace);
    var servers = pods.start(Server.ALL);
    try {
      pods.policy("Observe", WANTED);
      eventually(
          () -> assertThat(servers).allSatisfy(server -> assertFound(server, pods, namespace)));
      var before =
          servers.stream().collect(Collectors.toMap(Function.identity(), RunningServer::listeners));

      pods.policy("Enforce", WANTED);
      cluster.kubectl(
          "wait",
          "--for=condition=Compliant",
          "--timeout=60s",
          "clusterbacklogpolicy/" + namespace.name());

      var seen = new ArrayList<ServersTable.Seen>();
      for (var server : servers) {
        var sockets = Objects.requireNonNull(before.get(server));
        assertThat(server.listeners())
            .as("%s: the same sockets of the same processes, raised", server.is().name())
            .containsExactlyInAnyOrderElementsOf(
                sockets.stream().map(RealServersIT::raised).toList());
        server.ask();
        seen.add(new ServersTable.Seen(server, sockets.getFirst().backlog(), WANTED));
      }
      eventually(() -> assertThat(servers).allSatisfy(server -> assertAdvised(server, namespace)));
      if (System.getProperty("servers", "compare").equals("write")) ServersTable.write(seen);
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
                        assertThat(server.listeners())
                            .as(server.is().name())
                            .allMatch(socket -> socket.backlog() == server.is().backlog())));
  }

  private static void assertFound(RunningServer server, ServerPods pods, TestNamespace namespace) {
    var is = server.is();
    var sockets = server.listeners();
    assertThat(sockets)
        .as(is.name())
        .extracting(TestPod.Socket::local)
        .containsExactlyInAnyOrderElementsOf(
            is.addresses().stream().map(address -> address + ":" + is.port()).toList());
    var reported =
        pods.reported(server.pod()).stream()
            .collect(Collectors.toMap(NodeListener::inode, Function.identity()));
    assertThat(sockets)
        .allSatisfy(
            socket -> {
              assertThat(reported).as(is.name()).containsKey(socket.inode());
              var listener = Objects.requireNonNull(reported.get(socket.inode()));
              assertThat(listener.container()).isEqualTo(is.name());
              assertThat(listener.process()).isEqualTo(is.process());
              assertThat(socket.pids()).as(is.name()).contains(listener.pid());
              assertThat(listener.application()).as(is.name()).isEqualTo(is.application());
              assertThat(listener.backlog()).isEqualTo(socket.backlog()).isEqualTo(is.backlog());
              assertThat(listener.requested()).isEqualTo(is.backlog());
              assertThat(listener.required()).isEqualTo(WANTED);
              assertThat(notes(server, namespace, EventReasons.BACKLOG_TOO_SMALL))
                  .anySatisfy(
                      note ->
                          assertThat(note)
                              .contains(
                                  listener.address(),
                                  "container " + is.name() + " (" + is.process(),
                                  "pid " + listener.pid(),
                                  "a backlog of " + is.backlog()));
            });
  }

  private void assertAdvised(RunningServer server, TestNamespace namespace) {
    var is = server.is();
    var advice = catalogue.advice(is.application()).orElseThrow();
    assertThat(notes(server, namespace, EventReasons.BACKLOG_RAISED))
        .as(is.name())
        .hasSize(is.addresses().size())
        .allSatisfy(note -> assertThat(note).contains(advice));
    if (is.backlog() < 4096) { // else somaxconn is to blame, and the Event says that
      assertThat(notes(server, namespace, EventReasons.BACKLOG_TOO_SMALL))
          .as(is.name())
          .hasSize(is.addresses().size())
          .allSatisfy(note -> assertThat(note).contains(advice));
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
