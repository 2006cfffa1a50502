package io.listenbacklog.probe.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.probe.report.ListenerSample;
import io.listenbacklog.probe.report.ListenerSamples;
import io.listenbacklog.probe.telemetry.Counters;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
  static final ListenerSample SAMPLE =
      new ListenerSample(
          "shop",
          "api-0",
          "api",
          "[::]:80",
          4711,
          64,
          3,
          128,
          9,
          4,
          5,
          0,
          65,
          1_795_856_400L,
          7_300,
          8_785_920);

  @Test
  void eachListenerHasItsNineFigures() {
    assertThat(text(List.of(SAMPLE), new Counters()).lines())
        .contains(
            "# TYPE listenbacklog_listener_backlog gauge",
            "listenbacklog_listener_backlog{namespace=\"shop\",pod=\"api-0\",container=\"api\","
                + "address=\"[::]:80\",socket=\"4711\"} 64",
            "listenbacklog_listener_queue_connections{namespace=\"shop\",pod=\"api-0\","
                + "container=\"api\",address=\"[::]:80\",socket=\"4711\"} 3",
            "listenbacklog_listener_required_backlog{namespace=\"shop\",pod=\"api-0\","
                + "container=\"api\",address=\"[::]:80\",socket=\"4711\"} 128",
            "# TYPE listenbacklog_listener_drops_total counter",
            "listenbacklog_listener_drops_total{namespace=\"shop\",pod=\"api-0\","
                + "container=\"api\",address=\"[::]:80\",socket=\"4711\"} 9",
            "# TYPE listenbacklog_listener_overflows_total counter",
            "listenbacklog_listener_overflows_total{namespace=\"shop\",pod=\"api-0\","
                + "container=\"api\",address=\"[::]:80\",socket=\"4711\"} 4");
  }

  @Test
  void whereItNeverOverflowedNoBacklogIsToldOfThat() {
    var other =
        new ListenerSample("shop", "api-1", "api", "[::]:80", 2, 64, 3, 0, 7, 0, 0, 0, 3, 9, 9, 9);

    assertThat(text(List.of(SAMPLE, other), new Counters()).lines())
        .filteredOn(line -> line.startsWith("listenbacklog_listener_overflowed_backlog"))
        .containsExactly(
            "listenbacklog_listener_overflowed_backlog{namespace=\"shop\",pod=\"api-0\","
                + "container=\"api\",address=\"[::]:80\",socket=\"4711\"} 5");
  }

  @Test
  void onlyAStalledListenerIsToldForHowLong() {
    var stalled =
        new ListenerSample(
            "shop", "api-0", "api", "[::]:80", 1, 64, 3, 0, 0, 0, 0, 12_400, 3, 9, 9, 9);
    var other =
        new ListenerSample("shop", "api-1", "api", "[::]:80", 2, 64, 3, 0, 0, 0, 0, 0, 3, 9, 9, 9);

    assertThat(text(List.of(stalled, other), new Counters()).lines())
        .filteredOn(line -> line.startsWith("listenbacklog_listener_stalled_seconds"))
        .containsExactly(
            "listenbacklog_listener_stalled_seconds{namespace=\"shop\",pod=\"api-0\","
                + "container=\"api\",address=\"[::]:80\",socket=\"1\"} 12.4");
  }

  @Test
  void whatStrangersWroteCannotBreakALine() {
    var sample =
        new ListenerSample("a\"b", "c\\d", "e\nf", "g", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);

    assertThat(text(List.of(sample), new Counters()))
        .contains("{namespace=\"a\\\"b\",pod=\"c\\\\d\",container=\"e\\nf\",address=\"g\"");
  }

  @Test
  void timesAreInSeconds() {
    var tally = new Counters();
    tally.sweepNanos.set(1_500_000_000L);

    assertThat(text(List.of(), tally).lines())
        .contains("listenbacklog_probe_sweep_seconds_total 1.5");
  }

  @Test
  void everyLineIsACommentOrASample() {
    assertThat(text(List.of(), new Counters()).lines())
        .allMatch(line -> line.matches("# (HELP|TYPE) \\w+ .+|\\w+ [0-9.E-]+"));
  }

  @Test
  void itComesInPiecesWhateverItsLength() {
    var pieces = new ArrayList<Integer>();
    var many =
        IntStream.range(0, 1000)
            .mapToObj(
                i ->
                    new ListenerSample(
                        "shop",
                        "p".repeat(253),
                        "api",
                        "[::]:80",
                        i,
                        1,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        1,
                        9,
                        9,
                        9))
            .toList();
    var text = new PrometheusText(new ListenerSamples(many, 4000), new Counters(), () -> {});
    var all = new StringBuilder();
    var piece = new StringBuilder();
    for (boolean more = true; more; ) {
      piece.setLength(0);
      more = text.more(piece);
      pieces.add(piece.length());
      all.append(piece);
    }
    assertThat(pieces).allMatch(length -> length < 12 * 1024);
    assertThat(all.toString().lines().filter(line -> line.startsWith("listenbacklog_listener_")))
        .hasSize(9 * 1000)
        .doesNotHaveDuplicates();
    assertThat(all.toString().lines().filter(line -> line.startsWith("# TYPE")))
        .doesNotHaveDuplicates();
    assertThat(all.toString()).contains("\nlistenbacklog_probe_listeners_left_out 4000\n");
  }

  private static String text(List<ListenerSample> samples, Counters tally) {
    var metrics = new PrometheusText(new ListenerSamples(samples, 0), tally, () -> {});
    var text = new StringBuilder();
    boolean more;
    do {
      more = metrics.more(text);
    } while (more);
    return text.toString();
  }
}
