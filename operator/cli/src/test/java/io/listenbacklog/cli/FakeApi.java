package io.listenbacklog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An API server that answers what it is told to, and the command as somebody types it. */
final class FakeApi implements AutoCloseable {
  private final MockWebServer server = new MockWebServer();
  private final Map<String, Supplier<MockResponse>> answers = new ConcurrentHashMap<>();
  private final Path kubeconfig;
  private volatile boolean forbiddingAll;
  private volatile Supplier<MockResponse> otherwise =
      () -> new MockResponse().setResponseCode(404).setBody("404 page not found");

  /** What the command wrote, and its exit status. */
  record Ran(int status, String out, String err) {}

  FakeApi() {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            String path = String.valueOf(request.getPath()).replaceAll("\\?.*", "");
            var answer = answers.get(path);
            if (answer == null && forbiddingAll) return forbidden(request);
            return answer == null ? otherwise.get() : answer.get();
          }
        });
    server.start();
    kubeconfig = kubeconfig("http://localhost:" + server.getPort());
  }

  static Path kubeconfig(String server) {
    try {
      var file = Files.createTempFile("kubeconfig", ".yaml");
      file.toFile().deleteOnExit();
      Files.writeString(
          file,
          """
          apiVersion: v1
          kind: Config
          current-context: test
          clusters: [{name: test, cluster: {server: "%s"}}]
          users: [{name: test, user: {token: none}}]
          contexts: [{name: test, context: {cluster: test, user: test, namespace: shop}}]
          """
              .formatted(server));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FakeApi answering(String path, String body) {
    answers.put(
        path,
        () ->
            new MockResponse()
                .setResponseCode(200)
                .setHeader("Content-Type", body.startsWith("{") ? "application/json" : "text/plain")
                .setBody(body));
    return this;
  }

  FakeApi answering(String path, Supplier<MockResponse> answer) {
    answers.put(path, answer);
    return this;
  }

  /** What all else is answered with. */
  FakeApi answeringAllElse(Supplier<MockResponse> answer) {
    otherwise = answer;
    return this;
  }

  /** As an API server refuses who has no right. */
  FakeApi forbidding(String path, String verb, String resource, String group, String where) {
    answers.put(
        path,
        () ->
            new MockResponse()
                .setResponseCode(403)
                .setHeader("Content-Type", "application/json")
                .setBody(
                    """
                    {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403,
                     "message": "%s is forbidden: User \\"eve\\" cannot %s resource \\"%s\\" in API group \\"%s\\" %s"}
                    """
                        .formatted(resource, verb, resource, group, where.replace("\"", "\\\""))));
    return this;
  }

  /** As an API server refuses whoever has no right at all. */
  FakeApi forbiddingAll() {
    forbiddingAll = true;
    return this;
  }

  /** Verb, group, resource and namespace, as the API server has them, of a request. */
  private static MockResponse forbidden(RecordedRequest request) {
    String path = String.valueOf(request.getPath()).replaceAll("\\?.*", "");
    var parts =
        Pattern.compile(
                "/(?:api/v1|apis/(?<group>[^/]+)/[^/]+)(?:/namespaces/(?<namespace>[^/]+))?/(?<resource>[a-z]+)(?<name>/.+)?")
            .matcher(path);
    if (!parts.matches()) return status(403, "Forbidden", "forbidden");
    String verb =
        switch (String.valueOf(request.getMethod())) {
          case "GET" -> parts.group("name") == null ? "list" : "get";
          case "PATCH" -> "patch";
          default -> "update";
        };
    String group = parts.group("group") == null ? "" : parts.group("group");
    String where =
        parts.group("namespace") == null
            ? "at the cluster scope"
            : "in the namespace \\\"%s\\\"".formatted(parts.group("namespace"));
    return status(
        403,
        "Forbidden",
        "%s is forbidden: User \\\"eve\\\" cannot %s resource \\\"%s\\\" in API group \\\"%s\\\" %s"
            .formatted(parts.group("resource"), verb, parts.group("resource"), group, where));
  }

  /** A Status, as an API server refuses with. */
  static MockResponse status(int code, String reason, String message) {
    return new MockResponse()
        .setResponseCode(code)
        .setHeader("Content-Type", "application/json")
        .setBody(
            "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"reason\": \"%s\", \"code\": %d, \"message\": \"%s\"}"
                .formatted(reason, code, message));
  }

  /** What is no API server's. */
  static MockResponse page(int code, String body) {
    return new MockResponse()
        .setResponseCode(code)
        .setHeader("Content-Type", "text/html")
        .setBody(body);
  }

  /** Probes of so many nodes, {@code node-0} and so on, in namespace {@code operator}. */
  FakeApi withProbes(int nodes) {
    return answering("/api/v1/pods", probes(nodes));
  }

  /** The PodList of the probes of so many nodes. */
  static String probes(int nodes) {
    String pods =
        IntStream.range(0, nodes)
            .mapToObj(
                i ->
                    """
                    {"metadata": {"namespace": "operator", "name": "probe-%d"},
                     "spec": {"nodeName": "node-%d", "containers": [{"name": "probe",
                       "ports": [{"name": "http", "containerPort": 8080}]}]}}
                    """
                        .formatted(i, i))
            .collect(Collectors.joining(","));
    return list("PodList", pods);
  }

  static String list(String kind, String items) {
    return "{\"kind\": \"%s\", \"apiVersion\": \"v1\", \"metadata\": {}, \"items\": [%s]}"
        .formatted(kind, items);
  }

  static String metricsOf(int probe) {
    return "/api/v1/namespaces/operator/pods/probe-%d:8080/proxy/metrics".formatted(probe);
  }

  /** What a probe tells of one listener, all else being zero. */
  static String listener(
      String namespace, String pod, int socket, int limit, int queue, int peak, int overflows) {
    String labels =
        "{namespace=\"%s\",pod=\"%s\",container=\"api\",address=\"0.0.0.0:%d\",socket=\"%d\"} "
            .formatted(namespace, pod, 8000 + socket, socket);
    return """
    listenbacklog_listener_backlog%1$s%2$d
    listenbacklog_listener_queue_connections%1$s%3$d
    listenbacklog_listener_required_backlog%1$s0
    listenbacklog_listener_overflows_total%1$s%5$d
    listenbacklog_listener_queue_peak_connections%1$s%4$d
    listenbacklog_listener_queue_peak_timestamp_seconds%1$s1795856400
    listenbacklog_listener_watched_seconds%1$s7300.5
    listenbacklog_listener_queue_memory_limit_bytes%1$s%6$d
    """
        .formatted(labels, limit, queue, peak, overflows, (limit + 1) * 131072L);
  }

  static String probe(String... listeners) {
    return String.join("", listeners) + "listenbacklog_probe_sweeps_total 7\n";
  }

  /** Runs the command into a pipe. */
  Ran run(String... arguments) {
    return run(Terminal.NONE, arguments);
  }

  Ran run(Terminal terminal, String... arguments) {
    return run(kubeconfig, terminal, arguments);
  }

  static Ran run(Path kubeconfig, Terminal terminal, String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--kubeconfig";
    all[arguments.length + 1] = kubeconfig.toString();
    int status =
        BacklogCommand.commandLine(terminal)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(all);
    return new Ran(status, out.toString(), err.toString());
  }

  /** Runs the command into a pipe that nobody reads any more; its exit status. */
  int runIntoAClosedPipe(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    var broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    return BacklogCommand.commandLine(Terminal.NONE)
        .setOut(new PrintWriter(broken, true, UTF_8))
        .setErr(new PrintWriter(new StringWriter(), true))
        .execute(all.toArray(String[]::new));
  }

  @Override
  public void close() {
    server.shutdown();
  }
}
