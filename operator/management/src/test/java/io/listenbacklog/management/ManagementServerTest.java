package io.listenbacklog.management;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementServerTest {
  private static final String GET = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final Page OK = request -> Answer.text(200, "ok");

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (var each : open) each.close();
  }

  @Test
  void aQuestionIsAnswered() throws IOException {
    int port = serving(Bounds.HEALTH);

    assertThat(client(port).send(GET).answer())
        .isEqualTo(
            String.join(
                "\r\n",
                "HTTP/1.1 200 OK",
                "Content-Type: text/plain; charset=utf-8",
                "Transfer-Encoding: chunked",
                "Connection: close",
                "",
                "3",
                "ok\n",
                "0",
                "",
                ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "[::1]", "localhost"})
  void theJdksClientUnderstandsIt(String host) throws Exception {
    int port = serving(Bounds.HEALTH);
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + "/livez?x"));
      var answer = http.send(request.build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("ok\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET /other HTTP/1.1,              404",
    "GET /livez/ HTTP/1.1,             404",
    "POST /livez HTTP/1.1,             405",
    "DELETE /livez HTTP/1.1,           405",
    "OPTIONS * HTTP/1.1,               404",
    "GET http://x/livez HTTP/1.1,      200",
    "GET /livez HTTP/1.0,              200",
    "GET /livez HTTP/2.0,              505",
    "GET /livez,                       400",
    "GET  /livez HTTP/1.1,             400",
    "get /livez HTTP/1.1,              405",
    "\u0016\u0003\u0001\u0002,         400",
  })
  void eachRequestLineHasItsStatus(String line, int status) throws IOException {
    assertThat(client(serving(Bounds.HEALTH)).send(line + "\r\n\r\n").answer())
        .startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void ofAHeadOnlyTheHeadIsSent() throws IOException {
    var answer = client(serving(Bounds.HEALTH)).send("HEAD /livez HTTP/1.1\r\n\r\n").answer();
    assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
    assertThat(answer).doesNotContain("ok\n");
  }

  @Test
  void anOldClientIsSentNoChunks() throws IOException {
    assertThat(client(serving(Bounds.HEALTH)).send("GET /livez HTTP/1.0\r\n\r\n").answer())
        .endsWith("\r\n\r\nok\n")
        .doesNotContain("chunked");
  }

  @Test
  void whoSendsByteByByteIsHeard() throws IOException {
    var client = client(serving(Bounds.HEALTH));
    for (char each : GET.toCharArray()) client.send(String.valueOf(each));
    assertThat(client.answer()).startsWith("HTTP/1.1 200 ");
  }

  /** Whatever follows, a second question or a body, the first one's answer is not lost by it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 100, 20_000})
  void whatFollowsTheFirstQuestionIsThrownAway(int times) throws IOException {
    var client = client(serving(Bounds.HEALTH));
    client.send(GET.repeat(times));
    assertThat(client.answer()).containsOnlyOnce("HTTP/1.1 200 OK");
  }

  /** Several at a time, each half read while the others are: they are compressed in one place. */
  @Test
  void whoTakesGzipIsSentTheSame() throws Exception {
    // Of some nothing can be left out: random letters of all planes.
    String text =
        letters(300_000, 128) + letters(300_000, Character.MAX_CODE_POINT) + "a".repeat(99_999);
    int port = serving(Bounds.METRICS, Map.of("/metrics", _ -> Answer.metrics(inPieces(text))));
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"))
              .header("Accept-Encoding", "gzip")
              .build();
      var bodies = new ArrayList<InputStream>();
      var read = new ArrayList<ByteArrayOutputStream>();
      for (int i = 0; i < 3; i++) {
        var answer = http.send(request, BodyHandlers.ofInputStream());
        assertThat(answer.headers().map())
            .containsEntry("content-encoding", List.of("gzip"))
            .containsEntry("vary", List.of("Accept-Encoding"));
        bodies.add(new GZIPInputStream(answer.body()));
        read.add(new ByteArrayOutputStream());
      }
      for (boolean isMore = true; isMore; ) {
        isMore = false;
        for (int i = 0; i < 3; i++) {
          var piece = bodies.get(i).readNBytes(10_000);
          read.get(i).writeBytes(piece);
          isMore |= piece.length > 0;
        }
      }
      assertThat(read).allMatch(each -> each.toString(UTF_8).equals(text));
    }
  }

  @Test
  void metricsAreSentInATenthOfTheirLength() throws Exception {
    String text =
        IntStream.range(0, 500)
            .mapToObj(
                i ->
                    "listenbacklog_listener_backlog{namespace=\"shop\",pod=\"web-%d\",container=\"api\",address=\"0.0.0.0:80\",socket=\"%d\"} 5\n"
                        .formatted(i, 7 * i))
            .collect(Collectors.joining());
    int port = serving(Bounds.METRICS, Map.of("/metrics", _ -> Answer.metrics(inPieces(text))));

    assertThat(client(port).send("GET /metrics HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n").answer())
        .hasSizeLessThan(text.length() / 10);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /metrics HTTP/1.1 | Accept-Encoding: gzip                 | true",
        "GET /metrics HTTP/1.1 | accept-encoding: deflate, GZIP;q=0.5  | true",
        "GET /metrics HTTP/1.1 | Accept-Encoding: gzip ; q=1.0         | true",
        "GET /metrics HTTP/1.1 | Accept-Encoding: gzip;q=0             | false",
        "GET /metrics HTTP/1.1 | Accept-Encoding: gzip;q=0.000         | false",
        "GET /metrics HTTP/1.1 | Accept-Encoding: identity, x-gzip     | false",
        "GET /metrics HTTP/1.1 | Accept: gzip                          | false",
        // It knows no chunks, which tell whether a compressed answer is whole.
        "GET /metrics HTTP/1.0 | Accept-Encoding: gzip                 | false",
        "HEAD /metrics HTTP/1.1| Accept-Encoding: gzip                 | true",
        // A short answer would be longer.
        "GET /livez HTTP/1.1   | Accept-Encoding: gzip                 | false",
      })
  void onlyWhatIsLongIsCompressedForWhoTakesIt(String line, String field, boolean compressed)
      throws IOException {
    int port =
        serving(
            Bounds.METRICS,
            Map.of("/livez", OK, "/metrics", _ -> Answer.metrics(inPieces("a 1\n"))));

    var answer = client(port).send(line + "\r\n" + field + "\r\n\r\n").answer();

    assertThat(answer.contains("Content-Encoding: gzip\r\n")).isEqualTo(compressed);
    assertThat(answer.contains("\na 1\n"))
        .isEqualTo(line.startsWith("GET /metrics") && !compressed);
  }

  private static String letters(int count, int bound) {
    return new Random(count)
        .ints(count, 1, bound)
        .filter(each -> !Character.isSurrogate((char) each) || each > 0xffff)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static Body inPieces(String text) {
    return new Body() {
      private int at;

      @Override
      public boolean more(StringBuilder piece) {
        int to = Math.min(text.length(), at + 8192);
        if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) to--;
        piece.append(text, at, to);
        at = to;
        return at < text.length();
      }
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 5000, 100_000})
  void aHeadThatIsTooLongIsRefused(int length) throws IOException {
    var client = client(serving(Bounds.HEALTH));
    client.send("GET /livez HTTP/1.1\r\nX: " + "x".repeat(length));
    assertThat(client.answer()).startsWith("HTTP/1.1 431 ");
  }

  @Test
  void aPageThatFailsSaysNothingOfWhy() throws IOException {
    int port =
        serving(
            Bounds.HEALTH,
            Map.of(
                "/livez",
                _ -> {
                  throw new IllegalStateException("secret");
                }));
    assertThat(client(port).send(GET).answer())
        .startsWith("HTTP/1.1 500 ")
        .doesNotContain("secret");
  }

  @Test
  void whoSendsNothingIsLetGo() throws IOException {
    int port = serving(new Bounds(8, 8, 256, Duration.ofMillis(300), Duration.ofSeconds(5)));
    assertThatThrownBy(() -> client(port).some(1)).hasMessageContaining("reset");
    assertThatThrownBy(() -> client(port).send(Client.HALF).some(1)).hasMessageContaining("reset");
  }

  @Test
  void whoDoesNotReadIsLetGoAndSeesThatItIsCutShort() throws IOException {
    var ended = new CountDownLatch(1);
    int port =
        serving(
            new Bounds(8, 8, 256, Duration.ofSeconds(5), Duration.ofMillis(500)),
            Map.of("/livez", _ -> Answer.metrics(endless(ended))));
    var client = client(port).send(GET);
    assertThat(client.some(16)).startsWith("HTTP/1.1 200 ");

    assertThatThrownBy(client::answer).hasMessageContaining("reset");
    assertThat(ended.getCount()).isZero();
  }

  /** Also if the answer is short enough to lie in the kernel whole. */
  @Test
  void whoIsGoneBeforeItsAnswerHarmsNobody() throws Exception {
    int port = serving(Bounds.HEALTH);
    for (int i = 0; i < 500; i++) {
      try (var client = Client.of(port)) {
        client.send(GET);
      }
    }
    assertThat(client(port).send(GET).answer()).startsWith("HTTP/1.1 200 ");
  }

  /** 200 half requests, renewed, as a stranger held them before the kubelet's door. */
  @ParameterizedTest
  @ValueSource(strings = {Client.HALF, "", "GET", "\r\n"})
  void whoeverHoldsConnectionsTheNextWhoAsksIsAnswered(String half) throws Exception {
    int port = serving(Bounds.HEALTH);
    long slowest = 0;
    for (int i = 0; i < 1000; i++) {
      var client = client(port);
      if (!half.isEmpty()) client.send(half);
      if (i % 50 != 0) continue;
      long began = System.nanoTime();
      // The kubelet has an address of its own, or, where the node's is put in its place, has not.
      for (String address : List.of("127.0.0.1", "127.0.0.2")) {
        assertThat(from(address, port).send(GET).answer()).startsWith("HTTP/1.1 200 ");
      }
      slowest = Math.max(slowest, System.nanoTime() - began);
    }
    assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void aFloodOfNewConnectionsDoesNotEndThoseOfOthers() throws Exception {
    int port = serving(Bounds.HEALTH);
    var slow = from("127.0.0.2", port).send("GET /livez HTTP/1.1\r\n");
    for (int i = 0; i < 1000; i++) client(port);
    assertThat(slow.send("\r\n").answer()).startsWith("HTTP/1.1 200 ");
  }

  /** Those of many addresses, of which each has one, are ended as well: the oldest first. */
  @Test
  void manyAddressesDoNotKeepTheNextOneOut() throws Exception {
    int port = serving(Bounds.HEALTH);
    for (int i = 0; i < 600; i++) from("127.0.%d.%d".formatted(1 + i / 200, 1 + i % 200), port);
    assertThat(from("127.0.0.2", port).send(GET).answer()).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void readersThatStandStillHoldNobodyUpAndLittleMemory() throws Exception {
    var made = new AtomicInteger();
    int port =
        serving(
            Bounds.METRICS,
            Map.of(
                "/livez",
                OK,
                "/metrics",
                _ ->
                    Answer.metrics(
                        text -> {
                          made.incrementAndGet();
                          text.append("x".repeat(8192));
                          return true;
                        })));
    for (int i = 0; i < 100; i++) client(port).send("GET /metrics HTTP/1.1\r\n\r\n").some(1);

    assertThat(from("127.0.0.2", port).send(GET).answer()).startsWith("HTTP/1.1 200 ");
    // No more than the kernel takes for each: pieces are made when they can be sent.
    assertThat(made.get()).isLessThan(100 * 1000);
  }

  /**
   * The newest make room for each other last: several scrapes at once, beside readers that sleep.
   */
  @Test
  void severalAtOnceAreAnsweredBesideReadersThatStandStillAtTheSameAddress() throws Exception {
    var threads = Workers.named("test");
    open.add(threads::shutdownNow);
    var server =
        ManagementServer.start(
            "test",
            0,
            Bounds.METRICS,
            threads,
            Map.of("/metrics", _ -> Answer.metrics(endless(new CountDownLatch(1))), "/livez", OK));
    open.add(server);
    for (int i = 0; i < 40; i++) {
      client(server.port()).send("GET /metrics HTTP/1.1\r\n\r\n").some(1);
    }
    var together = new ArrayList<Client>();
    for (int i = 0; i < 8; i++) together.add(client(server.port()).send(GET));
    for (var each : together) assertThat(each.answer()).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aPageMayWaitWhileOthersAreAnswered() throws Exception {
    var go = new CountDownLatch(1);
    var threads = Workers.named("test");
    open.add(threads::shutdownNow);
    Page waits =
        _ -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Answer.text(200, "at last");
        };
    var server =
        ManagementServer.start("test", 0, Bounds.METRICS, threads, Map.of("/metrics", waits));
    open.add(server);
    var asked = new ArrayList<Client>();
    int room = Workers.THREADS + Workers.WAITING;
    for (int i = 0; i < room; i++) {
      asked.add(
          from("127.0.0." + (1 + i % 8), server.port()).send("GET /metrics HTTP/1.1\r\n\r\n"));
      asked.getLast().send("");
    }
    // One more than there is room for; it may be seen before the last of them.
    var more = from("127.0.0.9", server.port()).send("GET /metrics HTTP/1.1\r\n\r\n");
    asked.add(more);
    go.countDown();
    var answers = new ArrayList<String>();
    for (var each : asked) answers.add(each.answer());
    assertThat(answers)
        .filteredOn(each -> each.contains("at last"))
        .hasSizeGreaterThanOrEqualTo(room);
    assertThat(answers).allMatch(each -> each.contains("at last") || each.contains(" 503 "));
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    int port = serving(Bounds.HEALTH);
    assertThatThrownBy(
            () -> ManagementServer.start("test", port, Bounds.HEALTH, Runnable::run, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot listen on port " + port);
  }

  private static Body endless(CountDownLatch ended) {
    return new Body() {
      @Override
      public boolean more(StringBuilder text) {
        text.append("x".repeat(8192));
        return true;
      }

      @Override
      public void end() {
        ended.countDown();
      }
    };
  }

  private int serving(Bounds bounds) throws IOException {
    return serving(bounds, Map.of("/livez", OK));
  }

  private int serving(Bounds bounds, Map<String, Page> pages) throws IOException {
    var server = ManagementServer.start("test", 0, bounds, Runnable::run, pages);
    open.add(server);
    return server.port();
  }

  private Client client(int port) throws IOException {
    return from("127.0.0.1", port);
  }

  private Client from(String address, int port) throws IOException {
    var client = Client.from(address, port);
    open.add(client);
    return client;
  }
}
