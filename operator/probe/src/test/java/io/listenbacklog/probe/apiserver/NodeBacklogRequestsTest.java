package io.listenbacklog.probe.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.probe.json.Json;
import io.listenbacklog.probe.spec.SpecReading;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Failures that no API server produces on demand; what one does otherwise is tried on a real one.
 */
class NodeBacklogRequestsTest {
  private static final ObjectMapper JSON = Json.mapper();
  private static final String END = "";

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Instant> dates = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> watch = new LinkedBlockingQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile int answer = 200;
  private volatile boolean hangs;
  private HttpServer server;
  private NodeBacklogWatch watched;
  private NodeBacklogStatusWriter writer;
  private Thread watching;

  @BeforeEach
  void start() throws IOException {
    server = serve(0);
    var api =
        ApiServer.of(Map.of("API_SERVER", "http://127.0.0.1:" + server.getAddress().getPort()));
    var requests = new ApiRequests(api, JSON, (theirs, took) -> dates.add(theirs));
    watched = new NodeBacklogWatch(requests, "node-1", new Receiver());
    writer = new NodeBacklogStatusWriter(requests, "node-1");
    watching = Thread.ofPlatform().daemon().start(watched);
  }

  private HttpServer serve(int port) throws IOException {
    var made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    made.setExecutor(threads);
    made.createContext("/", this::handle);
    made.start();
    return made;
  }

  @AfterEach
  void stop() throws IOException {
    watched.close();
    watching.interrupt();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
      if (answer != 200) {
        var refusal =
            "{\"kind\":\"Status\",\"message\":\"no, said the test\"}"
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer, refusal.length);
        exchange.getResponseBody().write(refusal);
        return;
      }
      exchange.sendResponseHeaders(200, 0);
      if (exchange.getRequestMethod().equals("PATCH")) {
        exchange.getResponseBody().flush();
        if (hangs) Thread.sleep(Duration.ofMinutes(1));
        exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
        return;
      }
      for (String line = watch.take(); !line.equals(END); line = watch.take()) {
        exchange.getResponseBody().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String event(String type, long generation) {
    return """
        {"type":"%s","object":{"metadata":{"name":"node-1","uid":"u1","generation":%d},\
        "spec":{"requirements":[{"mode":"Enforce","minimum":64,"onDelete":"Restore",\
        "pods":[{"uid":"p1","namespace":"shop","name":"api-0"}],"later":1}]},\
        "status":{"bootId":"boot"}}}"""
        .formatted(type, generation);
  }

  @Test
  void theObjectIsToldWhenItComesAndWhenItChangesAndWhenItGoes() {
    watch.add(event("ADDED", 1));
    watch.add("{\"type\":\"BOOKMARK\",\"object\":{}}");
    watch.add(event("MODIFIED", 2));
    watch.add(event("DELETED", 2));

    await().until(() -> told.size() == 3);
    assertThat(told).containsExactly("u1/1 1 pods, boot", "u1/2 1 pods, boot", "deleted");
    assertThat(requests.getFirst())
        .startsWith("GET /apis/listenbacklog.io/v1alpha1/nodebacklogs?watch=true")
        .contains("fieldSelector=metadata.name%3Dnode-1");
    assertThat(watched.reached()).isTrue();
  }

  @Test
  void aWatchThatEndsIsBegunAgainFromWhatIsThere() {
    watch.add(event("ADDED", 1));
    watch.add(END);
    watch.add(event("ADDED", 2));

    await().until(() -> told.contains("u1/2 1 pods, boot"));
    assertThat(requests).noneMatch(each -> each.contains("resourceVersion"));
  }

  @Test
  void aWatchThatIsTooOldIsBegunAgain() {
    watch.add("{\"type\":\"ERROR\",\"object\":{\"code\":410,\"message\":\"too old\"}}");
    watch.add(END);
    watch.add(event("ADDED", 1));

    await().until(() -> told.contains("u1/1 1 pods, boot"));
  }

  @Test
  void anObjectThatMakesNoSenseDoesNotEndTheWatchForGood() {
    watch.add(
        """
        {"type":"ADDED","object":{"metadata":{},"spec":{"requirements":[{"mode":"Dance"}]}}}""");
    watch.add(END);
    watch.add(event("ADDED", 1));

    await().until(() -> told.contains("u1/1 1 pods, boot"));
  }

  /** As one that a later version wrote. */
  @Test
  void aStatusThatMakesNoSenseKeepsNoSpecAway() {
    watch.add(event("ADDED", 1).replace("\"bootId\":\"boot\"", "\"listeners\":\"many\""));

    await().until(() -> told.contains("u1/1 1 pods, no status"));
  }

  @Test
  void aResourceThatIsNotDefinedYetIsWaitedFor() {
    answer = 404;
    watch.add(END);
    await().until(() -> requests.size() >= 2);
    answer = 200;
    watch.add(event("ADDED", 1));

    await().until(() -> told.contains("u1/1 1 pods, boot"));
  }

  @Test
  void anApiServerThatComesBackIsFoundAgain() throws IOException {
    int port = server.getAddress().getPort();
    watch.add(event("ADDED", 1));
    await().until(() -> told.size() == 1);
    server.stop(0);
    watch.add(END);
    server = serve(port);
    watch.add(event("ADDED", 2));

    await().until(() -> told.contains("u1/2 1 pods, boot"));
  }

  @Test
  void theStatusIsAppliedUnderTheProbesOwnName() throws IOException, InterruptedException {
    writer.write(
        new NodeBacklogStatus(3L, "boot", List.of(), List.of(), List.of(), List.of(), List.of()));

    var patch =
        requests.stream().filter(each -> each.startsWith("PATCH")).findFirst().orElseThrow();
    assertThat(patch)
        .contains("/nodebacklogs/node-1/status?")
        .contains("fieldManager=listenbacklog.io-probe&force=true")
        .contains("\"apiVersion\":\"listenbacklog.io/v1alpha1\"")
        .contains("\"observedGeneration\":3")
        .doesNotContain("\"spec\"");
    assertThat(dates).as("each answer says what time it is").isNotEmpty();
  }

  @Test
  void aRefusalIsToldInTheWordsOfTheApiServer() {
    answer = 422;
    assertThatThrownBy(
            () ->
                writer.write(
                    new NodeBacklogStatus(
                        3L, "boot", List.of(), List.of(), List.of(), List.of(), List.of())))
        .hasMessage("the API server answered 422: no, said the test");
  }

  /** A connection that broke unnoticed, in the middle of an answer: the next write must come. */
  @Test
  void anAnswerThatNeverEndsIsNotWaitedForForEver() throws IOException {
    hangs = true;
    var api =
        ApiServer.of(Map.of("API_SERVER", "http://127.0.0.1:" + server.getAddress().getPort()));
    var impatient =
        new NodeBacklogStatusWriter(
            new ApiRequests(api, JSON, (theirs, took) -> {}, Duration.ofMillis(500)), "node-1");
    var status =
        new NodeBacklogStatus(3L, "boot", List.of(), List.of(), List.of(), List.of(), List.of());

    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatThrownBy(() -> impatient.write(status))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("broke off"));
  }

  @Test
  void outsideOfAPodItSaysWhatIsMissing() {
    assertThatThrownBy(() -> ApiServer.of(Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("KUBERNETES_SERVICE_HOST");
  }

  private final class Receiver implements NodeBacklogWatch.Receiver {
    @Override
    public void arrived(
        String objectUid, long generation, JsonNode read, @Nullable NodeBacklogStatus status)
        throws IOException {
      var spec = SpecReading.read(read, Json.mapper()).understood();
      int pods = spec.requirements().stream().mapToInt(each -> each.pods().size()).sum();
      String boot = status == null ? "no status" : status.bootId();
      told.add("%s/%d %d pods, %s".formatted(objectUid, generation, pods, boot));
    }

    @Override
    public void deleted() {
      told.add("deleted");
    }
  }
}
