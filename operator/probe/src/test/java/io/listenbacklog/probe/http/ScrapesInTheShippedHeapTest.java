package io.listenbacklog.probe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.management.ManagementServer;
import io.listenbacklog.probe.ImageFlags;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two at once ended a probe, with a heap of this size and ExitOnOutOfMemoryError. */
class ScrapesInTheShippedHeapTest {
  private static final int LISTED = 5_000;

  private final HttpClient http = HttpClient.newHttpClient();
  private Process probe;
  private int healthPort;
  private int metricsPort;

  @BeforeEach
  void start() throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(ImageFlags.ofProbe());
    assertThat(command).contains("-Xmx26m", "-XX:+ExitOnOutOfMemoryError");
    command.addAll(List.of("-cp", classPath(), CrowdedProbe.class.getName()));
    probe = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var ports = probe.inputReader();
    healthPort = Integer.parseInt(ports.readLine());
    metricsPort = Integer.parseInt(ports.readLine());
  }

  @AfterEach
  void stop() throws InterruptedException {
    probe.destroyForcibly().waitFor();
    http.close();
  }

  @Test
  void anyNumberOfThemAtOnceLeavesItAlive() throws Exception {
    for (int round = 0; round < 3; round++) {
      var scrapes = Stream.generate(this::scrape).limit(8).toList();
      assertThat(get(healthPort, "/livez")).isEqualTo("ok\n");
      for (var each : scrapes) assertIsWhole(each.get());
    }
    assertThat(probe.isAlive()).isTrue();
  }

  @Test
  void norDoReadersThatStandStill() throws Exception {
    var readers = new ArrayList<Socket>();
    try {
      for (int i = 0; i < 80; i++) {
        var socket = new Socket(InetAddress.getLoopbackAddress(), metricsPort);
        readers.add(socket);
        socket
            .getOutputStream()
            .write("GET /metrics HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        if (i % 8 == 0) assertThat(get(healthPort, "/livez")).isEqualTo("ok\n");
      }
      // On a busy machine the first may be told to come again: the others hold all that is made.
      await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertIsWhole(scrape().get()));
      assertThat(probe.isAlive()).isTrue();
    } finally {
      for (var each : readers) each.close();
    }
  }

  private static void assertIsWhole(String text) {
    assertThat(text.lines().filter(line -> line.startsWith("listenbacklog_listener_")).count())
        .isEqualTo(9 * LISTED);
    assertThat(text)
        .contains(
            "\nlistenbacklog_probe_listeners_left_out " + (CrowdedProbe.LISTENERS - LISTED) + "\n");
  }

  private CompletableFuture<String> scrape() {
    return http.sendAsync(request(metricsPort, "/metrics"), BodyHandlers.ofString())
        .thenApply(answer -> answer.body());
  }

  private String get(int port, String path) throws IOException, InterruptedException {
    return http.send(request(port, path), BodyHandlers.ofString()).body();
  }

  private static HttpRequest request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(60))
        .build();
  }

  /** Of what it needs alone: a test runner's class path may lie in a manifest. */
  private static String classPath() {
    return Stream.of(
            CrowdedProbe.class, ProbeServers.class, ManagementServer.class, NodeBacklogStatus.class)
        .map(
            each -> {
              try {
                var source = each.getProtectionDomain().getCodeSource().getLocation();
                return Path.of(source.toURI()).toString();
              } catch (URISyntaxException e) {
                throw new AssertionError(e);
              }
            })
        .distinct()
        .collect(Collectors.joining(":"));
  }
}
