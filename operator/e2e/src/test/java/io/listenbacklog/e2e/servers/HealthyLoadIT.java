package io.listenbacklog.e2e.servers;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Healthy servers never get an Event, however their queues flicker. */
@OnTestCluster
class HealthyLoadIT {
  /**
   * As many sweeps as the probe makes in an hour at its default interval of 2 s. Here the interval
   * is 100 ms: the sweeps are the same, only closer together.
   */
  private static final long LOOKS = Long.getLong("servers.looks", 1800);

  /** Of each server's queue, at least. */
  private static final int FLICKERS = 3;

  private static final Duration AT_MOST = Duration.ofMinutes(15);

  @AfterEach
  void bringBack(TestCluster cluster) {
    cluster.installOperator();
  }

  @Test
  void anHoursLooksAtQueuesThatFlickerFindNothingAndThenOneThatStallsIsFound(
      TestCluster cluster, TestNamespace namespace) {
    cluster.installOperator(List.of("probe.sweepInterval=100ms"));
    var pods = new ServerPods(cluster, namespace);
    var servers = pods.start(Server.ALL);
    try {
      pods.policy("Observe", 1); // nobody has less, so any Event is about a symptom
      cluster.kubectl(
          "wait",
          "--for=condition=Observed",
          "--timeout=60s",
          "clusterbacklogpolicy/" + namespace.name());

      var flickers = new HashMap<String, Integer>();
      loadUntil(
          servers,
          () -> {
            var nodes = List.of("node-1", "node-2");
            var begin = nodes.stream().map(node -> cluster.sweeps(node)).toList();
            var end = Instant.now().plus(AT_MOST);
            do {
              assertThat(Instant.now()).as("flickers: %s", flickers).isBefore(end);
              for (var server : servers) {
                if (flickered(server)) {
                  flickers.merge(server.is().name(), 1, Integer::sum);
                }
              }
            } while (flickers.size() < servers.size()
                || Collections.min(flickers.values()) < FLICKERS
                || nodes.stream()
                    .anyMatch(
                        node -> cluster.sweeps(node) - begin.get(nodes.indexOf(node)) < LOOKS));
          });

      System.out.println("queues that flickered: " + flickers);
      assertThat(flickers)
          .as("how often connections waited, for each server")
          .hasSize(servers.size())
          .allSatisfy(
              (server, times) -> assertThat(times).as(server).isGreaterThanOrEqualTo(FLICKERS));
      assertThat(servers)
          .flatMap(server -> namespace.events(server.pod()))
          .extracting(Event::getNote)
          .isEmpty();

      var stalls = servers.getLast(); // with the smallest queue, which twenty clients fill
      stalls.signal("STOP");
      try (var background = Executors.newVirtualThreadPerTaskExecutor()) {
        background.execute(() -> stalls.crowd(20, Duration.ofSeconds(10)).run());
        eventually(
            () ->
                assertThat(namespace.reasons(stalls.pod()))
                    .contains(EventReasons.LISTEN_OVERFLOW, EventReasons.ACCEPT_STALLED));
      } finally {
        stalls.signal("CONT");
      }
    } finally {
      pods.deletePolicy();
    }
  }

  /** Bounded requests to each server while something is done; every one of them is answered. */
  private static void loadUntil(List<RunningServer> servers, Runnable whatIsDone) {
    Queue<Command.Result> results = new ConcurrentLinkedQueue<>();
    var done = new AtomicBoolean();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var server : servers) {
        clients.execute(
            () -> {
              while (!done.get()) results.add(server.load(Duration.ofMinutes(1)).run());
            });
      }
      try {
        whatIsDone.run();
      } finally {
        done.set(true);
      }
    }
    assertThat(results)
        .hasSizeGreaterThanOrEqualTo(servers.size())
        .allSatisfy(result -> assertThat(result.text()).contains("asked: ", "failed: 0", "done"));
  }

  /**
   * A pause like that of a garbage collector or a busy core, until connections wait, at most three
   * seconds: one script, so that nothing on our side can make it longer.
   *
   * @return whether connections waited
   */
  private static boolean flickered(RunningServer server) {
    var pids = server.pids(); // the current ones: Apache replaces its processes
    return Command.of(
            "nsenter",
            "--net=/proc/" + pids.getFirst() + "/ns/net",
            "sh",
            "-c",
            """
            port=$1; shift
            end=$(($(date +%s%N) + 3000000000)) waited=1
            kill -STOP "$@"
            while [ $waited = 1 ] && [ "$(date +%s%N)" -lt $end ]; do
              ss -Hltn "sport = :$port" | awk '$2 > 0 {found = 1} END {exit !found}' && waited=0 || sleep 0.05
            done
            kill -CONT "$@"
            exit $waited
            """,
            "flicker",
            String.valueOf(server.is().port()))
        .and(pids)
        .run()
        .succeeded();
  }
}
