package io.listenbacklog.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.ProbePods;
import io.listenbacklog.controller.cluster.Unheard;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against an API server that does what none does on demand: errors, broken events, bookmarks. */
class InformersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> podLists = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> podEvents = new LinkedBlockingQueue<>();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile String secondPage = pod("two", 2);
  private volatile String backlogs = "";
  private final Cluster cluster =
      new Cluster(Limits.DEFAULT, new ProbePods("operator"), new Unheard());
  private final HttpServer server = server();
  private final KubernetesClient client =
      KubernetesClients.of(
          new ConfigBuilder(Config.empty())
              .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
              .withWatchReconnectInterval(50)
              .build());
  private final Informers informers = new Informers(client, cluster);

  private HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void start() {
    server.setExecutor(threads);
    server.createContext("/api/v1/pods", this::pods);
    server.createContext("/apis/listenbacklog.io/v1alpha1/nodebacklogs", this::backlogs);
    server.createContext("/", InformersTest::nothing);
    server.start();
  }

  @AfterEach
  void stop() {
    informers.close();
    client.close();
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void podsAreListedInPagesAndWithoutTheFinished() throws Exception {
    informers.start().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

    assertThat(cluster.pods().size()).isEqualTo(2);
    assertThat(podLists.getFirst())
        .contains("limit=" + Informers.PAGE_OF_PODS)
        .contains("fieldSelector=status.phase!=Succeeded,status.phase!=Failed");
    assertThat(podLists.get(1)).contains("continue=page-2");
  }

  @Test
  void aListThatFailsIsAskedForAgain() throws Exception {
    failures.set(4);

    informers.start().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

    assertThat(cluster.pods().size()).isEqualTo(2);
    assertThat(informers.stopped()).isEmpty();
  }

  @Test
  void aBookmarkWithoutContainersHangsNothing() throws Exception {
    informers.start().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

    podEvents.add(
        """
        {"type": "BOOKMARK", "object": {"kind": "Pod", "apiVersion": "v1",
         "metadata": {"resourceVersion": "50", "creationTimestamp": null},
         "spec": {"containers": null}, "status": {}}}""");
    podEvents.add(event("ADDED", "after", 51));

    await().atMost(PATIENCE).until(() -> cluster.pods().size() == 3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"type\": \"ADDED\", \"object\": 7}", "{\"type\": ", "<html>502</html>"})
  void afterAnEventThatIsNoEventEverythingIsReadAgain(String broken) throws Exception {
    informers.start().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

    secondPage = pod("two", 2) + "," + pod("meanwhile", 51);
    podEvents.add(broken);

    await().atMost(PATIENCE).until(() -> cluster.pods().size() == 3);
    assertThat(informers.stopped()).isEmpty();
  }

  @Test
  void afterAGapThatIsTooWideEverythingIsReadAgain() throws Exception {
    informers.start().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    podEvents.add(event("ADDED", "short-lived", 51));
    await().atMost(PATIENCE).until(() -> cluster.pods().size() == 3);

    podEvents.add(
        """
        {"type": "ERROR", "object": {"kind": "Status", "apiVersion": "v1", "status": "Failure",
         "code": 410, "reason": "Expired", "message": "too old resource version"}}""");

    // The list does not have it any more, so nor have we: this is why watch-list is not used.
    await().atMost(PATIENCE).until(() -> cluster.pods().size() == 2);
  }

  /** The API server takes what a probe writes by its schema, which knows no 32 bits. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"pid\": 99999999999, \"since\": \"2026-11-22T12:00:00Z\"",
        "\"pid\": 1, \"since\": \"2026-11-22T12:00:00+99:99\""
      })
  void aProbeThatWritesNonsenseDoesNotKeepTheOthersFromBeingRead(String nonsense) throws Exception {
    backlogs =
        backlog("node-1", "{\"observedGeneration\": 1, \"listeners\": [{%s}]}".formatted(nonsense))
            + ","
            + backlog("node-2", "{\"observedGeneration\": 1}");

    informers.start().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

    assertThat(Objects.requireNonNull(cluster.backlogs().get("node-1")).getStatus()).isNull();
    assertThat(Objects.requireNonNull(cluster.backlogs().get("node-2")).getStatus()).isNotNull();
  }

  private void backlogs(HttpExchange exchange) throws IOException {
    if (wantsWebSocket(exchange)) {
      noWebSocket(exchange);
    } else {
      answer(exchange, 200, list("", backlogs));
    }
  }

  private static String backlog(String name, String status) {
    return "{\"kind\": \"NodeBacklog\", \"apiVersion\": \"listenbacklog.io/v1alpha1\", \"metadata\": {\"name\": \"%s\", \"uid\": \"%s\", \"resourceVersion\": \"3\", \"generation\": 1}, \"spec\": {\"requirements\": []}, \"status\": %s}"
        .formatted(name, name, status);
  }

  private void pods(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    if (wantsWebSocket(exchange)) {
      noWebSocket(exchange);
    } else if (query.contains("watch=true")) {
      watch(exchange);
    } else if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      answer(exchange, 500, "{\"kind\": \"Status\", \"code\": 500, \"message\": \"etcd is away\"}");
    } else if (query.contains("continue=page-2")) {
      podLists.add(query);
      answer(exchange, 200, list("", secondPage));
    } else {
      podLists.add(query);
      answer(exchange, 200, list("page-2", pod("one", 1)));
    }
  }

  private void watch(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    try (var body = exchange.getResponseBody()) {
      body.flush();
      while (true) {
        body.write((podEvents.take().replace("\n", "") + "\n").getBytes(StandardCharsets.UTF_8));
        body.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean wantsWebSocket(HttpExchange exchange) {
    // Any request of the JDK's client may ask for an upgrade: to HTTP/2.
    return "websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Upgrade"));
  }

  /** The client then watches by plain HTTP. */
  private static void noWebSocket(HttpExchange exchange) throws IOException {
    answer(exchange, 200, "");
  }

  private static void nothing(HttpExchange exchange) throws IOException {
    if (wantsWebSocket(exchange)) {
      noWebSocket(exchange);
    } else {
      answer(exchange, 200, list("", ""));
    }
  }

  private static void answer(HttpExchange exchange, int code, String json) throws IOException {
    try (exchange) {
      byte[] body = json.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(code, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String list(String next, String items) {
    return "{\"kind\": \"List\", \"apiVersion\": \"v1\", \"metadata\": {\"resourceVersion\": \"40\", \"continue\": \"%s\"}, \"items\": [%s]}"
        .formatted(next, items);
  }

  private static String event(String type, String name, int version) {
    return "{\"type\": \"%s\", \"object\": %s}".formatted(type, pod(name, version));
  }

  private static String pod(String name, int version) {
    return "{\"kind\": \"Pod\", \"apiVersion\": \"v1\", \"metadata\": {\"namespace\": \"shop\", \"name\": \"%s\", \"uid\": \"%s\", \"resourceVersion\": \"%d\"}}"
        .formatted(name, name, version);
  }
}
