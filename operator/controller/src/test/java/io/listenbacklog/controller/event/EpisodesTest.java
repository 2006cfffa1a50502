package io.listenbacklog.controller.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventSeries;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.BacklogPolicySpec;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.controller.MockApi;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.ProbePods;
import io.listenbacklog.controller.cluster.Unheard;
import io.listenbacklog.controller.cluster.json.PodView;
import io.listenbacklog.policy.event.EventPlanner;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.policy.resolve.limit.Limits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events that last, Events of many pods, and controllers that begin again, against a small API. */
class EpisodesTest {
  private static final Clock NOW =
      Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

  private final MockApi api = MockApi.keeping();
  private final KubernetesMockServer server = api.server();
  private final KubernetesClient client = api.client();
  private final Cluster cluster =
      new Cluster(Limits.DEFAULT, new ProbePods("operator"), new Unheard());
  private ScheduledExecutorService thread = Executors.newScheduledThreadPool(1);
  private EventReporter reports = controller();

  @BeforeEach
  void start() {
    policy(Storm.POLICY);
    cluster.open();
  }

  /** One that has just begun to lead: it knows nothing but the cluster. */
  private EventReporter controller() {
    thread.shutdownNow();
    thread = Executors.newScheduledThreadPool(1);
    return new EventReporter(
        cluster,
        new EventPlanner(new Explanations(Catalogue.standard())),
        new EventRecorder(client, "controller-1", new SimpleMeterRegistry()),
        new TokenBucket(1000, 1000, System::nanoTime),
        Duration.ZERO,
        NOW,
        thread);
  }

  @AfterEach
  void stop() {
    thread.shutdownNow();
    api.close();
  }

  @Test
  void whatLastsIsOneEventWhoseSeriesIsBroughtUpToDateNowAndAgain() throws Exception {
    pod("api-1", "node-1");
    report("node-1", Storm.stalled("api-1", 1, null));
    assertThat(events()).hasSize(1);
    assertThat(events().getFirst().getSeries()).isNull();

    report("node-1", Storm.stalled("api-1", 16, null));
    report("node-1", Storm.stalled("api-1", 31, null));
    assertThat(events()).hasSize(1);
    assertThat(events().getFirst().getSeries().getCount()).isEqualTo(16);
    assertThat(events().getFirst().getNote()).contains("stopped accepting");

    report("node-1", Storm.stalled("api-1", 50, Storm.SINCE.plusSeconds(51)));
    assertThat(events()).hasSize(1);
    assertThat(events().getFirst().getSeries().getCount()).isEqualTo(50);
  }

  @Test
  void aControllerThatBeginsAgainCountsOnFromWhatIsThere() throws Exception {
    pod("api-1", "node-1");
    report("node-1", Storm.stalled("api-1", 30, null));
    assertThat(events().getFirst().getSeries().getCount()).isEqualTo(30);

    reports = controller();
    int before = server.getRequestCount();
    report("node-1", Storm.stalled("api-1", 29, null));
    assertThat(events()).hasSize(1);
    assertThat(events().getFirst().getSeries().getCount()).as("no step back").isEqualTo(30);
    assertThat(server.getRequestCount() - before)
        .as("asks what there was before, creates, reads, and this test's two lists")
        .isEqualTo(5);

    report("node-1", Storm.stalled("api-1", 60, null));
    assertThat(events().getFirst().getSeries().getCount()).isEqualTo(60);
  }

  @Test
  void anEventThatIsGoneWhileItLastsIsWrittenAgain() throws Exception {
    pod("api-1", "node-1");
    report("node-1", Storm.stalled("api-1", 1, null));
    client.resource(events().getFirst()).delete();

    report("node-1", Storm.stalled("api-1", 2, null));

    assertThat(events()).hasSize(1);
    assertThat(events().getFirst().getSeries().getCount()).isEqualTo(2);
  }

  @Test
  void anEventThatSomebodyElseWroteInItsPlaceKeepsNoOtherFromBeingWritten() throws Exception {
    pod("api-1", "node-1");
    report("node-1", Storm.stalled("api-1", 30, null));
    Event strange = events().getFirst();
    client.resource(strange).delete();
    // Events that are written by core/v1 are not checked as those by events.k8s.io are.
    strange.setSeries(new EventSeries());
    strange.getMetadata().setResourceVersion(null);
    client.resource(strange).create();

    reports = controller();
    report(
        "node-1",
        Stream.of(
            Storm.stalled("api-1", 30, null),
            Storm.tooSmall("api-1", "0.0.0.0:80", "python3", 4096)));

    assertThat(events()).hasSize(2);
  }

  @Test
  void aThousandPodsAtOnceAreAFewEventsAndOneOnThePolicy() throws Exception {
    for (int i = 0; i < 1000; i++) pod("api-" + i, "node-" + i % 100);
    storm();
    enqueueAllAtOnce();

    assertThat(events()).hasSize(EventAggregation.OWN + 1);
    Event aggregate = onPolicy().getFirst();
    assertThat(aggregate.getRegarding().getName()).isEqualTo("all");
    assertThat(aggregate.getSeries().getCount()).isEqualTo(990);
    assertThat(aggregate.getNote()).contains("990 more pods");

    // Leads again, or another does: nothing is said twice.
    reports = controller();
    enqueueAllAtOnce();
    assertThat(events()).hasSize(EventAggregation.OWN + 1);
    assertThat(onPolicy().getFirst().getSeries().getCount()).isEqualTo(990);

    // What is news is said, of each pod.
    report(
        "node-7",
        IntStream.range(0, 10).mapToObj(i -> Storm.stalled("api-" + (7 + 100 * i), 1, null)));
    assertThat(events()).filteredOn(event -> event.getReason().equals("AcceptStalled")).hasSize(10);
  }

  @ParameterizedTest
  @CsvSource({
    "BacklogPolicy, shop, gone, uid-gone",
    "Secret, shop, all, uid-policy",
    "BacklogPolicy, bank, strict, uid-strict",
    "ClusterBacklogPolicy, , node-1, uid-policy"
  })
  void onWhatIsNoPolicyOfThePodsNothingIsSaidWhateverAProbeClaims(
      String kind, @Nullable String namespace, String name, String uid) throws Exception {
    policy(new PolicyReference("BacklogPolicy", "bank", "strict", "uid-strict", 1));
    pod("api-1", "node-1");
    var claimed = new PolicyReference(kind, namespace, name, uid, 1);

    report(
        "node-1",
        IntStream.range(0, 20)
            .mapToObj(i -> Storm.tooSmall("api-1", claimed, "10.0.0." + i + ":80")));
    drain();

    assertThat(events()).allMatch(event -> event.getRegarding().getKind().equals("Pod"));
  }

  private void policy(PolicyReference reference) {
    var policy = new BacklogPolicy();
    policy.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(reference.namespace())
            .withName(reference.name())
            .withUid(reference.uid())
            .withGeneration(reference.generation())
            .withCreationTimestamp("2026-11-22T10:00:00Z")
            .build());
    policy.setSpec(BacklogPolicySpec.DEFAULTS);
    cluster.policies().put(reference.namespace() + "/" + reference.name(), policy);
  }

  /** As the cluster does it when it has read everything: before the first is looked at. */
  private void enqueueAllAtOnce() throws Exception {
    var enqueued = new CountDownLatch(1);
    var _ = thread.submit(() -> enqueued.await(1, TimeUnit.MINUTES));
    IntStream.range(0, 100).forEach(node -> reports.enqueue("node-" + node));
    enqueued.countDown();
    drain();
    drain(); // What is told of an aggregate comes after what is told of nodes.
  }

  private void storm() {
    for (int node = 0; node < 100; node++) {
      int first = node;
      var listeners =
          IntStream.range(0, 10)
              .mapToObj(
                  i -> Storm.tooSmall("api-" + (first + 100 * i), "0.0.0.0:80", "python3", 4096))
              .toList();
      cluster.backlogs().put("node-" + node, Storm.node("node-" + node, listeners));
    }
  }

  private void pod(String name, String node) {
    cluster.pods().put("shop/" + name, new PodView(Storm.pod(name, node)));
  }

  private void report(String node, NodeListener listener) throws Exception {
    report(node, Stream.of(listener));
  }

  private void report(String node, Stream<NodeListener> listeners) throws Exception {
    cluster.backlogs().put(node, Storm.node(node, listeners.toList()));
    reports.enqueue(node);
    drain();
  }

  private List<Event> onPolicy() {
    return events().stream()
        .filter(event -> event.getRegarding().getKind().equals("BacklogPolicy"))
        .toList();
  }

  private List<Event> events() {
    return client.events().v1().events().inAnyNamespace().list().getItems();
  }

  /** Waits until the one thread has done what it was asked before. */
  private void drain() throws Exception {
    await().until(() -> reports.waiting() == 0);
    thread.submit(() -> {}).get();
  }
}
