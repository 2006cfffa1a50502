package io.listenbacklog.controller.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.controller.telemetry.MetricNames;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControllerServersTest {
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void whatIsWrongIsSaidALineEach() throws Exception {
    try (var server = serving(() -> List.of("reads the cluster", "tired"))) {
      assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
      assertThat(get(server, "/livez").body()).isEqualTo("ok\n");
      assertThat(get(server, "/readyz").statusCode()).isEqualTo(503);
      assertThat(get(server, "/readyz").body()).isEqualTo("reads the cluster\ntired\n");
    }
  }

  @Test
  void metricsAreServedAsPrometheusReadsThem() throws Exception {
    metrics.counter(MetricNames.WRITES, "kind", "NodeBacklog").increment(3);
    try (var server = serving(List::of)) {
      assertThat(get(server, "/metrics").body())
          .contains("listenbacklog_controller_writes_total{kind=\"NodeBacklog\"} 3.0");
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (var first = serving(List::of)) {
      assertThatThrownBy(
              () ->
                  new ControllerServers(
                      0, first.metricsPort(), List::of, List::of, metrics, Optional.empty()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on port " + first.metricsPort());
    }
  }

  /** Two kept the kubelet from a controller for ever. */
  @ParameterizedTest
  @ValueSource(strings = {"GET /livez HTTP/1.1\r\nHost: x\r\n", ""})
  void whoeverCrowdsAtEitherPortTheKubeletIsAnswered(String half) throws Exception {
    var crowd = new ArrayList<Socket>();
    try (var server = serving(List::of)) {
      for (int i = 0; i < 200; i++) {
        for (int port : List.of(server.healthPort(), server.metricsPort())) {
          var socket = new Socket(InetAddress.getLoopbackAddress(), port);
          crowd.add(socket);
          socket.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
        }
        if (i % 40 == 39) assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
      }
      assertThat(get(server, "/metrics").statusCode()).isEqualTo(200);
    } finally {
      for (var each : crowd) each.close();
    }
  }

  private ControllerServers serving(Supplier<List<String>> ready) throws IOException {
    return new ControllerServers(0, 0, List::of, ready, metrics, Optional.empty());
  }

  private static HttpResponse<String> get(ControllerServers server, String path) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      int port = path.equals("/metrics") ? server.metricsPort() : server.healthPort();
      var uri = URI.create("http://127.0.0.1:" + port + path);
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }
}
