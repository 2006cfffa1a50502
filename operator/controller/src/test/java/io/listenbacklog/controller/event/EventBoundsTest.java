package io.listenbacklog.controller.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Reopened;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.controller.MockApi;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.ProbePods;
import io.listenbacklog.controller.cluster.Unheard;
import io.listenbacklog.controller.cluster.json.PodView;
import io.listenbacklog.controller.telemetry.MetricNames;
import io.listenbacklog.policy.event.EventPlanner;
import io.listenbacklog.policy.event.Ticking;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.policy.resolve.limit.Limits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever applications do, there are so many Events and no more. */
class EventBoundsTest {
  private final MockApi api = MockApi.keeping();
  private final KubernetesClient client = api.client();
  private final Cluster cluster =
      new Cluster(Limits.DEFAULT, new ProbePods("operator"), new Unheard());
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final Ticking clock = new Ticking(Storm.SINCE.plusSeconds(1));
  private ScheduledExecutorService thread = Executors.newScheduledThreadPool(1);
  private EventReporter reports = controller();

  @BeforeEach
  void start() {
    cluster.open();
    pod("api-1");
  }

  private EventReporter controller() {
    thread.shutdownNow();
    thread = Executors.newScheduledThreadPool(1);
    return new EventReporter(
        cluster,
        new EventPlanner(new Explanations(Catalogue.standard())),
        new EventRecorder(client, "controller-1", metrics),
        new TokenBucket(1000, 1000, System::nanoTime),
        Duration.ZERO,
        clock,
        thread);
  }

  @AfterEach
  void stop() {
    thread.shutdownNow();
    api.close();
  }

  @Test
  void aListenerThatIsOpenedAnewEveryThreeSecondsIsOneEventWithASeries() throws Exception {
    for (int i = 0; i < 200; i++) {
      clock.pass(Duration.ofSeconds(3));
      report(
          Storm.reopened("api-1", clock.instant(), i == 0 ? null : new Reopened(i + 1, first())));
      if (i % 50 == 49) reports = controller();
    }

    assertThat(events()).hasSize(1);
    assertThat(events().getFirst().getSeries().getCount()).isBetween(180, 200);
  }

  private static Instant first() {
    return Storm.SINCE.plusSeconds(4);
  }

  @Test
  void aListenerThatIsRestartedOnceHasAnotherTimeInItsEventAtOnce() throws Exception {
    report(Storm.reopened("api-1", Storm.SINCE, null));
    clock.pass(Duration.ofSeconds(60));
    report(Storm.reopened("api-1", clock.instant(), new Reopened(2, Storm.SINCE)));

    assertThat(events()).hasSize(1);
    assertThat(events().getFirst().getSeries().getCount()).isEqualTo(2);
    assertThat(Instant.parse(events().getFirst().getSeries().getLastObservedTime().getTime()))
        .isEqualTo(clock.instant());
  }

  @Test
  void ofOnePodAndReasonThereAreTenEventsInAnHourWhateverPortsItUses() throws Exception {
    for (int i = 0; i < 300; i++) {
      clock.pass(Duration.ofSeconds(10));
      report(Storm.tooSmall("api-1", "0.0.0.0:" + (1000 + i), "python-" + i, clock.instant()));
    }

    assertThat(events()).hasSize(11);
    var rest = events().stream().filter(each -> each.getNote().contains("none of its own"));
    assertThat(rest.findFirst().orElseThrow().getSeries().getCount()).isBetween(200, 290);
    assertThat(metrics.get(MetricNames.HELD_EVENTS).counter().count()).isEqualTo(290);
  }

  @Test
  void theControllerAfterItKnowsThatThereAreEnough() throws Exception {
    for (int i = 0; i < 20; i++) next(i);
    assertThat(events()).hasSize(11);

    reports = controller();
    for (int i = 20; i < 60; i++) next(i);
    reports = controller();
    for (int i = 60; i < 70; i++) next(i);

    assertThat(events()).hasSize(11);
    var rest = events().stream().filter(each -> each.getNote().contains("none of its own"));
    assertThat(rest.findFirst().orElseThrow().getSeries().getCount()).isGreaterThan(30);
  }

  @Test
  void whatLastsIsBroughtUpToDateByTheControllerAfterItAlsoWhereThereAreEnough() throws Exception {
    report(Storm.reopened("api-1", clock.instant(), null));
    var began = clock.instant();
    for (int i = 0; i < 20; i++) next(i);
    String lasting = nameOfTheFirst();

    reports = controller();
    for (int times = 2; times < 40; times++) {
      clock.pass(Duration.ofSeconds(10));
      report(Storm.reopened("api-1", clock.instant(), new Reopened(times, began)));
    }

    assertThat(events()).hasSize(11);
    var event = events().stream().filter(each -> name(each).equals(lasting)).findFirst();
    assertThat(event.orElseThrow().getSeries().getCount()).isGreaterThan(15);
  }

  /** Of the one that was written before all others. */
  private String nameOfTheFirst() {
    return events().stream()
        .min(Comparator.comparing(each -> each.getEventTime().getTime()))
        .map(EventBoundsTest::name)
        .orElseThrow();
  }

  private static String name(Event event) {
    return event.getMetadata().getName();
  }

  private void next(int i) throws Exception {
    clock.pass(Duration.ofSeconds(10));
    report(Storm.tooSmall("api-1", "0.0.0.0:" + (1000 + i), "python-" + i, clock.instant()));
  }

  @Test
  void anHourLaterThereAreOthers() throws Exception {
    for (int i = 0; i < 20; i++) next(i);
    clock.pass(Duration.ofHours(1));
    next(20);

    assertThat(events()).hasSize(12);
  }

  @Test
  void ofOneNamespaceThereAreFiftyInAMinuteAndTheOthersAreWrittenLater() throws Exception {
    for (int i = 0; i < 80; i++) pod("many-" + i);
    var all =
        IntStream.range(0, 80)
            .mapToObj(
                i -> Storm.tooSmall("many-" + i, "0.0.0.0:80", "server-" + i, clock.instant()))
            .toList();
    report(all.stream());

    await().until(() -> events().size() >= 50);
    drain();
    assertThat(events()).hasSize(50);
    var held =
        events().stream()
            .filter(each -> each.getReason().equals(EventReasons.EVENTS_HELD_BACK))
            .toList();
    assertThat(held).hasSize(1);
    assertThat(held.getFirst().getRegarding().getKind()).isEqualTo("Namespace");

    clock.pass(Duration.ofSeconds(61));
    report(all.stream());
    await().until(() -> events().size() >= 81);
    drain();
    assertThat(events()).hasSize(81);
  }

  @Test
  void whatOneNamespaceCallsForHoldsNoOtherBack() throws Exception {
    for (int i = 0; i < 80; i++) pod("many-" + i);
    cluster.pods().put("bank/vault", new PodView(Storm.pod("bank", "vault", "node-2")));
    report(
        IntStream.range(0, 80)
            .mapToObj(
                i -> Storm.tooSmall("many-" + i, "0.0.0.0:80", "server-" + i, clock.instant())));
    cluster
        .backlogs()
        .put(
            "node-2",
            Storm.node("node-2", List.of(Storm.tooSmallIn("bank", "vault", clock.instant()))));
    reports.enqueue("node-2");
    drain();

    assertThat(events()).anyMatch(each -> each.getRegarding().getName().equals("vault"));
  }

  private void pod(String name) {
    cluster.pods().put("shop/" + name, new PodView(Storm.pod(name, "node-1")));
  }

  private void report(NodeListener listener) throws Exception {
    report(Stream.of(listener));
  }

  private void report(Stream<NodeListener> listeners) throws Exception {
    cluster.backlogs().put("node-1", Storm.node("node-1", listeners.toList()));
    reports.enqueue("node-1");
    drain();
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
