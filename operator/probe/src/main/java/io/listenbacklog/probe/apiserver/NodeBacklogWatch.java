package io.listenbacklog.probe.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.probe.telemetry.LogKeys;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The NodeBacklog of this node: watched by its name alone, its status written by server-side apply.
 * Outlives the API server, and a cluster in which the custom resource is not defined yet.
 *
 * <p>Each watch starts from what is there, without a resource version, so none can be too old: it
 * is one object.
 */
public final class NodeBacklogClient implements StatusPublisher.Sink, Runnable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeBacklogClient.class);
  private static final String RESOURCES =
      "/apis/%s/%s/nodebacklogs".formatted(ApiGroup.NAME, ApiGroup.VERSION);
  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** The API server ends each watch after this time; one that lasts longer is cut off from it. */
  private static final Duration WATCH = Duration.ofMinutes(2);

  private static final Duration CUT_OFF = WATCH.plusSeconds(15);

  /** For so long may an API server be away and come back: nothing is wrong with this probe. */
  private static final Duration DEAF = Duration.ofMinutes(5);

  private final ApiServer server;
  private final String node;
  private final ObjectMapper json;
  private final Receiver receiver;
  private final Duration answer;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean reached;
  private volatile long heardNanos = System.nanoTime();
  private volatile String why = "";
  private volatile @Nullable InputStream watched;
  private boolean failing;

  /** Who wants to know of the NodeBacklog; called on the thread of the watch. */
  public interface Receiver {
    /**
     * It is there, or has changed.
     *
     * @param spec as it was sent; an empty object where there is none
     * @param status null: it has none
     * @throws IOException where the spec makes no sense
     */
    void arrived(
        String objectUid, long generation, JsonNode spec, @Nullable NodeBacklogStatus status)
        throws IOException;

    /**
     * The API server says what time it is; on whichever thread asked it something.
     *
     * @param took from the question to the answer
     */
    default void clock(Instant theirs, Duration took) {}

    /** It was deleted. That is not the same as an empty spec: nothing is to be undone. */
    void deleted();
  }

  public NodeBacklogClient(ApiServer server, String node, ObjectMapper json, Receiver receiver) {
    this(server, node, json, receiver, ANSWER);
  }

  /**
   * @param answer after which an answer must have begun, and after which again it must have ended
   */
  NodeBacklogClient(
      ApiServer server, String node, ObjectMapper json, Receiver receiver, Duration answer) {
    this.server = server;
    this.node = node;
    this.json = json;
    this.receiver = receiver;
    this.answer = answer;
  }

  /** Whether the API server has answered a watch since the start. */
  public boolean reached() {
    return reached;
  }

  /** Why nothing is heard of the API server, not yet or not for minutes; empty: it is. */
  public Optional<String> unreached() {
    if (!reached) {
      return Optional.of("the API server was not reached yet" + (why.isEmpty() ? "" : ": " + why));
    }
    long deafSeconds = (System.nanoTime() - heardNanos) / 1_000_000_000;
    return why.isEmpty() || deafSeconds < DEAF.toSeconds()
        ? Optional.empty()
        : Optional.of("the API server was not reached for %d s: %s".formatted(deafSeconds, why));
  }

  @Override
  public void run() {
    var retry = FIRST_RETRY;
    try {
      do {
        try {
          watch();
          retry = FIRST_RETRY;
        } catch (IOException | RuntimeException e) {
          // The latter is an object that makes no sense; a later one may.
          failed(e);
          retry = retry.multipliedBy(2);
          if (retry.compareTo(LONGEST_RETRY) > 0) retry = LONGEST_RETRY;
        }
      } while (!closed.await(retry.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Watches until the API server ends it. */
  private void watch() throws IOException, InterruptedException {
    String query =
        "?watch=true&fieldSelector=metadata.name%3D"
            + encoded(node)
            + "&timeoutSeconds="
            + WATCH.toSeconds();
    var request = server.request(RESOURCES + query).timeout(answer).GET().build();
    var response = send(request);
    if (response.statusCode() != 200) throw refused(response);
    try (var body = response.body();
        var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      watched = body;
      reached = true;
      if (failing) log.atInfo().addKeyValue(LogKeys.NODE, node).log("NodeBacklog is watched again");
      failing = false;
      why = "";
      var cutOff = closeLater(body, CUT_OFF);
      try {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) told(line);
      } finally {
        heardNanos = System.nanoTime();
        cutOff.cancel(false);
        watched = null;
      }
    }
  }

  /**
   * Closes an answer whose other end nobody has: nothing else would ever end the read, for the
   * timeout of a request ends where its answer begins.
   */
  private static CompletableFuture<Void> closeLater(InputStream body, Duration most) {
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

  private void told(String line) throws IOException {
    JsonNode event = json.readTree(line);
    JsonNode object = event.path("object");
    switch (event.path("type").asText()) {
      case "ADDED", "MODIFIED" -> arrived(object);
      case "DELETED" -> receiver.deleted();
      case "ERROR" -> throw new IOException(object.path("message").asText("the watch has failed"));
      default -> {
        // A bookmark, or what later versions may tell.
      }
    }
  }

  private void arrived(JsonNode object) throws IOException {
    var metadata = object.path("metadata");
    var spec = object.path("spec");
    var status = object.path("status");
    receiver.arrived(
        metadata.path("uid").asText(),
        metadata.path("generation").asLong(),
        spec.isObject() ? spec : json.createObjectNode(),
        status.isObject() ? understood(status) : null);
  }

  /**
   * Null where it makes no sense, as that of a later version may: what is asked of this node does
   * not wait for somebody to repair what the probe itself is going to write anew.
   */
  private @Nullable NodeBacklogStatus understood(JsonNode status) {
    try {
      return json.treeToValue(status, NodeBacklogStatus.class);
    } catch (JsonProcessingException | RuntimeException e) {
      log.atWarn()
          .addKeyValue(LogKeys.NODE, node)
          .addKeyValue(LogKeys.WHY, String.valueOf(e.getMessage()))
          .log("the status of the NodeBacklog makes no sense, it is written anew");
      return null;
    }
  }

  private void failed(Exception e) {
    why = String.valueOf(e.getMessage());
    if (failing || closed.getCount() == 0) return;
    failing = true;
    log.atWarn()
        .addKeyValue(LogKeys.NODE, node)
        .addKeyValue(LogKeys.WHY, String.valueOf(e.getMessage()))
        .log("NodeBacklog cannot be watched, will be tried again");
  }

  @Override
  public void write(NodeBacklogStatus status) throws IOException, InterruptedException {
    var object =
        Map.of(
            "apiVersion",
            ApiGroup.NAME + "/" + ApiGroup.VERSION,
            "kind",
            "NodeBacklog",
            "metadata",
            Map.of("name", node),
            "status",
            status);
    String path =
        "%s/%s/status?fieldManager=%s&force=true"
            .formatted(RESOURCES, encoded(node), encoded(ApiGroup.PROBE));
    var request =
        server
            .request(path)
            .timeout(answer)
            .header("Content-Type", "application/apply-patch+yaml") // of which JSON is a part
            .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(object)))
            .build();
    var response = send(request);
    if (response.statusCode() / 100 != 2) throw refused(response);
    // To its end, so that the connection is kept.
    read(response, body -> body.transferTo(OutputStream.nullOutputStream()));
  }

  @FunctionalInterface
  private interface Reading<T> {
    T of(InputStream body) throws IOException;
  }

  private <T> T read(HttpResponse<InputStream> response, Reading<T> reading) throws IOException {
    try (var body = response.body()) {
      var cutOff = closeLater(body, answer);
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

  private HttpResponse<InputStream> send(HttpRequest request)
      throws IOException, InterruptedException {
    try {
      long asked = System.nanoTime();
      var response = server.http().send(request, HttpResponse.BodyHandlers.ofInputStream());
      var took = Duration.ofNanos(System.nanoTime() - asked);
      response.headers().firstValue("Date").ifPresent(date -> clock(date, took));
      return response;
    } catch (ConnectException e) {
      // It comes without a message.
      throw new IOException("the API server at %s cannot be reached".formatted(server.base()), e);
    }
  }

  private void clock(String date, Duration took) {
    try {
      receiver.clock(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)), took);
    } catch (DateTimeException e) {
      log.atDebug().setCause(e).log("an answer with a date that is none");
    }
  }

  private IOException refused(HttpResponse<InputStream> response) throws IOException {
    var bytes = read(response, body -> body.readNBytes(16 * 1024));
    String message = new String(bytes, StandardCharsets.UTF_8);
    try {
      message = json.readTree(bytes).path("message").asText(message);
    } catch (IOException e) {
      log.atDebug().setCause(e).log("an answer that is no JSON");
    }
    return new IOException(
        "the API server answered %d: %s".formatted(response.statusCode(), message.strip()));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Ends the watch. */
  @Override
  public void close() throws IOException {
    closed.countDown();
    var body = watched;
    if (body != null) body.close();
  }
}
