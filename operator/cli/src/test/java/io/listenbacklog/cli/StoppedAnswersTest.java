package io.listenbacklog.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each command, where an API server stops in the middle of its answer. The timeouts of HTTP clients
 * end with the headers, so a command could wait for ever for the rest.
 */
class StoppedAnswersTest {
  private static final String BEGINNING =
      "{\"kind\": \"List\", \"apiVersion\": \"v1\", \"metadata\": {}, \"items\": [{\"metadata\": {\"na";

  private static final int PATIENCE_MILLIS = 1_000;

  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "top",
        "doctor",
        "recommend",
        "events",
        "explain web-1",
        "version",
        "patch all",
        "pause all",
        "resume all"
      })
  void anAnswerThatNeverEndsIsGivenUp(String command) {
    server.createContext(
        "/",
        exchange -> {
          begin(exchange, 0);
          try {
            over.await();
          } catch (InterruptedException e) {
            throw new InterruptedIOException();
          }
        });

    assertThat(said(command)).contains("the API server does not answer in time");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "top",
        "doctor",
        "recommend",
        "events",
        "explain web-1",
        "version",
        "patch all",
        "pause all",
        "resume all"
      })
  void anAnswerThatIsCutOffIsSaidToBe(String command) {
    server.createContext(
        "/",
        exchange -> {
          begin(exchange, 100_000);
          exchange.close();
        });

    assertThat(said(command)).contains("ended the connection before its answer was whole");
  }

  private static void begin(HttpExchange exchange, int length) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, length);
    exchange.getResponseBody().write(BEGINNING.getBytes(UTF_8));
    exchange.getResponseBody().flush();
  }

  /** What it wrote to standard error: a line or two without a stack trace, and status 1. */
  private String said(String command) {
    Path kubeconfig = FakeApi.kubeconfig("http://localhost:" + server.getAddress().getPort());
    var all = new ArrayList<>(List.of(command.split(" ")));
    all.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    var err = new StringWriter();

    int status =
        BacklogCommand.commandLine(Terminal.NONE, PATIENCE_MILLIS)
            .setOut(new PrintWriter(new StringWriter(), true))
            .setErr(new PrintWriter(err, true))
            .execute(all.toArray(String[]::new));

    assertThat(status).isEqualTo(1);
    assertThat(err.toString()).doesNotContain("Exception", "\tat ");
    assertThat(err.toString().lines())
        .hasSizeLessThan(5)
        .allMatch(line -> line.startsWith("kubectl backlog: "));
    return err.toString();
  }
}
