package io.listenbacklog.e2e.tenants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Anybody on the pod network, without any right, at the HTTP ports of both parts. */
@OnTestCluster
class HttpIT {
  /** Two were enough for the controller, 64 for a probe. */
  private static final String HALF_REQUESTS =
      """
      import socket, time
      places = PLACES
      print("begun", time.time())
      while True:
          held = []
          for each in range(200):
              for place in places:
                  client = socket.socket()
                  client.setblocking(False)
                  client.connect_ex(place)
                  held.append(client)
          time.sleep(0.5)
          for number, client in enumerate(held):
              try:
                  if number % 3: client.send(b"GET /livez HTTP/1.1\\r\\nHost: x\\r\\n")
              except OSError: pass
          time.sleep(3)
      """;

  @Test
  void halfRequestsAtEachDoorKeepNobodyOut(TestCluster cluster, TestNamespace tenant) {
    try (var ordeal = Ordeal.of("200 half requests at each port of both parts", cluster)) {
      String node = Ordeal.node(cluster);
      var places = new ArrayList<String>();
      for (String component : List.of("controller", "probe")) {
        for (Pod each : cluster.operator(component).values()) {
          for (int port : List.of(8080, 8081)) {
            places.add("('%s', %d)".formatted(each.getStatus().getPodIP(), port));
          }
        }
      }
      var attacker =
          tenant.python("attacker", "", HALF_REQUESTS.replace("PLACES", places.toString()));
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> tenant.kubectl("logs", attacker.name()).contains("begun"));

      ordeal.othersNoticeNothing(node);

      // A kubelet kills a part after 30 s without an answer.
      long until = System.nanoTime() + Duration.ofSeconds(75).toNanos();
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofSeconds(3))
          .until(
              () -> {
                ordeal.neitherPartRestarted();
                return System.nanoTime() - until > 0;
              });
      ordeal.neitherPartRestarted();
    }
  }

  /** In Observe: raising 9,000 listeners is another test's subject. */
  @Test
  void scrapesAtOnceOfANodeWith9000Listeners(TestCluster cluster, TestNamespace tenant) {
    try (var ordeal = Ordeal.of("four scrapes at once at 9,000 listeners", cluster)) {
      String node = Ordeal.node(cluster);
      tenant.policy("many", "{mode: Observe, minimum: 64}");
      var many =
          tenant.python(
              "many",
              "",
              """
              import resource, socket, time
              resource.setrlimit(resource.RLIMIT_NOFILE, (20000, 20000))
              held = [socket.create_server(("127.0.0.%d" % (1 + i // 3000), 10000 + i % 3000), backlog=5) for i in range(9000)]
              print("begun", time.time())
              while True: time.sleep(3600)
              """);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> tenant.kubectl("logs", many.name()).contains("begun"));
      String probe =
          Objects.requireNonNull(cluster.operator("probe").get(many.node())).getStatus().getPodIP();
      var scraper =
          tenant.python(
              "scraper",
              "",
              """
              import threading, time, urllib.request
              url = "http://%s:8080/metrics"
              def scrape():
                  while True:
                      try:
                          lines = urllib.request.urlopen(url, timeout=30).read().splitlines()
                          print("scraped", sum(line.startswith(b"listenbacklog_listener_backlog{") for line in lines))
                      except OSError as e:
                          print("failed", e)
              for _ in range(4): threading.Thread(target=scrape).start()
              """
                  .formatted(probe));

      ordeal.othersNoticeNothing(many.node());

      String told = tenant.kubectl("logs", scraper.name());
      System.out.println("the scrapers of node " + node + ":\n" + told);
      assertThat(told).contains("scraped 5000").doesNotContain("failed");
    }
  }
}
