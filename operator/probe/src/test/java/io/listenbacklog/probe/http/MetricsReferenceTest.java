package io.listenbacklog.probe.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.probe.report.ListenerSamples;
import io.listenbacklog.probe.telemetry.Counters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The probe's half of docs/metrics.md, and what Prometheus' own linter thinks of it. */
class MetricsReferenceTest {
  private static final Path PAGE = Path.of("../../docs/metrics.md");
  private static final String BEGIN = "<!-- probe: made from the code -->\n";
  private static final String END = "<!-- end of probe -->\n";

  @Test
  void theReferenceIsWhatTheCodeSays() throws Exception {
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    String table = table(text());
    if ("write".equals(System.getProperty("docs"))) {
      Files.writeString(PAGE, page.substring(0, from) + table + page.substring(to));
      return;
    }
    assertThat(page.substring(from, to)).as("renew it with -Ddocs=write").isEqualTo(table);
  }

  /** From the lines {@code # HELP NAME TEXT} and {@code # TYPE NAME TYPE}. */
  private static String table(String text) {
    var lines = text.lines().filter(line -> line.startsWith("# ")).toList();
    return Stream.iterate(0, i -> i < lines.size(), i -> i + 2)
        .map(i -> row(lines.get(i).split(" ", 4), lines.get(i + 1).split(" ", 4)))
        .collect(
            Collectors.joining(
                "", "| metric | type | unit | what it tells |\n|---|---|---|---|\n", ""));
  }

  private static String row(String[] help, String[] type) {
    String name = help[2];
    return "| `%s` | %s | %s | %s |\n".formatted(name, type[3], unit(name), help[3]);
  }

  private static String unit(String name) {
    String base = name.replaceAll("_total$", "");
    return Stream.of("seconds", "bytes", "connections")
        .filter(unit -> base.endsWith("_" + unit))
        .findFirst()
        .orElse("");
  }

  @Test
  void prometheusLinterHasNothingToSay() throws Exception {
    boolean installed = Files.isExecutable(Path.of("/usr/bin/promtool"));
    if (Boolean.getBoolean("require.everything")) assertThat(installed).isTrue();
    Assumptions.assumeTrue(installed, "no /usr/bin/promtool: apt-get install prometheus");
    var promtool =
        new ProcessBuilder("/usr/bin/promtool", "check", "metrics")
            .redirectErrorStream(true)
            .start();
    promtool.getOutputStream().write(text().getBytes(UTF_8));
    promtool.getOutputStream().close();
    String said = new String(promtool.getInputStream().readAllBytes(), UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
  }

  private static String text() {
    var metrics =
        new PrometheusText(
            new ListenerSamples(List.of(PrometheusTextTest.SAMPLE), 0), new Counters(), () -> {});
    var text = new StringBuilder();
    while (metrics.more(text)) {}
    return text.toString();
  }
}
