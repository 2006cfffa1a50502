package io.listenbacklog.controller.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.ClusterListener;
import io.listenbacklog.controller.cluster.ClusterMetrics;
import io.listenbacklog.controller.cluster.ProbePods;
import io.listenbacklog.policy.resolve.limit.Limits;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The controller's half of docs/metrics.md, and what Prometheus' own linter thinks of it. */
class MetricsReferenceTest {
  private static final Path PAGE = Path.of("../../docs/metrics.md");
  private static final String BEGIN = "<!-- controller: made from the code -->\n";
  private static final String END = "<!-- end of controller -->\n";

  @Test
  void theReferenceIsWhatTheCodeSays() throws Exception {
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    if ("write".equals(System.getProperty("docs"))) {
      Files.writeString(PAGE, page.substring(0, from) + table() + page.substring(to));
      return;
    }
    assertThat(page.substring(from, to)).as("renew it with -Ddocs=write").isEqualTo(table());
  }

  private static String table() {
    return MetricNames.ALL.stream()
        .map(
            each ->
                "| `%s` | %s | %s | %s | %s |\n"
                    .formatted(
                        name(each),
                        each.type() == Meter.Type.TIMER
                            ? "summary"
                            : each.type().name().toLowerCase(Locale.ROOT),
                        name(each).endsWith("_seconds") ? "seconds" : "",
                        each.labels().stream()
                            .map(label -> "`" + label + "`")
                            .collect(Collectors.joining(", ")),
                        each.help()))
        .collect(
            Collectors.joining(
                "",
                "| metric | type | unit | labels | what it tells |\n|---|---|---|---|---|\n",
                ""));
  }

  private static String name(MetricNames.Described metric) {
    return switch (metric.type()) {
      case COUNTER -> metric.name() + "_total";
      case TIMER -> metric.name() + "_seconds";
      default -> metric.name();
    };
  }

  @Test
  void eachNameIsDescribed() {
    var names =
        Arrays.stream(MetricNames.class.getFields())
            .filter(each -> Modifier.isStatic(each.getModifiers()))
            .map(
                each -> {
                  try {
                    return (String) each.get(null);
                  } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                  }
                })
            .toList();

    assertThat(MetricNames.ALL)
        .extracting(MetricNames.Described::name)
        .containsExactlyInAnyOrderElementsOf(names)
        .allMatch(name -> name.startsWith("listenbacklog_controller_"));
  }

  @Test
  void policiesAreCountedByConditionAndNamedByNone() {
    var metrics = registry();
    var cluster =
        new Cluster(
            new Limits(4096, Limits.Annotations.ENFORCE), new ProbePods("operator"), unheard());
    ClusterMetrics.register(metrics, cluster);
    cluster.policies().put("shop/a", policy("a", "False"));
    cluster.policies().put("shop/b", policy("b", "False"));
    cluster.policies().put("shop/c", policy("c", "True"));

    assertThat(metrics.scrape())
        .contains(
            "listenbacklog_controller_policies{condition=\"Compliant\",kind=\"BacklogPolicy\",status=\"False\"} 2.0")
        .contains(
            "listenbacklog_controller_policies{condition=\"Compliant\",kind=\"BacklogPolicy\",status=\"True\"} 1.0")
        .contains("# HELP listenbacklog_controller_policies Policies of which")
        .doesNotContain("shop");
  }

  private static ClusterListener unheard() {
    return (ClusterListener)
        Proxy.newProxyInstance(
            ClusterListener.class.getClassLoader(),
            new Class<?>[] {ClusterListener.class},
            (_, _, _) -> null);
  }

  private static BacklogPolicy policy(String name, String compliant) {
    return new KubernetesSerialization()
        .unmarshal(
            """
            apiVersion: listenbacklog.io/v1alpha1
            kind: BacklogPolicy
            metadata: {namespace: shop, name: %s, uid: %s, generation: 1, creationTimestamp: "2026-11-22T10:00:00Z"}
            spec: {minimum: 64}
            status:
              conditions:
              - {type: Compliant, status: "%s", reason: R, message: m, lastTransitionTime: "2026-11-22T10:00:00Z"}
            """
                .formatted(name, name, compliant),
            BacklogPolicy.class);
  }

  @Test
  void prometheusLinterHasNothingToSay() throws Exception {
    var metrics = registry();
    for (var each : MetricNames.ALL) {
      var tags =
          each.labels().stream()
              .flatMap(label -> java.util.stream.Stream.of(label, "x"))
              .toArray(String[]::new);
      switch (each.type()) {
        case GAUGE -> Gauge.builder(each.name(), () -> 1).tags(tags).register(metrics);
        case TIMER -> metrics.timer(each.name(), tags);
        default -> metrics.counter(each.name(), tags).increment();
      }
    }

    String text = metrics.scrape();

    assertThat(text.lines().filter(line -> line.startsWith("# HELP")))
        .hasSize(text.lines().filter(line -> line.startsWith("# TYPE")).toArray().length)
        .noneMatch(line -> line.endsWith(" "));
    boolean installed = Files.isExecutable(Path.of("/usr/bin/promtool"));
    if (Boolean.getBoolean("require.everything")) assertThat(installed).isTrue();
    Assumptions.assumeTrue(installed, "no /usr/bin/promtool: apt-get install prometheus");
    var promtool =
        new ProcessBuilder("/usr/bin/promtool", "check", "metrics")
            .redirectErrorStream(true)
            .start();
    promtool.getOutputStream().write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    promtool.getOutputStream().close();
    String said =
        new String(
            promtool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
  }

  private static PrometheusMeterRegistry registry() {
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    metrics.config().meterFilter(MetricNames.described());
    return metrics;
  }
}
