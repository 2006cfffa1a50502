package io.listenbacklog.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthServerTest {
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void whatIsWrongIsSaidALineEach() throws Exception {
    try (var server =
        new HealthServer(0, List::of, () -> List.of("reads the cluster", "tired"), metrics)) {
      assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
      assertThat(get(server, "/livez").body()).isEqualTo("ok\n");
      assertThat(get(server, "/readyz").statusCode()).isEqualTo(503);
      assertThat(get(server, "/readyz").body()).isEqualTo("reads the cluster\ntired\n");
    }
  }

  @Test
  void metricsAreServedAsPrometheusReadsThem() throws Exception {
    metrics.counter(MetricNames.WRITES, "kind", "NodeBacklog").increment(3);
    try (var server = new HealthServer(0, List::of, List::of, metrics)) {
      assertThat(get(server, "/metrics").body())
          .contains("listen_backlog_controller_writes_total{kind=\"NodeBacklog\"} 3.0");
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (var first = new HealthServer(0, List::of, List::of, metrics)) {
      assertThatThrownBy(() -> new HealthServer(first.port(), List::of, List::of, metrics))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on port " + first.port());
    }
  }

  private static HttpResponse<String> get(HealthServer server, String path) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + server.port() + path);
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }
}
