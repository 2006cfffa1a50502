package io.listenbacklog.e2e.metrics;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Debian's Prometheus as a process of this machine, on a port of loopback that it picks itself. */
final class Prometheus implements AutoCloseable {
  private static final Pattern PORT =
      Pattern.compile("msg=\"Listening on\".* address=127\\.0\\.0\\.1:(\\d+)");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Process process;
  private final Path log;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final URI place;

  private Prometheus(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    place = URI.create("http://127.0.0.1:" + port + "/");
  }

  /** One answer of an instant query. */
  record Sample(Map<String, String> labels, double value) {
    Sample {
      labels = Map.copyOf(labels);
    }

    String label(String name) {
      return labels.getOrDefault(name, "");
    }
  }

  /** One answer of a query over a time. */
  record Series(Map<String, String> labels, SortedMap<Instant, Double> values) {
    Series {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * An alert that holds now.
   *
   * @param state pending or firing
   */
  record Alert(Map<String, String> labels, Map<String, String> annotations, String state) {
    Alert {
      labels = Map.copyOf(labels);
      annotations = Map.copyOf(annotations);
    }

    boolean isFiring() {
      return state.equals("firing");
    }

    String label(String name) {
      return labels.getOrDefault(name, "");
    }
  }

  /** A rule, and what became of it when it was evaluated last: {@code ok}, {@code err}, unknown. */
  record Rule(String name, String health, String error) {}

  /** What is scraped, and what came of it last: {@code up}, {@code down}, unknown. */
  record Target(Map<String, String> labels, String health, String error) {
    Target {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * Starts one, and waits until it answers.
   *
   * @param folder for all it reads and writes; its settings name files there
   * @param settings as in prometheus.yml
   */
  static Prometheus start(Path folder, Map<String, ?> settings) throws IOException {
    install();
    Path file = folder.resolve("prometheus.yml");
    Files.writeString(file, Serialization.asYaml(settings));
    Path log = folder.resolve("prometheus.log");
    var process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:0")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      int port =
          await()
              .atMost(Duration.ofMinutes(1))
              .failFast("prometheus ended: " + log, () -> !process.isAlive())
              .until(() -> port(log), found -> found > 0);
      var started = new Prometheus(process, log, port);
      await().atMost(Duration.ofMinutes(1)).until(started::isReady);
      return started;
    } catch (RuntimeException e) {
      process.destroyForcibly();
      throw new AssertionError(Files.readString(log), e);
    }
  }

  /** As {@code examples/cluster} installs what it needs. */
  private static void install() {
    Command.of(
            "bash",
            "-c",
            ". \"$0\"; need prometheus:prometheus promtool:prometheus",
            TestCluster.sources().resolve("examples/cluster/tools.sh").toString())
        .within(Duration.ofMinutes(10))
        .showing()
        .succeed();
  }

  private static int port(Path log) throws IOException {
    var found = PORT.matcher(Files.readString(log));
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }

  private boolean isReady() throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(place.resolve("-/ready")).build();
    return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
  }

  /** What holds now; a query that it does not understand fails the test. */
  List<Sample> query(String query) {
    return all(get("query", Map.of("query", query)).path("result"))
        .map(each -> new Sample(texts(each.path("metric")), number(each.path("value").path(1))))
        .toList();
  }

  List<Series> query(String query, Instant from, Instant to, Duration step) {
    return all(get(
                "query_range",
                Map.of(
                    "query", query,
                    "start", from.toString(),
                    "end", to.toString(),
                    "step", Long.toString(step.toSeconds())))
            .path("result"))
        .map(
            each -> {
              var values = new TreeMap<Instant, Double>();
              for (JsonNode point : each.path("values")) {
                values.put(
                    Instant.ofEpochMilli((long) (point.path(0).asDouble() * 1000)),
                    number(point.path(1)));
              }
              return new Series(texts(each.path("metric")), values);
            })
        .toList();
  }

  /** The values of a label in the series that a selector names. */
  List<String> labelValues(String label, String selector) {
    return all(get("label/" + label + "/values", Map.of("match[]", selector)))
        .map(JsonNode::asText)
        .toList();
  }

  List<Alert> alerts() {
    return all(get("alerts", Map.of()).path("alerts"))
        .map(
            each ->
                new Alert(
                    texts(each.path("labels")),
                    texts(each.path("annotations")),
                    each.path("state").asText()))
        .toList();
  }

  List<Rule> rules() {
    return all(get("rules", Map.of()).path("groups"))
        .flatMap(group -> all(group.path("rules")))
        .map(
            each ->
                new Rule(
                    each.path("name").asText(),
                    each.path("health").asText(),
                    each.path("lastError").asText()))
        .toList();
  }

  List<Target> targets() {
    return all(get("targets", Map.of("state", "active")).path("activeTargets"))
        .map(
            each ->
                new Target(
                    texts(each.path("labels")),
                    each.path("health").asText(),
                    each.path("lastError").asText()))
        .toList();
  }

  /** The {@code data} of an answer of its API. */
  private JsonNode get(String path, Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .sorted(Entry.comparingByKey(Comparator.naturalOrder()))
            .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
            .collect(joining("&"));
    var request =
        HttpRequest.newBuilder(place.resolve("api/v1/" + path + "?" + query))
            .timeout(Duration.ofSeconds(30))
            .build();
    try {
      String text = http.send(request, BodyHandlers.ofString()).body();
      JsonNode answer = JSON.readTree(text);
      if (!answer.path("status").asText().equals("success")) {
        throw new AssertionError(path + " " + parameters + ": " + text);
      }
      return answer.path("data");
    } catch (IOException e) {
      throw new UncheckedIOException("its log is " + log, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Stream<JsonNode> all(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static Map<String, String> texts(JsonNode object) {
    var texts = new TreeMap<String, String>();
    for (var each : object.properties()) texts.put(each.getKey(), each.getValue().asText());
    return texts;
  }

  /** Prometheus writes numbers as texts, for NaN and +Inf are no JSON. */
  private static double number(JsonNode text) {
    return switch (text.asText()) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text.asText());
    };
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
