package io.listenbacklog.probe.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.probe.telemetry.LogKeys;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the NodeBacklog of this node, by its name. Survives restarts of the API server, and a
 * cluster in which the custom resource is not defined yet.
 *
 * <p>Each watch starts from what is there, without a resource version, so none can be too old: it
 * is one object.
 */
public final class NodeBacklogWatch implements Runnable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeBacklogWatch.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(250);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

  /** The API server ends each watch after this time; one that lasts longer is cut off from it. */
  private static final Duration WATCH = Duration.ofMinutes(2);

  private static final Duration CUT_OFF = WATCH.plusSeconds(15);

  /** An API server that is away for less is no reason to restart this probe. */
  private static final Duration UNREACHED = Duration.ofMinutes(5);

  private final ApiRequests requests;
  private final String node;
  private final Receiver receiver;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean reached;
  private volatile long lastAnswerNanos = System.nanoTime();
  private volatile String why = "";
  private volatile @Nullable InputStream watched;
  private boolean failing;

  /** Called on the thread of the watch. */
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

    /** It was deleted. That is not the same as an empty spec: nothing is to be undone. */
    void deleted();
  }

  public NodeBacklogWatch(ApiRequests requests, String node, Receiver receiver) {
    this.requests = requests;
    this.node = node;
    this.receiver = receiver;
  }

  /** Whether the API server has answered a watch since the start. */
  public boolean reached() {
    return reached;
  }

  /** Why the API server does not answer, not yet or not for minutes; empty: it does. */
  public Optional<String> unreached() {
    if (!reached) {
      return Optional.of("the API server was not reached yet" + (why.isEmpty() ? "" : ": " + why));
    }
    long unreachedSeconds = (System.nanoTime() - lastAnswerNanos) / 1_000_000_000;
    return why.isEmpty() || unreachedSeconds < UNREACHED.toSeconds()
        ? Optional.empty()
        : Optional.of(
            "the API server was not reached for %d s: %s".formatted(unreachedSeconds, why));
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
            + ApiRequests.encoded(node)
            + "&timeoutSeconds="
            + WATCH.toSeconds();
    var response = requests.send(requests.nodeBacklogs(query).GET().build());
    if (response.statusCode() != 200) throw requests.refusal(response);
    try (var body = response.body();
        var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      watched = body;
      reached = true;
      if (failing) log.atInfo().addKeyValue(LogKeys.NODE, node).log("NodeBacklog is watched again");
      failing = false;
      why = "";
      var cutOff = ApiRequests.closeLater(body, CUT_OFF);
      try {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) handle(line);
      } finally {
        lastAnswerNanos = System.nanoTime();
        cutOff.cancel(false);
        watched = null;
      }
    }
  }

  private void handle(String line) throws IOException {
    JsonNode event = requests.json().readTree(line);
    JsonNode object = event.path("object");
    switch (event.path("type").asText()) {
      case "ADDED", "MODIFIED" -> arrived(object);
      case "DELETED" -> receiver.deleted();
      case "ERROR" -> throw new IOException(object.path("message").asText("the watch has failed"));
      default -> {
        // A bookmark, or what later versions may send.
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
        spec.isObject() ? spec : requests.json().createObjectNode(),
        status.isObject() ? understood(status) : null);
  }

  /**
   * Null where it makes no sense, as that of a later version may: what is asked of this node does
   * not wait for somebody to repair what the probe itself is going to write anew.
   */
  private @Nullable NodeBacklogStatus understood(JsonNode status) {
    try {
      return requests.json().treeToValue(status, NodeBacklogStatus.class);
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

  /** Ends the watch. */
  @Override
  public void close() throws IOException {
    closed.countDown();
    var body = watched;
    if (body != null) body.close();
  }
}
