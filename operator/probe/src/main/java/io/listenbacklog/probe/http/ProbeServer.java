package io.listenbacklog.probe.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.listenbacklog.probe.engine.Inbox;
import io.listenbacklog.probe.engine.ListenerSample;
import io.listenbacklog.probe.engine.Message;
import io.listenbacklog.probe.engine.ProbeLoop;
import io.listenbacklog.probe.engine.Tally;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** {@code /metrics}, {@code /livez} and {@code /readyz}. */
public final class ProbeServer implements AutoCloseable {
  /** Ours should not be the smallest on the node: a scraper and a kubelet fit many times. */
  private static final int BACKLOG = 128;

  /** More listeners than that are left out of /metrics: each is four time series. */
  private static final int MOST_LISTENERS = 5_000;

  /**
   * At a time; more are cut off. The server reads a request on the thread that answers it: with few
   * threads, as few who send half of one would keep the kubelet out, which then kills the probe.
   */
  private static final int MOST_REQUESTS = 64;

  private static final Duration DEAD = Duration.ofSeconds(30);
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final HttpServer server;
  private final ThreadPoolExecutor threads;

  /** So many scrapes at a time: each holds all of its text until it is sent. */
  private final Semaphore scrapes = new Semaphore(2);

  private final Inbox inbox;
  private final ProbeLoop loop;
  private final BooleanSupplier reached;
  private final Tally tally;

  private ProbeServer(
      HttpServer server, Inbox inbox, ProbeLoop loop, BooleanSupplier reached, Tally tally) {
    this.server = server;
    this.inbox = inbox;
    this.loop = loop;
    this.reached = reached;
    this.tally = tally;
    threads =
        new ThreadPoolExecutor(2, MOST_REQUESTS, 1, TimeUnit.MINUTES, new SynchronousQueue<>());
    server.setExecutor(threads);
    server.createContext("/metrics", this::metrics);
    server.createContext("/livez", this::livez);
    server.createContext("/readyz", this::readyz);
  }

  /**
   * Starts to serve.
   *
   * @param reached whether the API has been reached since the start
   * @throws IOException naming the port, if it cannot be had
   */
  public static ProbeServer start(
      int port, Inbox inbox, ProbeLoop loop, BooleanSupplier reached, Tally tally)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(port), BACKLOG);
    } catch (IOException e) {
      throw new IOException("HTTP_PORT %d: %s".formatted(port, e.getMessage()), e);
    }
    var probe = new ProbeServer(server, inbox, loop, reached, tally);
    server.start();
    return probe;
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void metrics(HttpExchange exchange) throws IOException {
    if (!scrapes.tryAcquire()) {
      respond(exchange, 503, "others are being answered\n");
      return;
    }
    try {
      scrape(exchange);
    } finally {
      scrapes.release();
    }
  }

  private void scrape(HttpExchange exchange) throws IOException {
    var answer = new CompletableFuture<List<ListenerSample>>();
    inbox.add(new Message.Wanted(MOST_LISTENERS, answer));
    try {
      var samples = answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
      exchange.getResponseHeaders().set("Content-Type", MetricsText.contentType());
      respond(exchange, 200, MetricsText.of(samples, tally));
    } catch (TimeoutException | ExecutionException e) {
      respond(exchange, 503, "the loop does not answer\n");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void livez(HttpExchange exchange) throws IOException {
    var since = loop.sinceLastTurn();
    if (since.compareTo(DEAD) < 0) respond(exchange, 200, "ok\n");
    else respond(exchange, 503, "the loop stands still for %d s\n".formatted(since.toSeconds()));
  }

  private void readyz(HttpExchange exchange) throws IOException {
    if (!reached.getAsBoolean()) respond(exchange, 503, "the API server was not reached yet\n");
    else if (!loop.ready()) respond(exchange, 503, "no sweep with a spec is done yet\n");
    else respond(exchange, 200, "ok\n");
  }

  private static void respond(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
