package io.listenbacklog.probe.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.probe.engine.ListenerSample;
import io.listenbacklog.probe.engine.Tally;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTextTest {

  @Test
  void eachListenerHasItsFiveFigures() {
    var sample = new ListenerSample("shop", "api-0", "api", "[::]:80", "4711", 64, 3, 128, 9, 4, 0);

    assertThat(MetricsText.of(List.of(sample), new Tally()).lines())
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
  void onlyAStalledListenerIsToldForHowLong() {
    var stalled =
        new ListenerSample("shop", "api-0", "api", "[::]:80", "1", 64, 3, 0, 0, 0, 12_400);
    var other = new ListenerSample("shop", "api-1", "api", "[::]:80", "2", 64, 3, 0, 0, 0, 0);

    assertThat(MetricsText.of(List.of(stalled, other), new Tally()).lines())
        .filteredOn(line -> line.startsWith("listenbacklog_listener_stalled_seconds"))
        .containsExactly(
            "listenbacklog_listener_stalled_seconds{namespace=\"shop\",pod=\"api-0\","
                + "container=\"api\",address=\"[::]:80\",socket=\"1\"} 12.4");
  }

  @Test
  void whatStrangersWroteCannotBreakALine() {
    var sample = new ListenerSample("a\"b", "c\\d", "e\nf", "g", "1", 1, 1, 1, 1, 1, 1);

    assertThat(MetricsText.of(List.of(sample), new Tally()))
        .contains("{namespace=\"a\\\"b\",pod=\"c\\\\d\",container=\"e\\nf\",address=\"g\"");
  }

  @Test
  void timesAreInSeconds() {
    var tally = new Tally();
    tally.sweepNanos.set(1_500_000_000L);

    assertThat(MetricsText.of(List.of(), tally).lines())
        .contains("listenbacklog_probe_sweep_seconds_total 1.5");
  }

  @Test
  void everyLineIsACommentOrASample() {
    assertThat(MetricsText.of(List.of(), new Tally()).lines())
        .allMatch(line -> line.matches("# (HELP|TYPE) \\w+ .+|\\w+ [0-9.E-]+"));
  }
}
