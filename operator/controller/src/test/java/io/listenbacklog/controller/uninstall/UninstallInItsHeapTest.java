package io.listenbacklog.controller.uninstall;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.listenbacklog.controller.ControllerMain;
import io.listenbacklog.controller.ImageFlags;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As the Job runs it, with 64 MiB of heap, which 500 nodes of 80 listeners filled. */
class UninstallInItsHeapTest {
  private static final String BACKLOGS = "/apis/listenbacklog.io/v1alpha1/nodebacklogs";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<String> emptied = ConcurrentHashMap.newKeySet();
  private final Set<String> deleted = ConcurrentHashMap.newKeySet();
  private HttpServer api;
  private int nodes;
  private String status = "";

  @BeforeEach
  void start() throws IOException {
    api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    api.setExecutor(threads);
    api.createContext("/", this::answer);
    api.start();
  }

  @AfterEach
  void stop() {
    api.stop(0);
    threads.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({"500, 80", "30, 1200"})
  void allAreEmptiedAndRemoved(int number, int listeners) throws Exception {
    nodes = number;
    status =
        IntStream.range(0, listeners)
            .mapToObj(UninstallInItsHeapTest::listener)
            .collect(Collectors.joining(",", "[", "]"));
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(ImageFlags.of("uninstall"));
    assertThat(command).contains("-Xmx64m");
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-cp");
    command.add(classPath());
    command.add(ControllerMain.class.getName());
    command.add("uninstall");
    var builder = new ProcessBuilder(command).inheritIO();
    builder
        .environment()
        .put("KUBERNETES_MASTER", "http://127.0.0.1:" + api.getAddress().getPort());
    builder.environment().put("KUBECONFIG", "/dev/null");
    builder.environment().put("POD_NAMESPACE", "operator");
    builder.environment().put("POD_NAME", "uninstall-x");
    builder.environment().put("UNINSTALL_JOB", "uninstall");
    builder.environment().put("CONTROLLER_DEPLOYMENT", "controller");
    builder.environment().put("UNINSTALL_TIMEOUT_SECONDS", "5");

    var job = builder.start();
    try {
      assertThat(job.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(job.exitValue()).isZero();
    } finally {
      job.destroyForcibly();
    }
    assertThat(emptied).hasSize(number);
    assertThat(deleted).hasSize(number);
  }

  private static String listener(int number) {
    return """
    {"pod":{"uid":"6f1c2b1e-9a3d-4c5e-8f70-0123456789ab","namespace":"shop","name":"api-7c5d9b6f4d-x%d"},
     "policy":{"kind":"BacklogPolicy","namespace":"shop","name":"api","uid":"5d1c2b1e-9a3d-4c5e-8f70-0123456789ab","generation":1},
     "container":"api","process":"python3","pid":71,"address":"0.0.0.0:%d","inode":7000,"cookie":9000,
     "networkNamespace":4026531840,"verdict":"Sufficient","backlog":64,"requested":5,"required":64,"somaxconn":4096,
     "since":"2026-11-28T09:00:00Z",
     "remedy":{"original":5,"applied":64,"at":"2026-11-28T09:00:00Z","onDelete":"Restore"}}"""
        .formatted(number, 10_000 + number);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String answer =
        switch (exchange.getRequestMethod()) {
          case "PATCH" -> {
            if (path.startsWith(BACKLOGS) && isEmptying(body)) emptied.add(path);
            yield path.startsWith(BACKLOGS) ? backlog(path, "") : "{}";
          }
          case "DELETE" -> {
            deleted.add(path);
            yield "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}";
          }
          default -> get(path, String.valueOf(exchange.getRequestURI().getQuery()));
        };
    // Its account may list, create, patch and delete them.
    boolean refused = exchange.getRequestMethod().equals("GET") && path.startsWith(BACKLOGS + "/");
    try (exchange) {
      var bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(refused ? 403 : 200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static boolean isEmptying(String body) {
    return body.contains("\"requirements\":[]") && body.contains("\"uid\":\"u\"");
  }

  private String get(String path, String query) {
    if (path.endsWith("/jobs/uninstall")) {
      return "{\"kind\":\"Job\",\"apiVersion\":\"batch/v1\",\"metadata\":{\"name\":\"uninstall\",\"managedFields\":[{\"manager\":\"helm\"}]}}";
    }
    if (path.endsWith("/deployments/controller")) {
      return "{\"kind\":\"Deployment\",\"apiVersion\":\"apps/v1\",\"metadata\":{\"name\":\"controller\"},\"spec\":{\"replicas\":1,\"selector\":{\"matchLabels\":{\"app\":\"controller\"}}}}";
    }
    if (!path.equals(BACKLOGS)) {
      return "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[]}";
    }
    // As the API server pages: by the limit that is asked for, whatever it is.
    int limit = nodes;
    int from = 0;
    for (String each : query.split("&", -1)) {
      if (each.startsWith("limit=")) limit = Integer.parseInt(each.substring(6));
      if (each.startsWith("continue=")) from = Integer.parseInt(each.substring(9));
    }
    int to = Math.min(nodes, from + limit);
    String next = to < nodes ? "\"continue\":\"" + to + "\"" : "";
    return IntStream.range(from, to)
        .mapToObj(
            i ->
                backlog(BACKLOGS + "/node-" + i, "{\"mode\":\"Enforce\",\"onDelete\":\"Restore\"}"))
        .collect(
            Collectors.joining(
                ",",
                "{\"kind\":\"NodeBacklogList\",\"apiVersion\":\"listenbacklog.io/v1alpha1\",\"metadata\":{"
                    + next
                    + "},\"items\":[",
                "]}"));
  }

  private String backlog(String path, String requirement) {
    return """
    {"kind":"NodeBacklog","apiVersion":"listenbacklog.io/v1alpha1",
     "metadata":{"name":"%s","generation":2,"ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"n","uid":"u"}]},
     "spec":{"requirements":[%s]},"status":{"observedGeneration":2,"listeners":%s}}"""
        .formatted(path.substring(path.lastIndexOf('/') + 1), requirement, status);
  }

  /** Of this test, by whatever it was started. */
  private static String classPath() {
    return UninstallInItsHeapTest.class.getClassLoader() instanceof URLClassLoader loader
        ? Arrays.stream(loader.getURLs())
            .map(URL::getPath)
            .collect(Collectors.joining(File.pathSeparator))
        : System.getProperty("java.class.path");
  }
}
