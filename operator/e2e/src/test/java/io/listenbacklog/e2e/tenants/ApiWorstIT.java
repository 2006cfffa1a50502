package io.listenbacklog.e2e.tenants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a tenant can make the operator read from the API and write into it. With {@code -Dordeals}
 * alone.
 */
@Tag("ordeals")
@OnTestCluster
class ApiWorstIT {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** What the operator may write of one node's NodeBacklog in any minute. */
  private static final long BYTES_A_MINUTE = 3_000_000;

  @Test
  void aThousandListenersOfWhichOneFlapsTenTimesASecondCostBoundedBytes(
      TestCluster cluster, TestNamespace tenant) throws InterruptedException {
    try (var ordeal = Ordeal.of("1,000 listeners, one of which flaps at 10 Hz", cluster)) {
      tenant.policy("many", "{mode: Enforce, minimum: 64}");
      var pod =
          tenant.python(
              "many",
              "",
              """
              import resource, socket, time
              resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
              held = [socket.create_server(("127.0.0.1", 10000 + i), backlog=5) for i in range(1000)]
              print("begun", time.time())
              while True:
                  flapping = socket.create_server(("0.0.0.0", 8080), backlog=5)
                  time.sleep(0.05)
                  flapping.close()
                  time.sleep(0.05)
              """);
      awaitBegun(tenant, pod);
      var written = written(cluster, pod.node());
      ordeal.othersNoticeNothing(pod.node());

      assertThat(written).isPositive().isLessThanOrEqualTo(BYTES_A_MINUTE);
      assertThat(events(tenant, pod, "BacklogRaised").size()).isLessThanOrEqualTo(11);
    }
  }

  @Test
  void aListenerOpenedAnewEachSecondIsOneEvent(TestCluster cluster, TestNamespace tenant) {
    try (var ordeal = Ordeal.of("a listener opened anew each second", cluster)) {
      tenant.policy("anew", "{mode: Enforce, minimum: 64}");
      var pod =
          tenant.python(
              "anew",
              "",
              """
              import socket, time
              print("begun", time.time())
              while True:
                  server = socket.create_server(("0.0.0.0", 8080), backlog=5)
                  time.sleep(1)
                  server.close()
              """);
      awaitBegun(tenant, pod);
      ordeal.othersNoticeNothing(pod.node());

      await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(
              () -> {
                var raised = events(tenant, pod, "BacklogRaised");
                assertThat(raised).hasSize(1);
                assertThat(raised.getFirst().getSeries().getCount()).isGreaterThan(10);
              });
    }
  }

  @Test
  void annotationsPatchedAsFastAsTheApiTakesThemReachANodeOnceASecond(
      TestCluster cluster, TestNamespace tenant) {
    try (var ordeal = Ordeal.of("annotations patched as fast as the API takes them", cluster)) {
      var pod =
          tenant.python(
              "patched",
              "",
              "import socket, time\nserver = socket.create_server(('0.0.0.0', 8080), backlog=5)\n"
                  + "print('begun')\nwhile True: time.sleep(3600)");
      awaitBegun(tenant, pod);
      var pods = cluster.client().pods().inNamespace(tenant.name()).withName(pod.name());
      long before = generation(cluster, pod.node());
      var patches = new AtomicLong();
      var patching =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!Thread.interrupted()) {
                      long minimum = 6 + patches.incrementAndGet() % 1_000;
                      pods.patch(
                          "{\"metadata\":{\"annotations\":{\"listenbacklog.io/minimum\":\"%d\"}}}"
                              .formatted(minimum));
                    }
                  });
      long begun = System.nanoTime();
      try {
        ordeal.othersNoticeNothing(pod.node());
      } finally {
        patching.interrupt();
      }
      long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds() + 1;
      long generations = generation(cluster, pod.node()) - before;

      // One a second, a burst of five, and the victim's pods as they come.
      System.out.println(patches + " patches in " + seconds + " s: " + generations + " specs");
      assertThat(patches.get()).isGreaterThan(2 * seconds);
      assertThat(generations).isLessThanOrEqualTo(seconds + 5 + 12);
    }
  }

  @Test
  void fourHundredPodsWith250KilobytesOfAnnotations(TestCluster cluster, TestNamespace tenant) {
    // No kubelet runs there: the pods stay, and no process starts.
    String node = "ghost-" + tenant.name();
    try (var ordeal = Ordeal.of("400 pods with 250 kB of annotations each", cluster)) {
      cluster
          .kubectlCommand("apply", "--filename", "-")
          .reading("{apiVersion: v1, kind: Node, metadata: {name: %s}}".formatted(node))
          .succeed();
      for (int from = 0; from < 400; from += 20) apply(tenant, from, 20, i -> fatPod(i, node));
      ordeal.othersNoticeNothing(Ordeal.node(cluster));

      cluster.replaceController(); // it reads them all at once
      var again = OperatorParts.now(cluster, tenant);
      await()
          .atMost(MINUTE)
          .untilAsserted(() -> assertThat(tenant.condition("fat", "Accepted")).startsWith("True"));
      again.assertNoneRestarted();
    } finally {
      tenant.kubectl("delete", "pods", "--all", "--grace-period=0", "--force", "--wait=false");
      cluster.kubectl("delete", "node", node, "--ignore-not-found");
    }
  }

  @Test
  void threeThousandPoliciesOfOneNamespace(TestCluster cluster, TestNamespace tenant) {
    try (var ordeal = Ordeal.of("3,000 policies in one namespace", cluster)) {
      for (int from = 0; from < 3_000; from += 500) apply(tenant, from, 500, ApiWorstIT::policy);
      ordeal.othersNoticeNothing(Ordeal.node(cluster));

      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofSeconds(2))
          .untilAsserted(
              () ->
                  assertThat(
                          tenant.kubectl(
                              "get",
                              "backlogpolicies",
                              "--output=jsonpath={.items[*].status.conditions[?(@.reason==\"TooManyPolicies\")].reason}"))
                      .contains("TooManyPolicies"));
      ordeal.othersNoticeNothing(Ordeal.node(cluster)); // each has a status by now
    } finally {
      // In one request: one by one, kubectl takes minutes.
      cluster.kubectl(
          "delete",
          "--raw",
          "/apis/listenbacklog.io/v1alpha1/namespaces/%s/backlogpolicies".formatted(tenant.name()));
    }
  }

  private interface Item {
    String of(int number);
  }

  private static void apply(TestNamespace tenant, int from, int count, Item item) {
    String items =
        IntStream.range(from, from + count).mapToObj(item::of).collect(Collectors.joining(","));
    tenant
        .kubectlCommand("create", "--validate=false", "--filename", "-")
        .reading("{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[" + items + "]}")
        .within(Duration.ofMinutes(3))
        .succeed();
  }

  private static String fatPod(int number, String node) {
    String policy =
        number == 0
            ? """
              {"apiVersion":"listenbacklog.io/v1alpha1","kind":"BacklogPolicy","metadata":{"name":"fat"},
               "spec":{"mode":"Observe","minimum":64}},"""
            : "";
    return policy
        + """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"fat-%d",
         "annotations":{"example.com/fat":"%s","listenbacklog.io/minimum":"%d"}},
         "spec":{"nodeName":"%s","terminationGracePeriodSeconds":0,
          "containers":[{"name":"main","image":"none.example/none"}]}}"""
            .formatted(number, "x".repeat(250_000), 6 + number, node);
  }

  private static String policy(int number) {
    return """
    {"apiVersion":"listenbacklog.io/v1alpha1","kind":"BacklogPolicy","metadata":{"name":"many-%04d"},
     "spec":{"mode":"Observe","minimum":%d,"selector":{"matchLabels":{"app":"app-%d"}}}}"""
        .formatted(number, 6 + number, number);
  }

  private static void awaitBegun(TestNamespace tenant, TestPod pod) {
    await().atMost(MINUTE).until(() -> tenant.kubectl("logs", pod.name()).contains("begun"));
  }

  private static long generation(TestCluster cluster, String node) {
    return cluster
        .client()
        .resources(NodeBacklog.class)
        .withName(node)
        .get()
        .getMetadata()
        .getGeneration();
  }

  /** The bytes of all versions of a NodeBacklog written in the next minute. */
  private static long written(TestCluster cluster, String node) throws InterruptedException {
    var bytes = new AtomicLong();
    Set<String> seen = ConcurrentHashMap.newKeySet();
    var watcher =
        new Watcher<NodeBacklog>() {
          @Override
          public void eventReceived(Action action, NodeBacklog there) {
            if (!seen.add(there.getMetadata().getResourceVersion()) || seen.size() == 1) return;
            String json = Serialization.asJson(there);
            bytes.addAndGet(json.getBytes(StandardCharsets.UTF_8).length);
          }

          @Override
          public void onClose(WatcherException cause) {}
        };
    try (var _ = cluster.client().resources(NodeBacklog.class).withName(node).watch(watcher)) {
      Thread.sleep(MINUTE);
    }
    System.out.println(
        "%d writes of the NodeBacklog in a minute, %d bytes"
            .formatted(seen.size() - 1, bytes.get()));
    return bytes.get();
  }

  private static List<Event> events(TestNamespace tenant, TestPod pod, String reason) {
    return tenant.events(pod).stream().filter(each -> reason.equals(each.getReason())).toList();
  }
}
