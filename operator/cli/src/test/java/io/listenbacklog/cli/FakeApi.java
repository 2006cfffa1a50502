package io.listenbacklog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * An API server that answers what it is told to, and the command as somebody types it. Over TLS it
 * speaks HTTP/2, as a real one does.
 */
final class FakeApi implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Map<String, Supplier<Answer>> answers = new ConcurrentHashMap<>();
  private final Path kubeconfig;
  private volatile boolean forbiddingAll;
  private volatile @Nullable HttpServerRequest last;
  private volatile Supplier<Answer> otherwise = () -> page(404, "404 page not found");

  /** What the command wrote, and its exit status. */
  record Ran(int status, String out, String err) {}

  /** How an answer's body ends. */
  enum Ending {
    WHOLE,
    /** It stops, and the connection stays. */
    NEVER,
    /** More was announced, and the connection is closed. */
    CUT_OFF,
    /** Byte after byte comes soon enough, and never the last one. */
    TRICKLING
  }

  /** Whether an answer is compressed. */
  enum Packing {
    /** By gzip, for who takes that, as probes do. */
    AS_ASKED,
    /** As older probes answer. */
    NONE
  }

  /**
   * An answer.
   *
   * @param after milliseconds from the request to it
   */
  record Answer(int status, String type, String body, Ending ending, long after, Packing packing) {
    static Answer of(String body) {
      String type = body.startsWith("{") ? "application/json" : "text/plain";
      return new Answer(200, type, body, Ending.WHOLE, 0, Packing.AS_ASKED);
    }

    Answer ending(Ending how) {
      return new Answer(status, type, body, how, after, packing);
    }

    Answer after(long millis) {
      return new Answer(status, type, body, ending, millis, packing);
    }

    Answer uncompressed() {
      return new Answer(status, type, body, ending, after, Packing.NONE);
    }
  }

  FakeApi() {
    this(new HttpServerOptions(), "http", "");
  }

  private FakeApi(HttpServerOptions options, String scheme, String trusted) {
    server =
        vertx
            .createHttpServer(options.setHost("localhost").setPort(0).setCompressionSupported(true))
            .requestHandler(request -> threads.execute(() -> handle(request)))
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    kubeconfig =
        kubeconfig("server: \"%s://localhost:%d\"".formatted(scheme, server.actualPort()), trusted);
  }

  /** One with a certificate for localhost, which its kubeconfig trusts. */
  static FakeApi overTls() {
    var certificate = Certificate.forLocalhost();
    var options =
        new HttpServerOptions().setSsl(true).setUseAlpn(true).setKeyCertOptions(certificate.key());
    String trusted =
        ", certificate-authority-data: "
            + Base64.getEncoder().encodeToString(certificate.pem().getBytes(UTF_8));
    return new FakeApi(options, "https", trusted);
  }

  private void handle(HttpServerRequest request) {
    last = request;
    try {
      var told = answers.get(request.path());
      var answer = told != null ? told.get() : forbiddingAll ? forbidden(request) : otherwise.get();
      if (answer.after() > 0 && over.await(answer.after(), TimeUnit.MILLISECONDS)) return;
      write(request, answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(HttpServerRequest request, Answer answer) throws InterruptedException {
    var response = request.response().setStatusCode(answer.status());
    response.putHeader("Content-Type", answer.type());
    if (answer.packing() == Packing.NONE) response.putHeader("Content-Encoding", "identity");
    switch (answer.ending()) {
      case WHOLE -> response.end(answer.body());
      case CUT_OFF -> {
        int length = answer.body().getBytes(UTF_8).length + 100_000;
        response.putHeader("Content-Length", Integer.toString(length));
        response.write(answer.body()).onComplete(_ -> request.connection().close());
      }
      case NEVER -> response.setChunked(true).write(answer.body());
      case TRICKLING -> {
        response.setChunked(true).write(answer.body());
        while (!over.await(50, TimeUnit.MILLISECONDS)) response.write(" ");
      }
    }
  }

  /** What asks this API server. */
  Path kubeconfig() {
    return kubeconfig;
  }

  /** The same with another user, as a kubeconfig has him. */
  Path kubeconfigOf(String user) {
    try {
      var file = Files.createTempFile("kubeconfig", ".yaml");
      file.toFile().deleteOnExit();
      return Files.writeString(
          file, Files.readString(kubeconfig).replace("{token: none}", "{%s}".formatted(user)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the last request says in headers of this name. */
  List<String> lastHeaders(String name) {
    return Objects.requireNonNull(last).headers().getAll(name);
  }

  static Path kubeconfig(String server) {
    return kubeconfig("server: \"%s\"".formatted(server), "");
  }

  private static Path kubeconfig(String server, String trusted) {
    try {
      var file = Files.createTempFile("kubeconfig", ".yaml");
      file.toFile().deleteOnExit();
      Files.writeString(
          file,
          """
          apiVersion: v1
          kind: Config
          current-context: test
          clusters: [{name: test, cluster: {%s%s}}]
          users: [{name: test, user: {token: none}}]
          contexts: [{name: test, context: {cluster: test, user: test, namespace: shop}}]
          """
              .formatted(server, trusted));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FakeApi answering(String path, String body) {
    return answering(path, () -> Answer.of(body));
  }

  FakeApi answering(String path, Supplier<Answer> answer) {
    answers.put(path, answer);
    return this;
  }

  /** What all else is answered with. */
  FakeApi answeringAllElse(Supplier<Answer> answer) {
    otherwise = answer;
    return this;
  }

  /** As an API server refuses who has no right. */
  FakeApi forbidding(String path, String verb, String resource, String group, String where) {
    return answering(path, () -> forbidden(verb, resource, group, where.replace("\"", "\\\"")));
  }

  /** As an API server refuses whoever has no right at all. */
  FakeApi forbiddingAll() {
    forbiddingAll = true;
    return this;
  }

  /** Verb, group, resource and namespace, as the API server has them, of a request. */
  private static Answer forbidden(HttpServerRequest request) {
    var parts =
        Pattern.compile(
                "/(?:api/v1|apis/(?<group>[^/]+)/[^/]+)(?:/namespaces/(?<namespace>[^/]+))?/(?<resource>[a-z]+)(?<name>/.+)?")
            .matcher(request.path());
    if (!parts.matches()) return status(403, "Forbidden", "forbidden");
    String verb =
        switch (request.method().name()) {
          case "GET" -> parts.group("name") == null ? "list" : "get";
          case "PATCH" -> "patch";
          default -> "update";
        };
    String group = parts.group("group") == null ? "" : parts.group("group");
    String where =
        parts.group("namespace") == null
            ? "at the cluster scope"
            : "in the namespace \\\"%s\\\"".formatted(parts.group("namespace"));
    return forbidden(verb, parts.group("resource"), group, where);
  }

  private static Answer forbidden(String verb, String resource, String group, String where) {
    return status(
        403,
        "Forbidden",
        "%s is forbidden: User \\\"eve\\\" cannot %s resource \\\"%s\\\" in API group \\\"%s\\\" %s"
            .formatted(resource, verb, resource, group, where));
  }

  /** A Status, as an API server refuses with. */
  static Answer status(int code, String reason, String message) {
    return answer(
        code,
        "application/json",
        "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"reason\": \"%s\", \"code\": %d, \"message\": \"%s\"}"
            .formatted(reason, code, message));
  }

  /** What is no API server's. */
  static Answer page(int code, String body) {
    return answer(code, "text/html", body);
  }

  private static Answer answer(int code, String type, String body) {
    return new Answer(code, type, body, Ending.WHOLE, 0, Packing.AS_ASKED);
  }

  /** Probes of so many nodes, {@code node-0} and so on, in namespace {@code operator}. */
  FakeApi withProbes(int nodes) {
    return answering("/api/v1/pods", probes(nodes));
  }

  /** The PodList of the probes of so many nodes. */
  static String probes(int nodes) {
    return list(
        "PodList",
        IntStream.range(0, nodes)
            .mapToObj(i -> probePod("probe-" + i, "node-" + i, true))
            .collect(Collectors.joining(",")));
  }

  /** The pod of a probe. */
  static String probePod(String name, String node, boolean ready) {
    return """
    {"metadata": {"namespace": "operator", "name": "%s"},
     "spec": {"nodeName": "%s", "containers": [{"name": "probe",
       "ports": [{"name": "http", "containerPort": 8080}]}]},
     "status": {"conditions": [{"type": "Ready", "status": "%s"}]}}
    """
        .formatted(name, node, ready ? "True" : "False");
  }

  /** Ready probes of these nodes, and no others. */
  FakeApi withReadyProbes(String... nodes) {
    return answering(
        "/api/v1/pods",
        list(
            "PodList",
            Stream.of(nodes)
                .map(node -> probePod("probe-of-" + node, node, true))
                .collect(Collectors.joining(","))));
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

  /** A NodeBacklog of one undersized listener that overflowed, of pod shop/web-1. */
  static String nodeBacklog() {
    return """
    {"apiVersion": "listenbacklog.io/v1alpha1", "kind": "NodeBacklog",
     "metadata": {"name": "n", "generation": 1}, "spec": {"requirements": []},
     "status": {"observedGeneration": 1, "listeners": [{
       "pod": {"uid": "u-n", "namespace": "shop", "name": "web-1"},
       "container": "c", "process": "p", "pid": 1,
       "address": "0.0.0.0:80", "networkNamespace": 1, "inode": 1, "cookie": "1",
       "backlog": 5, "requested": 5, "required": 64, "somaxconn": 4096,
       "verdict": "UndersizedByApplication", "since": "2026-11-22T10:00:00Z",
       "overflow": {"attempts": 34, "queue": 6, "backlog": 5, "times": 2,
         "since": "2026-11-22T10:00:00Z", "last": "2026-11-22T10:00:00Z"}}]}}
    """;
  }

  /** Runs the command into a pipe. */
  Ran run(String... arguments) {
    return run(Terminal.NONE, arguments);
  }

  Ran run(Terminal terminal, String... arguments) {
    return run(kubeconfig, terminal, arguments);
  }

  static Ran run(Path kubeconfig, Terminal terminal, String... arguments) {
    return run(BacklogCommand.commandLine(terminal), kubeconfig, arguments);
  }

  /** Runs the command with another patience than it has for people. */
  Ran runWaiting(int answerMillis, String... arguments) {
    return run(BacklogCommand.commandLine(Terminal.NONE, answerMillis), kubeconfig, arguments);
  }

  private static Ran run(CommandLine command, Path kubeconfig, String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--kubeconfig";
    all[arguments.length + 1] = kubeconfig.toString();
    int status =
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(all);
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
    over.countDown();
    server.close().toCompletionStage().toCompletableFuture().join();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    threads.close();
  }
}
