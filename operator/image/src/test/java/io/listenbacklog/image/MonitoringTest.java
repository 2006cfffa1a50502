package io.listenbacklog.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the chart has for Prometheus and Grafana: read by Prometheus' own tool, and held to the
 * docs.
 */
class MonitoringTest {
  private static final Path DOCS = Path.of("../../docs");
  private static final String RUNBOOKS = "https://wiki.example/listen-backlog";
  private static final Chart CHART =
      Chart.with(
          Map.of(
              "prometheusRule.enabled", true,
              "grafana.enabled", true,
              "podMonitor.enabled", true,
              "prometheusRule.runbooks", RUNBOOKS,
              "prometheusRule.additionalLabels.release", "prom"));
  private static final Pattern METRIC = Pattern.compile("listenbacklog_[a-z_]+");

  @TempDir Path folder;

  @Test
  void withoutBeingAskedForThereIsNoneOfIt() {
    var plain = Chart.withDefaults();
    assertThat(plain.kind("PrometheusRule")).isEmpty();
    assertThat(plain.kind("ConfigMap").map(each -> each.at("/metadata/name").asText()))
        .noneMatch(name -> name.endsWith("-dashboard"));
  }

  @Test
  void eachAlertFiresOnWhatItIsForAndOnNothingElse() throws Exception {
    JsonNode rule = CHART.kind("PrometheusRule").findFirst().orElseThrow();
    assertThat(rule.at("/metadata/labels/release").asText()).isEqualTo("prom");
    Chart.YAML.writeValue(folder.resolve("alerts.yaml").toFile(), rule.path("spec"));
    Files.copy(Path.of("src/test/resources/alerts-test.yaml"), folder.resolve("alerts-test.yaml"));
    String tests = Files.readString(folder.resolve("alerts-test.yaml"));

    assertThat(alerts())
        .allSatisfy(
            each -> assertThat(tests).contains("alertname: " + each.path("alert").asText()));
    promtool("check", "rules", "alerts.yaml");
    promtool("test", "rules", "alerts-test.yaml");
  }

  @Test
  void eachAlertSaysWhatIsSoAndLeadsToItsRunbook() {
    assertThat(alerts())
        .hasSizeGreaterThanOrEqualTo(6)
        .allSatisfy(
            each -> {
              assertThat(each.at("/labels/severity").asText()).isIn("warning", "critical");
              assertThat(each.at("/annotations/summary").asText()).isNotBlank();
              assertThat(each.at("/annotations/description").asText()).endsWith(".");
              assertThat(each.at("/annotations/runbook_url").asText())
                  .isEqualTo(RUNBOOKS + "#" + each.path("alert").asText().toLowerCase(Locale.ROOT));
            });
  }

  /** A page for whoever is woken up: for each alert the same four questions, and no other alert. */
  @Test
  void eachAlertHasARunbookInFourParts() throws Exception {
    var sections =
        Pattern.compile("(?m)^## ")
            .splitAsStream(Files.readString(DOCS.resolve("runbooks.md")))
            .skip(1)
            .toList();

    assertThat(sections.stream().map(each -> each.lines().findFirst().orElseThrow()))
        .containsExactlyElementsOf(
            alerts().stream().map(each -> each.path("alert").asText()).toList());
    assertThat(sections)
        .allSatisfy(
            section ->
                assertThat(section.lines().filter(line -> line.startsWith("### ")))
                    .containsExactly(
                        "### Meaning", "### Impact", "### Diagnosis", "### Mitigation"))
        .allSatisfy(
            section ->
                assertThat(section.split("(?m)^### \\w+$"))
                    .allSatisfy(part -> assertThat(part).isNotBlank()));
  }

  /** Nobody is sent to a page that does not exist. */
  @Test
  void withoutAnAddressNoAlertHasARunbookUrl() {
    var plain = Chart.with(Map.of("prometheusRule.enabled", true));
    JsonNode rules =
        plain.kind("PrometheusRule").findFirst().orElseThrow().at("/spec/groups/0/rules");
    assertThat(rules).hasSameSizeAs(alerts());
    assertThat(rules)
        .allSatisfy(
            each -> {
              assertThat(each.at("/annotations/runbook_url").isMissingNode()).isTrue();
              assertThat(each.at("/annotations/description").asText()).isNotBlank();
            });
    assertThat(rules.toString()).doesNotContain("RUNBOOKS");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"docs/runbooks.md", "https://wiki.example/a page", "https://wiki.example/#a"})
  void whatIsNoAddressOfAPageIsRefused(String value) {
    assertThatThrownBy(() -> Chart.with(Map.of("prometheusRule.runbooks", value)))
        .hasMessageContaining("runbooks");
  }

  @Test
  void prometheusUnderstandsEachQueryOfTheDashboard() throws Exception {
    var rules = new ArrayList<Map<String, String>>();
    for (String query : queries()) {
      var rule = new LinkedHashMap<String, String>();
      rule.put("record", "query:" + rules.size());
      rule.put("expr", query.replace("$namespace", ".*"));
      rules.add(rule);
    }
    Chart.YAML.writeValue(
        folder.resolve("queries.yaml").toFile(),
        Map.of("groups", List.of(Map.of("name", "queries", "rules", rules))));

    promtool("check", "rules", "queries.yaml");
  }

  @Test
  void eachMetricThatIsAskedForExists() throws Exception {
    String reference = Files.readString(DOCS.resolve("metrics.md"));
    var asked = new TreeSet<String>();
    for (String each : queries())
      METRIC.matcher(each).results().forEach(it -> asked.add(it.group()));
    for (JsonNode each : alerts()) {
      METRIC.matcher(each.path("expr").asText()).results().forEach(it -> asked.add(it.group()));
    }

    assertThat(asked)
        .hasSizeGreaterThan(8)
        .allSatisfy(each -> assertThat(reference).contains("`" + each + "`"));
  }

  /** Else a metric about a pod would be called after the probe that tells of it. */
  @Test
  void whoseListenerItIsStandsInTheMetricsOwnLabels() {
    assertThat(
            CHART
                .kind("PodMonitor")
                .findFirst()
                .orElseThrow()
                .at("/spec/podMetricsEndpoints/0/honorLabels")
                .asBoolean())
        .isTrue();
  }

  private static List<JsonNode> alerts() {
    return StreamSupport.stream(
            CHART
                .kind("PrometheusRule")
                .findFirst()
                .orElseThrow()
                .at("/spec/groups/0/rules")
                .spliterator(),
            false)
        .toList();
  }

  private static List<String> queries() throws IOException {
    JsonNode map = CHART.one("ConfigMap", "-dashboard");
    assertThat(map.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
    JsonNode dashboard =
        JsonMapper.builder()
            .build()
            .readTree(map.at("/data/listen-backlog-operator.json").asText());
    var queries = dashboard.findValuesAsText("expr");
    assertThat(queries).hasSizeGreaterThan(8);
    return queries;
  }

  private void promtool(String... arguments) throws IOException, InterruptedException {
    boolean installed = Files.isExecutable(Path.of("/usr/bin/promtool"));
    if (Boolean.getBoolean("require.everything")) assertThat(installed).isTrue();
    Assumptions.assumeTrue(installed, "no /usr/bin/promtool: apt-get install prometheus");
    var command = new ArrayList<>(List.of("/usr/bin/promtool"));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
