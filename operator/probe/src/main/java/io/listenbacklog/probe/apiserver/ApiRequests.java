package io.listenbacklog.probe.apiserver;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.listenbacklog.api.ApiGroup;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends requests about NodeBacklogs, and bounds how long an answer may take. */
public final class ApiRequests {
  private static final Logger log = LoggerFactory.getLogger(ApiRequests.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MOST_BYTES_OF_REFUSAL = 16 * 1024;

  private final ApiServer server;
  private final ObjectMapper json;
  private final DateListener dates;
  private final Duration timeout;

  /** Told of the date of each answer, on the thread that sent the request. */
  @FunctionalInterface
  public interface DateListener {
    /**
     * Takes the date of an answer.
     *
     * @param theirs the API server's time of day, to the second
     * @param took from the request to the answer
     */
    void date(Instant theirs, Duration took);
  }

  public ApiRequests(ApiServer server, ObjectMapper json, DateListener dates) {
    this(server, json, dates, TIMEOUT);
  }

  /**
   * @param timeout after which an answer must have begun, and after which again it must have ended
   */
  ApiRequests(ApiServer server, ObjectMapper json, DateListener dates, Duration timeout) {
    this.server = server;
    this.json = json;
    this.dates = dates;
    this.timeout = timeout;
  }

  ObjectMapper json() {
    return json;
  }

  /**
   * A request for NodeBacklogs.
   *
   * @param rest of the path, with its query
   */
  HttpRequest.Builder nodeBacklogs(String rest) throws IOException {
    return server
        .request("/apis/%s/%s/nodebacklogs%s".formatted(ApiGroup.NAME, ApiGroup.VERSION, rest))
        .timeout(timeout);
  }

  HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
    try {
      long sent = System.nanoTime();
      var response = server.http().send(request, HttpResponse.BodyHandlers.ofInputStream());
      var took = Duration.ofNanos(System.nanoTime() - sent);
      response.headers().firstValue("Date").ifPresent(date -> date(date, took));
      return response;
    } catch (ConnectException e) {
      // It comes without a message.
      throw new IOException("the API server at %s cannot be reached".formatted(server.base()), e);
    }
  }

  private void date(String date, Duration took) {
    try {
      dates.date(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)), took);
    } catch (DateTimeException e) {
      log.atDebug().setCause(e).log("an answer with an invalid date");
    }
  }

  @FunctionalInterface
  interface Reading<T> {
    T of(InputStream body) throws IOException;
  }

  /** Reads an answer, which must end in time. */
  <T> T read(HttpResponse<InputStream> response, Reading<T> reading) throws IOException {
    try (var body = response.body()) {
      var cutOff = closeLater(body, timeout);
      try {
        return reading.of(body);
      } catch (IOException e) {
        throw new IOException(
            "an answer of the API server at %s broke off: %s"
                .formatted(server.base(), e.getMessage()),
            e);
      } finally {
        cutOff.cancel(false);
      }
    }
  }

  /**
   * Closes an answer whose other end nobody has: nothing else would ever end the read, for the
   * timeout of a request ends where its answer begins.
   */
  static CompletableFuture<Void> closeLater(InputStream body, Duration most) {
    var later = CompletableFuture.delayedExecutor(most.toMillis(), TimeUnit.MILLISECONDS);
    return CompletableFuture.runAsync(
        () -> {
          try {
            body.close();
          } catch (IOException e) {
            log.atDebug().setCause(e).log("closing an answer that is cut off");
          }
        },
        later);
  }

  /** What an answer says that is not of status 2xx: the message of its Status object. */
  IOException refusal(HttpResponse<InputStream> response) throws IOException {
    var bytes = read(response, body -> body.readNBytes(MOST_BYTES_OF_REFUSAL));
    String message = new String(bytes, StandardCharsets.UTF_8);
    try {
      message = json.readTree(bytes).path("message").asText(message);
    } catch (IOException e) {
      log.atDebug().setCause(e).log("an answer that is no JSON");
    }
    return new IOException(
        "the API server answered %d: %s".formatted(response.statusCode(), message.strip()));
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
