package io.listenbacklog.cli;

import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The probes, asked for their metrics through the API server's pod proxy: whoever may use that
 * needs no other access to the cluster's network.
 */
final class Probes {
  /** The labels that the chart gives to a probe's pods. */
  static final String LABELS =
      "app.kubernetes.io/name=listen-backlog-operator,app.kubernetes.io/component=probe";

  /**
   * In parallel: each holds the listeners of one node in memory, and some dead nodes must not keep
   * all others waiting.
   */
  static final int AT_ONCE = 32;

  /** What makes a network drop the API server's requests, or refuse them. */
  private static final String SHUT_OUT =
      " (where networkPolicy.metricsFrom is set it has to name the API server's addresses)";

  /** Bytes of what is compressed. */
  private static final int BUFFER = 8 * 1024;

  private static final int DEFAULT_PORT = 8080;
  private static final int FORBIDDEN = 403;

  /** Seconds for a probe to answer: a dead node would take half a minute otherwise. */
  private static final int PATIENCE = 5;

  /**
   * A probe that did not answer.
   *
   * @param missing the missing permission; null: another error
   */
  record Silent(String node, String why, @Nullable String missing) {}

  /**
   * Where a probe is.
   *
   * @param node empty: it has none yet
   * @param ready as its condition says
   */
  private record Pod(String namespace, String name, String node, int port, boolean ready) {
    static Pod of(JsonNode pod) {
      int port = DEFAULT_PORT;
      for (JsonNode container : pod.at("/spec/containers")) {
        for (JsonNode each : container.path("ports")) {
          if (each.path("name").asText().equals("http")) {
            port = each.path("containerPort").asInt(DEFAULT_PORT);
          }
        }
      }
      return new Pod(
          pod.at("/metadata/namespace").asText(),
          pod.at("/metadata/name").asText(),
          pod.at("/spec/nodeName").asText(),
          port,
          isReady(pod));
    }

    private static boolean isReady(JsonNode pod) {
      for (JsonNode each : pod.at("/status/conditions")) {
        if (each.path("type").asText().equals("Ready")) {
          return each.path("status").asText().equals("True");
        }
      }
      return false;
    }

    String path() {
      return "/api/v1/namespaces/%s/pods/%s:%d/proxy/metrics".formatted(namespace, name, port);
    }
  }

  private final KubernetesClient client;
  private final List<Pod> pods;

  private Probes(KubernetesClient client, List<Pod> pods) {
    this.client = client;
    this.pods = pods;
  }

  /**
   * Finds them.
   *
   * @param namespace the operator's; null: wherever they are
   * @throws KubernetesClientException where that is refused
   */
  static Probes find(KubernetesClient client, @Nullable String namespace) {
    String path =
        namespace == null
            ? "/api/v1/pods"
            : "/api/v1/namespaces/%s/pods".formatted(URLEncoder.encode(namespace, UTF_8));
    // Not as the client's PodList: to learn what is in a pod takes it longer than all the rest.
    String answer = client.raw(path + "?labelSelector=" + URLEncoder.encode(LABELS, UTF_8));
    if (answer == null) throw new KubernetesClientException(path, HTTP_NOT_FOUND, null);
    var list = client.getKubernetesSerialization().unmarshal(answer, JsonNode.class);
    var pods = new ArrayList<Pod>();
    for (JsonNode each : Refusal.answered(Refusal.answered(list).get("items")))
      pods.add(Pod.of(each));
    return new Probes(client, pods);
  }

  /** How many there are, whether they answer or not. */
  int count() {
    return pods.size();
  }

  /** Which nodes have one that is ready. */
  ReadyProbes.Known ready() {
    var ready = new HashSet<String>();
    for (Pod each : pods) if (each.ready()) ready.add(each.node());
    var others = new HashMap<String, String>();
    for (Pod each : pods) {
      if (!ready.contains(each.node())) {
        others.put(each.node(), each.namespace() + "/" + each.name());
      }
    }
    return new ReadyProbes.Known(ready, others);
  }

  /**
   * Asks all of them for their listeners.
   *
   * @param wanted namespace and pod of those listeners that are
   * @param each takes them, from several threads
   * @return those that did not answer, by node
   */
  List<Silent> ask(BiPredicate<String, String> wanted, Consumer<ListenerFigures> each)
      throws InterruptedException {
    if (pods.isEmpty()) return List.of();
    var silent = new ArrayList<Silent>();
    // The clock is closed last: an answer may need it to end.
    try (var clock = Executors.newSingleThreadScheduledExecutor();
        var threads = Executors.newFixedThreadPool(Math.min(AT_ONCE, pods.size()))) {
      var asked = new ArrayList<Future<Optional<Silent>>>();
      for (Pod pod : pods) asked.add(threads.submit(() -> ask(pod, wanted, each, clock)));
      for (var answer : asked) answer.get().ifPresent(silent::add);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    silent.sort(Comparator.comparing(Silent::node));
    return silent;
  }

  private Optional<Silent> ask(
      Pod pod,
      BiPredicate<String, String> wanted,
      Consumer<ListenerFigures> each,
      ScheduledExecutorService clock)
      throws InterruptedException {
    var http = client.getHttpClient();
    var request =
        http.newHttpRequestBuilder()
            .uri(client.getMasterUrl().toString().replaceAll("/+$", "") + pod.path())
            .timeout(PATIENCE, TimeUnit.SECONDS)
            // A tenth of it to decipher, which Java does slowly when it has just started.
            .header("Accept-Encoding", "gzip")
            .build();
    var answer = http.sendAsync(request, InputStream.class);
    // The timeouts of HTTP clients end with the headers: one that stops in the middle is closed.
    var late = new AtomicBoolean();
    var end =
        clock.schedule(
            () -> {
              late.set(true);
              answer.cancel(true);
              if (answer.state() == Future.State.SUCCESS) close(answer.resultNow().body());
            },
            PATIENCE,
            TimeUnit.SECONDS);
    try {
      var response = answer.get();
      try (var body = plain(response)) {
        if (response.code() == FORBIDDEN) {
          return Optional.of(
              new Silent(
                  pod.node(), "forbidden", "get pods/proxy in namespace " + pod.namespace()));
        }
        if (!response.isSuccessful()) {
          return Optional.of(new Silent(pod.node(), why(response.code()), null));
        }
        Exposition.read(body, pod.node(), wanted, each);
        return Optional.empty();
      }
    } catch (IOException | ExecutionException | CancellationException e) {
      return Optional.of(
          new Silent(
              pod.node(),
              late.get()
                  ? "does not answer within %d seconds%s".formatted(PATIENCE, SHUT_OUT)
                  : Refusal.innermost(e),
              null));
    } finally {
      end.cancel(false);
    }
  }

  private static InputStream plain(HttpResponse<InputStream> response) throws IOException {
    var encodings = response.headers("Content-Encoding");
    boolean isCompressed = encodings.stream().anyMatch(each -> each.equalsIgnoreCase("gzip"));
    return isCompressed ? new GZIPInputStream(response.body(), BUFFER) : response.body();
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // Whoever reads it gets its own.
    }
  }

  private static String why(int code) {
    return switch (code) {
      case 401 ->
          "lets nobody in without a token (metrics.authorization), and the API server passes none"
              + " on";
      case 404 -> "its pod is gone";
      case 503 -> "cannot be reached from the API server, or is not ready" + SHUT_OUT;
      default -> "answers with HTTP status " + code;
    };
  }
}
