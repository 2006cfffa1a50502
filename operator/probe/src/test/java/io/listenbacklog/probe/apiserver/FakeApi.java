package io.listenbacklog.probe.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.probe.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
  private final List<String> events = new ArrayList<>();
  private int objects;
  private boolean present;
  private long generation;
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

  /** The controller writes a spec, into a new object if there is none. */
  public synchronized void spec(NodeBacklogSpec next) {
    boolean made = !present;
    if (made) {
      objects++;
      generation = 0;
      present = true;
    }
    spec = next;
    generation++;
    tell(made ? "ADDED" : "MODIFIED");
  }

  /** Somebody deletes the object, and with it its status. */
  public synchronized void delete() {
    tell("DELETED");
    present = false;
    status = Optional.empty();
  }

  private void tell(String type) {
    events.add(event(type));
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
    return present
        && status.map(each -> each.path("observedGeneration").asLong()).orElse(0L) == generation;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestMethod().equals("PATCH")) {
        exchange.sendResponseHeaders(take(body) ? 200 : 404, 0);
        exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
        return;
      }
      exchange.sendResponseHeaders(200, 0);
      var out = exchange.getResponseBody();
      int told = begin(out);
      for (var event = next(told); event.isPresent(); event = next(++told)) {
        out.write(event.get().getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean take(byte[] patch) throws IOException {
    if (!present) return false;
    status = Optional.of(Json.mapper().readTree(patch).path("status"));
    notifyAll();
    return true;
  }

  /** Begins a watch with what is there; returns how many events are older than that. */
  private synchronized int begin(OutputStream out) throws IOException {
    if (present) {
      out.write(event("ADDED").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
    return events.size();
  }

  /** Waits for an event; empty at the end. */
  private synchronized Optional<String> next(int told) throws InterruptedException {
    while (!closed && told >= events.size()) wait();
    return closed ? Optional.empty() : Optional.of(events.get(told));
  }

  private String event(String type) {
    var object =
        Map.of(
            "metadata",
            Map.of("name", "node", "uid", "uid-" + objects, "generation", generation),
            "spec",
            spec,
            "status",
            status.isPresent() ? status.get() : Map.of());
    try {
      return Json.mapper().writeValueAsString(Map.of("type", type, "object", object)) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
