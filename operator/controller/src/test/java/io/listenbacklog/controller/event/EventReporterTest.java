package io.listenbacklog.controller.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.Restoration;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.controller.MockApi;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.ProbePods;
import io.listenbacklog.controller.cluster.Unheard;
import io.listenbacklog.controller.cluster.json.PodView;
import io.listenbacklog.controller.cluster.json.SlimPod;
import io.listenbacklog.controller.telemetry.MetricNames;
import io.listenbacklog.policy.event.EventPlanner;
import io.listenbacklog.policy.event.Ticking;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.policy.resolve.SomePod;
import io.listenbacklog.policy.resolve.limit.Limits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventReporterTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/shop/events";

  private final MockApi api = MockApi.answering();
  private final KubernetesMockServer server = api.server();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final ScheduledExecutorService thread = Executors.newScheduledThreadPool(1);
  private final Cluster cluster =
      new Cluster(Limits.DEFAULT, new ProbePods("operator"), new Unheard());

  /** It began long ago: what the controller before it wrote is over. */
  private final Ticking clock = new Ticking(NOW.minus(Duration.ofHours(2)));

  private final EventReporter reports =
      new EventReporter(
          cluster,
          new EventPlanner(new Explanations(Catalogue.standard())),
          new EventRecorder(api.client(), "controller-1", metrics),
          1000,
          clock,
          thread);

  @BeforeEach
  void start() {
    clock.set(NOW);
    put(pod("shop", "api-1", "uid-1", "node-1"));
    put(pod("bank", "vault-1", "uid-2", "node-2"));
    cluster.open();
  }

  private void put(SlimPod pod) {
    cluster.pods().put(pod.facts().namespace() + "/" + pod.facts().name(), new PodView(pod));
  }

  private static SlimPod pod(String namespace, String name, String uid, String node) {
    var facts = new SomePod(uid, namespace, name, node).facts();
    return new SlimPod(facts, "1", true);
  }

  @AfterEach
  void stop() {
    thread.shutdownNow();
    api.close();
  }

  @Test
  void anEventSaysWhatHappenedToWhichPodAndWhoSaysSo() throws Exception {
    answer(201, "{}");
    restored("0.0.0.0:80");

    reports.enqueue("node-1");
    await().until(() -> posts() == 1);

    JsonNode event = new ObjectMapper().readTree(server.getLastRequest().getBody().readUtf8());
    assertThat(event.at("/metadata/name").asText()).matches("backlog\\.[0-9a-f]{24}");
    assertThat(event.at("/eventTime").asText()).isEqualTo("2026-11-22T11:59:00.000000Z");
    assertThat(event.at("/reportingController").asText()).isEqualTo("listenbacklog.io");
    assertThat(event.at("/reportingInstance").asText()).isEqualTo("controller-1");
    assertThat(event.at("/type").asText()).isEqualTo("Normal");
    assertThat(event.at("/reason").asText()).isEqualTo("BacklogRestored");
    assertThat(event.at("/action").asText()).isEqualTo("Restore");
    assertThat(event.at("/regarding/kind").asText()).isEqualTo("Pod");
    assertThat(event.at("/regarding/namespace").asText()).isEqualTo("shop");
    assertThat(event.at("/regarding/name").asText()).isEqualTo("api-1");
    assertThat(event.at("/regarding/uid").asText()).isEqualTo("uid-1");
    assertThat(event.at("/note").asText()).contains("0.0.0.0:80");
  }

  @Test
  void whatHasBeenSaidIsNotSaidAtTheNextChange() {
    answer(201, "{}");
    restored("0.0.0.0:80");
    reports.enqueue("node-1");
    await().until(() -> posts() == 1);

    restored("0.0.0.0:80", "0.0.0.0:81");
    reports.enqueue("node-1");
    await().until(() -> posts() == 2);

    reports.enqueue("node-1");
    await().until(() -> reports.waiting() == 0);
    drain();
    assertThat(posts()).isEqualTo(2);
  }

  @Test
  void anEventThatIsThereAlreadyHasBeenSaidByTheControllerBefore() {
    answer(409, status(409, "AlreadyExists", "already exists"));
    restored("0.0.0.0:80");

    reports.enqueue("node-1");
    await().until(() -> posts() == 1);
    reports.enqueue("node-1");
    drain();

    assertThat(posts()).isEqualTo(1);
    assertThat(metrics.find(MetricNames.REFUSED_EVENTS).counter()).isNull();
  }

  @Test
  void whatTheApiServerRefusesForGoodIsCountedAndNotTriedAgain() {
    answer(422, status(422, "Invalid", "note: too long"));
    restored("0.0.0.0:80");

    reports.enqueue("node-1");
    await().until(() -> posts() == 1);
    reports.enqueue("node-1");
    drain();

    assertThat(posts()).isEqualTo(1);
    assertThat(
            metrics
                .get(MetricNames.REFUSED_EVENTS)
                .tag("reason", "BacklogRestored")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @Test
  void inANamespaceThatIsGoingNothingIsTriedAgain() {
    Status going =
        new StatusBuilder(status(403, "Forbidden", "forbidden: it is being terminated"))
            .withNewDetails()
            .addNewCause("metadata.namespace", "shop is being terminated", "NamespaceTerminating")
            .endDetails()
            .build();
    answer(403, going);
    restored("0.0.0.0:80");

    reports.enqueue("node-1");
    await().until(() -> posts() == 1);
    reports.enqueue("node-1");
    drain();

    assertThat(posts()).isEqualTo(1);
  }

  @Test
  void whatFailedIsTriedAgainAndWhatWorkedIsNot() {
    server.expect().post().withPath(EVENTS).andReturn(201, "{}").once();
    server
        .expect()
        .post()
        .withPath(EVENTS)
        .andReturn(403, status(403, "Forbidden", "no rights"))
        .once();
    answer(201, "{}");
    restored("0.0.0.0:80", "0.0.0.0:81");

    reports.enqueue("node-1");

    // One written, one refused for now, and after a pause that one again.
    await().atMost(Duration.ofSeconds(30)).until(() -> posts() == 3);
    drain();
    assertThat(posts()).isEqualTo(3);
    assertThat(metrics.get(MetricNames.EVENTS).counter().count()).isEqualTo(2);
  }

  @Test
  void aProbeCanSayNothingOfPodsElsewhereNorOfPodsThatAreGone() {
    answer(201, "{}");
    state(
        restoration(new PodReference("uid-2", "bank", "vault-1"), "0.0.0.0:80"),
        restoration(new PodReference("uid-0", "shop", "api-1"), "0.0.0.0:80"));

    reports.enqueue("node-1");
    drain();

    assertThat(posts()).isZero();
  }

  @Test
  void aNamespaceThatTakesNoEventsKeepsNobodyElsesFromBeingWritten() {
    put(pod("full", "batch-1", "uid-3", "node-1"));
    server
        .expect()
        .post()
        .withPath(EVENTS.replace("shop", "full"))
        .andReturn(403, status(403, "Forbidden", "exceeded quota: count/events.events.k8s.io"))
        .always();
    answer(201, "{}");
    state(
        restoration(new PodReference("uid-3", "full", "batch-1"), "0.0.0.0:80"),
        restoration(new PodReference("uid-1", "shop", "api-1"), "0.0.0.0:80"));

    reports.enqueue("node-1");
    drain();

    assertThat(posts()).isEqualTo(2);
    assertThat(metrics.get(MetricNames.EVENTS).counter().count()).isEqualTo(1);
    assertThat(reports.waiting()).as("tried again later").isEqualTo(1);
  }

  @Test
  void whileTheApiServerHasEnoughToDoNothingMoreIsTried() {
    answer(429, status(429, "TooManyRequests", "slow down"));
    restored("0.0.0.0:80", "0.0.0.0:81");

    reports.enqueue("node-1");
    drain();

    // The client itself tries each of its requests a few times.
    assertThat(posts()).isLessThanOrEqualTo(3);
  }

  private void answer(int code, Object body) {
    server.expect().post().withPath(EVENTS).andReturn(code, body).always();
  }

  private static Status status(int code, String reason, String message) {
    return new StatusBuilder()
        .withStatus("Failure")
        .withCode(code)
        .withReason(reason)
        .withMessage(message)
        .build();
  }

  /** The state of node-1: something was restored on each of these addresses. */
  private void restored(String... addresses) {
    var pod = new PodReference("uid-1", "shop", "api-1");
    state(Stream.of(addresses).map(each -> restoration(pod, each)).toArray(Restoration[]::new));
  }

  private static Restoration restoration(PodReference pod, String address) {
    return new Restoration(pod, "api", address, 64, 5, NOW.minusSeconds(60));
  }

  private void state(Restoration... restorations) {
    var backlog = new NodeBacklog();
    backlog.setMetadata(
        new ObjectMetaBuilder().withName("node-1").withUid("n").withGeneration(1L).build());
    backlog.setSpec(new NodeBacklogSpec(List.of()));
    backlog.setStatus(
        new NodeBacklogStatus(
            1L, "boot", List.of(), List.of(), List.of(), List.of(), List.of(restorations)));
    cluster.backlogs().put("node-1", backlog);
  }

  private int posts() {
    return server.getRequestCount();
  }

  /** Waits until the one thread has done what it was asked before. */
  private void drain() {
    try {
      thread.submit(() -> {}).get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
