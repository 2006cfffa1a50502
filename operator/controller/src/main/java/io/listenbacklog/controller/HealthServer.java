package io.listenbacklog.controller;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Serves {@code /livez}, {@code /readyz} and {@code /metrics}: 200 with {@code ok}, or 503 with a
 * line for each thing that is wrong.
 */
public final class HealthServer implements AutoCloseable {
  /** Explicit, for what the JDK asks for by default (50) is what this operator was made to cure. */
  private static final int LISTEN_BACKLOG = 128;

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().name("http-", 0).factory());

  /**
   * Starts serving.
   *
   * @param port 0: any free one
   * @param live what is wrong so that only a restart helps
   * @param ready what is wrong for now
   * @throws IOException names the port
   */
  public HealthServer(
      int port,
      Supplier<List<String>> live,
      Supplier<List<String>> ready,
      PrometheusMeterRegistry metrics)
      throws IOException {
    try {
      server = HttpServer.create(new InetSocketAddress(port), LISTEN_BACKLOG);
    } catch (IOException e) {
      throw new IOException("cannot listen on port " + port + ": " + e.getMessage(), e);
    }
    server.setExecutor(threads);
    server.createContext("/livez", exchange -> answerHealth(exchange, live.get()));
    server.createContext("/readyz", exchange -> answerHealth(exchange, ready.get()));
    server.createContext(
        "/metrics",
        exchange ->
            answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape()));
    server.start();
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private static void answerHealth(HttpExchange exchange, List<String> wrong) throws IOException {
    String text = wrong.isEmpty() ? "ok" : String.join("\n", wrong);
    answer(exchange, wrong.isEmpty() ? 200 : 503, "text/plain; charset=utf-8", text + "\n");
  }

  private static void answer(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(code, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}
