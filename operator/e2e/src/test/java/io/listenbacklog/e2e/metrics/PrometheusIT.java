package io.listenbacklog.e2e.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.e2e.harness.NeedsTestNodes;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.metrics.Dashboard.Panel;
import io.listenbacklog.e2e.metrics.Dashboard.Query;
import io.listenbacklog.e2e.metrics.Prometheus.Alert;
import io.listenbacklog.e2e.metrics.Prometheus.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a Prometheus answers and alerts while a listener overflows, one has stalled and one is
 * raised.
 */
@OnTestCluster(operator = false)
@NeedsTestNodes("lets a Prometheus of this machine scrape pods")
@TestInstance(Lifecycle.PER_CLASS)
class PrometheusIT {
  private static final Path RUNBOOKS = TestCluster.sources().resolve("docs/runbooks.md");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private Path rules;
  private Scraping scraping;
  private Instant began;

  @BeforeAll
  void putUnderLoad(TestCluster cluster, @TempDir Path folder) throws Exception {
    rules = folder.resolve("alerts.yaml");
    scraping = Scraping.start(cluster, folder);
    began = Instant.now();
    var namespace = scraping.namespace();
    Load.overflows(namespace, "overflows");
    Load.stalls(namespace, "stalls");
    Load.grows(namespace, "grows");
  }

  @AfterAll
  void stop() {
    if (scraping != null) scraping.close();
  }

  @Test
  void eachPanelOfTheDashboardHasAnAnswerToEachOfItsQueries() throws Exception {
    var dashboard = scraping.chart().dashboard();
    assertThat(dashboard.panels()).hasSizeGreaterThanOrEqualTo(8);
    var own = Map.of("namespace", scraping.namespace().name());
    for (var each : dashboard.variables()) {
      await()
          .atMost(MINUTE)
          .untilAsserted(
              () ->
                  assertThat(prometheus().labelValues(each.label(), each.selector()))
                      .as("the variable " + each.name())
                      .contains(own.get(each.name())));
    }
    var all = Map.of("namespace", dashboard.variables().getFirst().all());
    for (Panel panel : dashboard.panels()) {
      for (Query query : panel.queries()) {
        await()
            .atMost(MINUTE)
            .untilAsserted(
                () -> {
                  for (var values : List.of(own, all)) {
                    assertThat(prometheus().query(query.with(values)))
                        .as(panel.title() + ": " + query.with(values))
                        .isNotEmpty()
                        .allSatisfy(
                            line -> assertThat(query.legend(line.labels())).doesNotContain("{{"))
                        .allSatisfy(line -> assertThat(line.value()).isFinite().isNotNegative());
                  }
                });
      }
    }
    awaitLine("Fullest queues", 0, line -> pod(line, "overflows") && line.value() > 0.8);
    awaitLine("Connection attempts dropped", 0, line -> pod(line, "overflows"));
    awaitLine("Stalled", 0, line -> pod(line, "stalls") && line.value() >= 5);
    awaitLine("Backlog below", 0, line -> pod(line, "overflows") && line.value() == 64 - 5);
    awaitLine("Queue and limit", 0, line -> pod(line, "overflows") && line.value() >= 5);
    awaitLine("Queue and limit", 1, line -> pod(line, "grows") && line.value() > 8);
    awaitLine("Policies by condition", 0, line -> line.label("condition").equals("Compliant"));
    awaitLine("What the probes did", 0, line -> line.value() > 0);
    awaitLine("What the probes did", 1, line -> line.value() > 0);
    scraping.namespace().kubectl("delete", "backlogpolicy", "grows");
    awaitLine("What the probes did", 3, line -> line.value() > 0);
    awaitLine("The operator itself", 1, line -> line.value() > 0);

    if (System.getProperty("picture", "").equals("write")) {
      Thread.sleep(Duration.ofMinutes(2)); // so that there is something to see
      DashboardPicture.write(dashboard, all, prometheus(), began, Instant.now());
    }
  }

  @Test
  void eachRuleIsEvaluatedWithoutAnErrorAndPromtoolTakesTheFile() {
    await()
        .atMost(MINUTE)
        .untilAsserted(
            () ->
                assertThat(prometheus().rules())
                    .hasSizeGreaterThanOrEqualTo(6)
                    .allSatisfy(
                        each -> assertThat(each.health()).as(each.toString()).isEqualTo("ok"))
                    .allSatisfy(each -> assertThat(each.error()).isEmpty()));
    Scraping.promtool("check", "rules", rules.toString()).succeed();
    // All of the operator is there, so nobody is woken up for that.
    assertThat(prometheus().alerts().stream().map(each -> each.label("alertname")))
        .doesNotContain("ListenBacklogProbeMissing", "ListenBacklogControllerMissing");
  }

  /** The pod is new: what its clients lose at once comes before Prometheus has ever seen it. */
  @Test
  void anOverflowIsToldWithinAMinuteByAnAlertThatLeadsToItsRunbook() throws IOException {
    Load.overflows(scraping.namespace(), "drops");

    await()
        .atMost(MINUTE)
        .untilAsserted(
            () -> assertThat(scraping.firing("ListenBacklogOverflow", "drops")).isPresent());

    var alert = scraping.firing("ListenBacklogOverflow", "drops").orElseThrow();
    assertThat(alert.label("severity")).isEqualTo("warning");
    assertThat(alert.annotations().get("summary"))
        .isEqualTo(scraping.namespace().name() + "/drops drops connections at " + Load.ADDRESS);
    assertThat(alert.annotations().get("description"))
        .matches(
            "(?s).* \\(container main\\) was full: [1-9][0-9]* connection attempts were dropped.*");
    leadsToItsRunbook(alert);
    Load.enough(scraping.namespace(), "drops");
  }

  @Test
  void aStallIsToldWithinAMinuteAndIsOverWithIt() throws IOException {
    Load.stalls(scraping.namespace(), "hangs");

    await()
        .atMost(MINUTE)
        .untilAsserted(
            () -> assertThat(scraping.firing("ListenBacklogAcceptStalled", "hangs")).isPresent());

    var alert = scraping.firing("ListenBacklogAcceptStalled", "hangs").orElseThrow();
    assertThat(alert.label("severity")).isEqualTo("critical");
    assertThat(alert.annotations().get("summary"))
        .isEqualTo(scraping.namespace().name() + "/hangs stopped accepting at " + Load.ADDRESS);
    leadsToItsRunbook(alert);

    Load.enough(scraping.namespace(), "hangs");
    await()
        .atMost(MINUTE)
        .untilAsserted(
            () -> assertThat(scraping.about("ListenBacklogAcceptStalled", "hangs")).isEmpty());
  }

  @Test
  void promtoolFindsNoFaultInWhatIsScraped() throws Exception {
    await()
        .atMost(MINUTE)
        .until(() -> !prometheus().query("listenbacklog_listener_stalled_seconds").isEmpty());
    var scraped = new ArrayList<String>();
    for (String component : List.of("controller", "probe")) {
      for (String place : scraping.places(component)) scraped.add(scraping.exposition(place));
    }

    assertThat(scraped).hasSizeGreaterThanOrEqualTo(3);
    assertThat(String.join("", scraped))
        .contains("listenbacklog_listener_stalled_seconds{", "listenbacklog_controller_policies{");
    for (String each : scraped) {
      var said = Scraping.promtool("check", "metrics").reading(each).run();
      assertThat(said.text()).isEmpty();
      assertThat(said.exit()).isZero();
    }
  }

  /** What a listener costs Prometheus, and that it costs nothing once it is gone. */
  @Test
  void aListenerIsTenSeriesAtMostUntilItsPodIsGone() {
    Load.stalls(scraping.namespace(), "goes");
    String counted =
        "count by (namespace, pod, container, address, socket)"
            + " ({__name__=~'listenbacklog_listener_.+'})";
    await()
        .atMost(MINUTE)
        .untilAsserted(
            () -> assertThat(prometheus().query(counted)).anyMatch(each -> pod(each, "goes")));

    var listeners = prometheus().query(counted);
    System.out.println("series of each listener: " + listeners);
    assertThat(listeners).allSatisfy(each -> assertThat(each.value()).isBetween(5.0, 10.0));
    assertThat(labels("{__name__=~'listenbacklog_listener_.+'}"))
        .containsExactlyInAnyOrder(
            "__name__",
            "namespace",
            "pod",
            "container",
            "address",
            "socket",
            "node",
            "job",
            "instance",
            "endpoint");
    // Of the parts themselves: as many whatever runs in the cluster.
    var parts =
        prometheus()
            .query("count by (instance) ({__name__=~'listenbacklog_(probe|controller)_.+'})");
    System.out.println("series of each part: " + parts);
    assertThat(parts)
        .hasSize(3)
        .allSatisfy(each -> assertThat(each.value()).isBetween(10.0, 150.0));

    scraping.namespace().kubectl("delete", "pod", "goes", "--wait=false");
    await()
        .atMost(MINUTE)
        .untilAsserted(
            () -> assertThat(prometheus().query(counted)).noneMatch(each -> pod(each, "goes")));
  }

  private Prometheus prometheus() {
    return scraping.prometheus();
  }

  private void awaitLine(String title, int query, Predicate<Sample> expected) {
    Panel panel =
        scraping.chart().dashboard().panels().stream()
            .filter(each -> each.title().startsWith(title))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no panel " + title));
    String asked = panel.queries().get(query).with(Map.of("namespace", ".*"));
    await()
        .atMost(MINUTE)
        .untilAsserted(
            () -> assertThat(prometheus().query(asked)).as(panel.title()).anyMatch(expected));
  }

  private boolean pod(Sample line, String pod) {
    return line.label("pod").equals(pod)
        && line.label("namespace").equals(scraping.namespace().name());
  }

  private Set<String> labels(String selector) {
    var names = new TreeSet<String>();
    for (Sample each : prometheus().query(selector)) names.addAll(each.labels().keySet());
    return names;
  }

  /** As GitHub and most others make the anchor of a heading of one word. */
  private static void leadsToItsRunbook(Alert alert) throws IOException {
    assertThat(Files.readAllLines(RUNBOOKS).stream().filter(line -> line.startsWith("## ")))
        .map(line -> MonitoringObjects.RUNBOOKS + "#" + line.substring(3).toLowerCase(Locale.ROOT))
        .contains(alert.annotations().get("runbook_url"));
    assertThat(alert.annotations().values())
        .noneMatch(text -> text.contains("<no value>") || text.contains("%!"));
  }
}
