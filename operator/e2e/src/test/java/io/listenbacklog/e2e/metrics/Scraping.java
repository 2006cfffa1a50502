package io.listenbacklog.e2e.metrics;

import static org.awaitility.Awaitility.await;

import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.metrics.Prometheus.Alert;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A Prometheus that scrapes the operator as the chart's PodMonitor says, with the right to read the
 * metrics and the chart's rules; and a namespace for what it shall see.
 */
final class Scraping implements AutoCloseable {
  private final TestCluster cluster;
  private final TestNamespace namespace;
  private final MonitoringObjects chart;
  private final String token;
  private final Prometheus prometheus;

  private Scraping(
      TestCluster cluster,
      TestNamespace namespace,
      MonitoringObjects chart,
      String token,
      Prometheus prometheus) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.chart = chart;
    this.token = token;
    this.prometheus = prometheus;
  }

  /**
   * Installs the operator with {@code metrics.authorization}, and waits until all of it is scraped.
   *
   * @param folder for Prometheus' files
   */
  static Scraping start(TestCluster cluster, Path folder) throws IOException {
    cluster.installOperator(List.of("metrics.authorization=true"));
    cluster.awaitOperator();
    var namespace = TestNamespace.create(cluster);
    namespace.kubectl("create", "serviceaccount", "prometheus");
    namespace.kubectl(
        "create",
        "clusterrolebinding",
        binding(namespace),
        "--clusterrole=listen-backlog-operator-metrics-reader",
        "--serviceaccount=" + namespace.name() + ":prometheus");
    String token = namespace.kubectl("create", "token", "prometheus").strip();
    Files.writeString(folder.resolve("token"), token);
    var chart = new MonitoringObjects(cluster);
    Files.writeString(folder.resolve("alerts.yaml"), chart.rules());
    var prometheus =
        Prometheus.start(
            folder,
            Map.of(
                "global",
                Map.of("evaluation_interval", MonitoringObjects.SCRAPE_SECONDS + "s"),
                "rule_files",
                List.of("alerts.yaml"),
                "scrape_configs",
                List.of(chart.scrape("token"))));
    var started = new Scraping(cluster, namespace, chart, token, prometheus);
    await().atMost(Duration.ofMinutes(1)).until(started::scrapesAll);
    return started;
  }

  private boolean scrapesAll() {
    var targets = prometheus.targets();
    return targets.size() == places("controller").size() + places("probe").size()
        && targets.stream().allMatch(each -> each.health().equals("up"));
  }

  TestNamespace namespace() {
    return namespace;
  }

  MonitoringObjects chart() {
    return chart;
  }

  Prometheus prometheus() {
    return prometheus;
  }

  /** Addresses of the pods of a component. */
  List<String> places(String component) {
    return cluster.operator(component).values().stream()
        .map(each -> Objects.requireNonNull(each.getStatus().getPodIP()))
        .toList();
  }

  /** What is scraped at an address of {@link #places}. */
  String exposition(String place) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + place + ":8080/metrics"))
            .header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(30))
            .build();
    try (var http = HttpClient.newHttpClient()) {
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) throw new AssertionError(answer + answer.body());
      return answer.body();
    }
  }

  /** The alert about a pod of the namespace, if it fires. */
  Optional<Alert> firing(String alert, String pod) {
    return about(alert, pod).filter(Alert::isFiring);
  }

  /** The alert about a pod of the namespace, if it holds or fires. */
  Optional<Alert> about(String alert, String pod) {
    return prometheus.alerts().stream()
        .filter(each -> each.label("alertname").equals(alert))
        .filter(each -> each.label("namespace").equals(namespace.name()))
        .filter(each -> each.label("pod").equals(pod))
        .findFirst();
  }

  /** Prometheus' own tool. */
  static Command promtool(String... words) {
    return Command.of("promtool").and(List.of(words));
  }

  private static String binding(TestNamespace namespace) {
    return "scrapes-" + namespace.name();
  }

  @Override
  public void close() {
    try {
      prometheus.close();
    } finally {
      namespace.kubectl("delete", "clusterrolebinding", binding(namespace));
      namespace.close();
    }
  }
}
