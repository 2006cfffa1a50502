package io.listenbacklog.e2e.servers;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Servers that set their backlog themselves, again and again or to close the door. */
@OnTestCluster
class UnwillingServersIT {
  /** Its first process says listen() again and again, its second once. */
  private static final String LISTENS_AGAIN_AND_AGAIN =
      """
      import os, socket

      def serve(again):
          server = socket.create_server(("0.0.0.0", 8080), backlog=5)
          server.settimeout(0.05)
          while True:
              if again:
                  server.listen(5)
              try:
                  server.accept()[0].close()
              except TimeoutError:
                  pass

      for again in (True, False):
          if os.fork() == 0:
              serve(again)
          os.wait()
      """;

  /**
   * Its workers listen on the socket that they inherit, as those of gunicorn with uvicorn workers
   * do, and each of them lives for ten seconds.
   */
  private static final String WORKERS_LISTEN =
      """
      import os, socket, time

      server = socket.create_server(("0.0.0.0", 8080), backlog=5)
      server.settimeout(0.2)

      def work(seconds):
          server.listen(5)
          end = time.monotonic() + seconds
          while time.monotonic() < end:
              try:
                  server.accept()[0].close()
              except TimeoutError:
                  pass
          os._exit(0)

      for seconds in (4, 7, 10):
          if os.fork() == 0:
              work(seconds)
      while True:
          os.wait()
          if os.fork() == 0:
              work(10)
      """;

  /** How long workers come and go; ten minutes and more are for a night. */
  private static final Duration RECYCLING =
      Duration.ofSeconds(Long.getLong("recycling.seconds", 40));

  private static final String BACKLOGS_RAISED = "listenbacklog_probe_backlogs_raised_total";

  /** A process that is new may listen twice before that counts. */
  private static final Duration UNTIL_CONTESTED = Duration.ofMinutes(4);

  @Test
  void oneThatListensAgainAndAgainIsContestedUntilItsProcessChanges(TestNamespace namespace) {
    var pod = namespace.python("stubborn", "", LISTENS_AGAIN_AND_AGAIN);

    namespace.policy("stubborn", "{mode: Enforce, minimum: 64}");

    await()
        .atMost(UNTIL_CONTESTED)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () ->
                assertThat(namespace.events(pod))
                    .filteredOn(event -> event.getReason().equals(EventReasons.BACKLOG_CONTESTED))
                    .singleElement()
                    .extracting(Event::getNote)
                    .asString()
                    .contains("sets its own backlog of 5 again and again"));
    namespace.awaitCondition("stubborn", "Compliant", "False");
    assertThat(pod.backlogs(8080)).containsExactly(5);

    pod.kill(8080);

    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(64));
    namespace.awaitCondition("stubborn", "Compliant", "True");
  }

  @Test
  void workersThatListenAsTheyStartAreFollowedAndContestNothing(
      TestCluster cluster, TestNamespace namespace) {
    var pod = namespace.python("recycling", "", WORKERS_LISTEN);
    namespace.policy("recycling", "{mode: Enforce, minimum: 64}");
    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(64));

    assertThat(setBacks(cluster, pod, 64)).as("times that a worker had set it back").isPositive();
    assertThat(namespace.events(pod))
        .extracting(Event::getReason)
        .contains(EventReasons.BACKLOG_RAISED)
        .doesNotContain(EventReasons.BACKLOG_CONTESTED, EventReasons.REMEDY_UNAVAILABLE);
  }

  /** The real thing: each worker serves three to six requests, and its successor listens anew. */
  @Test
  void gunicornWhoseUvicornWorkersAreRecycledIsKeptRaised(
      TestCluster cluster, TestNamespace namespace) {
    var gunicorn =
        new Server(
            "gunicorn",
            "gunicorn with uvicorn workers",
            Server.IMAGE.name(),
            List.of(
                "gunicorn",
                "--chdir=/conf",
                "--bind=0.0.0.0:8080",
                "--workers=4",
                "--worker-class=uvicorn.workers.UvicornWorker",
                "--max-requests=3",
                "--max-requests-jitter=3",
                "app:asgi"),
            0,
            8080,
            2048,
            List.of("0.0.0.0"),
            "gunicorn: maste",
            "gunicorn",
            "http",
            List.of());
    var server = new ServerPods(cluster, namespace).start(List.of(gunicorn)).getFirst();
    namespace.policy("recycling", "{mode: Enforce, minimum: 4096}");
    eventually(() -> assertThat(server.pod().backlogs(8080)).containsExactly(4096));

    try (var background = Executors.newVirtualThreadPerTaskExecutor()) {
      var load = background.submit(() -> server.load(RECYCLING).run());
      var before = server.pids();
      long setBack = setBacks(cluster, server.pod(), 4096);
      assertThat(setBack).as("times that a worker had set it back").isPositive();
      assertThat(server.pids()).as("a worker's process").isNotEqualTo(before);
      assertThat(load).succeedsWithin(RECYCLING.plusMinutes(2)).asString().contains("failed: 0");
    }
    eventually(() -> assertThat(server.pod().backlogs(8080)).containsExactly(4096));
    namespace.awaitCondition("recycling", "Compliant", "True");
    assertThat(namespace.reasons(server.pod()))
        .contains(EventReasons.BACKLOG_RAISED)
        .doesNotContain(
            EventReasons.BACKLOG_CONTESTED,
            EventReasons.REMEDY_UNAVAILABLE,
            EventReasons.LISTEN_OVERFLOW);
  }

  /**
   * How often it was raised again while workers come and go, as its node's probe counts: with less
   * it stands for milliseconds, which a look from here may miss. Whenever one finds it with less,
   * that lasts no longer than anything may.
   */
  private static long setBacks(TestCluster cluster, TestPod pod, int raised) {
    long before = cluster.probeMetric(pod.node(), BACKLOGS_RAISED);
    for (long end = System.nanoTime() + RECYCLING.toNanos(); System.nanoTime() < end; ) {
      if (pod.backlogs(8080).equals(List.of(raised))) continue;
      eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(raised));
    }
    return cluster.probeMetric(pod.node(), BACKLOGS_RAISED) - before;
  }

  @Test
  void memcachedAtItsConnectionLimitIsLeftAsItIs(TestCluster cluster, TestNamespace namespace) {
    var memcached =
        new Server(
            "memcached",
            "memcached at its limit",
            Server.IMAGE.name(),
            List.of(
                "memcached",
                "-u",
                "root",
                "-l",
                "0.0.0.0",
                "-t",
                "1",
                "-c",
                "64",
                "-o",
                "no_maxconns_fast"),
            0,
            11211,
            1024,
            List.of("0.0.0.0"),
            "memcached",
            "memcached",
            "memcached",
            List.of());
    var pods = new ServerPods(cluster, namespace);
    var server = pods.start(List.of(memcached)).getFirst();
    namespace.fulfilledPolicy("full", "{mode: Enforce, minimum: 2048}");

    try (var background = Executors.newVirtualThreadPerTaskExecutor()) {
      background.execute(() -> server.crowd(80, Duration.ofSeconds(20)).run());
      eventually(
          () -> {
            assertThat(server.listeners()).singleElement().matches(each -> each.backlog() == 0);
            assertThat(pods.reported(server.pod()))
                .singleElement()
                .extracting(NodeListener::backlog)
                .isEqualTo(0);
          });
      eventually(
          () ->
              assertThat(namespace.events(server.pod()))
                  .filteredOn(event -> event.getReason().equals(EventReasons.REMEDY_UNAVAILABLE))
                  .singleElement()
                  .extracting(Event::getNote)
                  .asString()
                  .contains("its backlog is 0", "that is not raised"));
      assertThat(server.listeners()).singleElement().matches(each -> each.backlog() == 0);
    }

    // Its clients are gone, so it opens its door by itself.
    eventually(
        () ->
            assertThat(server.listeners()).singleElement().matches(each -> each.backlog() == 2048));
    server.ask();
  }
}
