import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An API server with probes behind its pod proxy, each with as many listeners: {@code java
 * Probes.java PROBES LISTENERS MILLIS KUBECONFIG}. A probe takes so many milliseconds to answer, as
 * one of another node does. Runs until standard input ends.
 */
final class Probes {
  public static void main(String[] args) throws Exception {
    int probes = Integer.parseInt(args[0]);
    int listeners = Integer.parseInt(args[1]);
    int millis = Integer.parseInt(args[2]);
    byte[] pods = pods(probes).getBytes(UTF_8);
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          boolean metrics = path.endsWith("/proxy/metrics");
          try {
            if (metrics) Thread.sleep(millis);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          byte[] answer = metrics ? metrics(path, listeners) : pods;
          String type = metrics ? "text/plain; version=0.0.4" : "application/json";
          exchange.getResponseHeaders().set("Content-Type", type);
          exchange.sendResponseHeaders(
              path.endsWith("/pods") || metrics ? 200 : 404, answer.length);
          try (var body = exchange.getResponseBody()) {
            body.write(answer);
          }
        });
    server.start();
    Files.writeString(
        Path.of(args[3]),
        """
        apiVersion: v1
        kind: Config
        current-context: bench
        clusters: [{name: bench, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: bench, user: {token: none}}]
        contexts: [{name: bench, context: {cluster: bench, user: bench, namespace: shop}}]
        """
            .formatted(server.getAddress().getPort()));
    while (System.in.read() >= 0) {}
    server.stop(0);
  }

  private static String pods(int probes) {
    return IntStream.range(0, probes)
        .mapToObj(
            i ->
                """
                {"metadata": {"namespace": "operator", "name": "probe-%d"},
                 "spec": {"nodeName": "node-%d", "containers": [{"name": "probe",
                   "ports": [{"name": "http", "containerPort": 8080}]}]}}
                """
                    .formatted(i, i))
        .collect(
            Collectors.joining(
                ",",
                "{\"kind\": \"PodList\", \"apiVersion\": \"v1\", \"metadata\": {}, \"items\": [",
                "]}"));
  }

  /** Eight series a listener, as a probe writes them. */
  private static byte[] metrics(String path, int listeners) {
    String pod = path.replaceAll(".*/pods/|:8080/.*", "");
    var text = new StringBuilder();
    for (int i = 0; i < listeners; i++) {
      String labels =
          "{namespace=\"shop\",pod=\"api-of-%s-%d\",container=\"api\",address=\"0.0.0.0:%d\",socket=\"%d\"} "
              .formatted(pod, i / 4, 8000 + i % 4, 1000 + i);
      for (String each :
          new String[] {
            "backlog%s128",
            "queue_connections%s" + i % 100,
            "required_backlog%s64",
            "overflows_total%s" + i,
            "queue_peak_connections%s100",
            "queue_peak_timestamp_seconds%s1795856400",
            "watched_seconds%s7300.5",
            "queue_memory_limit_bytes%s16908288"
          }) {
        text.append("listenbacklog_listener_").append(each.formatted(labels)).append('\n');
      }
    }
    return text.append("listenbacklog_probe_sweeps_total 7\n").toString().getBytes(UTF_8);
  }
}
