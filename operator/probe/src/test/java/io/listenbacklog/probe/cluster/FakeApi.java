package io.listenbacklog.probe.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.probe.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An API server that holds one NodeBacklog: enough of one for a probe that is tested against a real
 * kernel. What a real one does is tested on a real one.
 */
public final class FakeApi implements AutoCloseable {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private long generation;
  private long lastTold;
  private NodeBacklogSpec spec = new NodeBacklogSpec(List.of());
  private Optional<JsonNode> status = Optional.empty();
  private boolean closed;

  public FakeApi() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** How a probe reaches it. */
  public ApiServer reached() throws IOException {
    return ApiServer.of(Map.of("API_SERVER", "http://127.0.0.1:" + server.getAddress().getPort()));
  }

  /** The controller writes a spec. */
  public synchronized void spec(NodeBacklogSpec next) {
    spec = next;
    generation++;
    notifyAll();
  }

  /** What the probe wrote last. */
  public synchronized Optional<NodeBacklogStatus> status() {
    return status.map(
        each -> {
          try {
            return Json.mapper().treeToValue(each, NodeBacklogStatus.class);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Whether the probe has swept with the newest spec. */
  public synchronized boolean observed() {
    return status.map(each -> each.path("observedGeneration").asLong()).orElse(0L) == generation;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(200, 0);
      if (exchange.getRequestMethod().equals("PATCH")) {
        take(body);
        exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
        return;
      }
      long told = 0;
      for (var event = next(told); event.isPresent(); event = next(told)) {
        told++;
        exchange.getResponseBody().write(event.get().getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void take(byte[] patch) throws IOException {
    status = Optional.of(Json.mapper().readTree(patch).path("status"));
    notifyAll();
  }

  /** Waits for a generation that was not told yet; skips what was overtaken. */
  private synchronized Optional<String> next(long told) throws InterruptedException, IOException {
    while (!closed && (generation == 0 || (told >= 1 && lastTold >= generation))) wait();
    if (closed) return Optional.empty();
    lastTold = generation;
    var object =
        Map.of(
            "metadata",
            Map.of("name", "node", "uid", "uid-1", "generation", generation),
            "spec",
            spec,
            "status",
            status.isPresent() ? status.get() : Map.of());
    var event = Map.of("type", told == 0 ? "ADDED" : "MODIFIED", "object", object);
    return Optional.of(Json.mapper().writeValueAsString(event) + "\n");
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    server.stop(0);
    threads.shutdownNow();
  }
}
