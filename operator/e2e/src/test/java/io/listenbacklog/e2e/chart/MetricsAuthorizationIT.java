package io.listenbacklog.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets {@code /metrics} with {@code metrics.authorization: true}: the API server decides. */
@OnTestCluster
class MetricsAuthorizationIT {
  /** Requests each place's metrics as each of these users, and prints the answers. */
  private static final String ASKS =
      """
      import time, urllib.error, urllib.request
      def answer(place, token):
          request = urllib.request.Request("http://%s:8080/metrics" % place)
          if token: request.add_header("Authorization", "Bearer " + token)
          try:
              with urllib.request.urlopen(request, timeout=30) as all:
                  return "%d %d" % (all.status, b"\\nlistenbacklog_" in all.read())
          except urllib.error.HTTPError as e:
              return "%d 0" % e.code
          except OSError as e:
              return "failed " + type(e).__name__
      for who, token in TOKENS:
          for part, place in PLACES:
              print("answered", part, who, answer(place, token))
      print("done")
      while True: time.sleep(3600)
      """;

  @AfterEach
  void bringBack(TestCluster cluster) {
    cluster.installOperator();
  }

  @Test
  void onlyWhoMayReadThemGetsThem(TestCluster cluster, TestNamespace namespace) {
    cluster.installOperator(List.of("metrics.authorization=true"));
    cluster.awaitOperator();
    for (String each : List.of("prometheus", "stranger")) {
      namespace.kubectl("create", "serviceaccount", each);
    }
    String binding = "scrapes-" + namespace.name();
    namespace.kubectl(
        "create",
        "clusterrolebinding",
        binding,
        "--clusterrole=listen-backlog-operator-metrics-reader",
        "--serviceaccount=" + namespace.name() + ":prometheus");
    try {
      var tokens = new ArrayList<String>();
      for (String each : List.of("prometheus", "stranger")) {
        tokens.add(
            "('%s', '%s')".formatted(each, namespace.kubectl("create", "token", each).strip()));
      }
      tokens.add("('nobody', '')");
      tokens.add("('forger', 'eyJhbGciOiJSUzI1NiJ9.e30.none')");
      var places = new ArrayList<String>();
      for (String component : List.of("controller", "probe")) {
        for (Pod each : cluster.operator(component).values()) {
          places.add("('%s', '%s')".formatted(component, each.getStatus().getPodIP()));
        }
      }
      namespace.python(
          "asks",
          "",
          ASKS.replace("TOKENS", tokens.toString()).replace("PLACES", places.toString()));
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> namespace.kubectl("logs", "asks").contains("done"));

      var answers = new TreeMap<String, String>();
      namespace
          .kubectl("logs", "asks")
          .lines()
          .filter(line -> line.startsWith("answered "))
          .map(line -> line.split(" ", 4))
          .forEach(
              words ->
                  answers.merge(
                      words[1] + " to " + words[2], words[3], MetricsAuthorizationIT::both));
      assertThat(answers)
          .isEqualTo(
              new TreeMap<>(
                  Map.of(
                      "controller to prometheus", "200 1",
                      "controller to stranger", "403 0",
                      "controller to nobody", "401 0",
                      "controller to forger", "401 0",
                      "probe to prometheus", "200 1",
                      "probe to stranger", "403 0",
                      "probe to nobody", "401 0",
                      "probe to forger", "401 0")));
    } finally {
      namespace.kubectl("delete", "clusterrolebinding", binding);
    }
  }

  /** All probes must answer the same. */
  private static String both(String one, String other) {
    return one.equals(other) ? one : one + ", but " + other;
  }
}
