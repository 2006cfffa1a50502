package io.listenbacklog.controller.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.policy.event.AggregateKey;
import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.event.EventPlanner;
import io.listenbacklog.policy.event.kind.Explanations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A thousand pods of one workload, ten on each of a hundred nodes. */
class EventAggregationTest {
  private static final int NODES = 100;
  private static final int PODS_A_NODE = 10;
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final AggregateKey TOO_SMALL =
      new AggregateKey(Storm.POLICY, "", "BacklogTooSmall");

  private final EventPlanner occurrences = new EventPlanner(new Explanations(Catalogue.standard()));

  @Test
  void aFewOfThoseThatAreAlikeGetAnEventOfTheirOwnAndTheOthersAreCounted() {
    var aggregates = new EventAggregation();
    IntStream.range(0, NODES).forEach(node -> aggregates.put("node-" + node, called(node)));

    assertThat(own(aggregates)).hasSize(EventAggregation.OWN);
    assertThat(aggregates.others(TOO_SMALL)).isEqualTo(NODES * PODS_A_NODE - EventAggregation.OWN);
  }

  @Test
  void whoGetsOneDoesNotDependOnWhoIsHeardOfFirst() {
    long seed = System.nanoTime();
    var order = new ArrayList<>(IntStream.range(0, NODES).boxed().toList());
    var aggregates = new EventAggregation();
    order.forEach(node -> aggregates.put("node-" + node, called(node)));
    var others = new EventAggregation();
    Collections.shuffle(order, new Random(seed));
    order.forEach(node -> others.put("node-" + node, called(node)));

    assertThat(own(others)).as("seed %d", seed).isEqualTo(own(aggregates));
  }

  @Test
  void aNodeThatIsCountedAgainCountsOnce() {
    var aggregates = new EventAggregation();
    for (int i = 0; i < 3; i++) {
      IntStream.range(0, NODES).forEach(node -> aggregates.put("node-" + node, called(node)));
    }

    assertThat(aggregates.others(TOO_SMALL)).isEqualTo(NODES * PODS_A_NODE - EventAggregation.OWN);
    IntStream.range(0, NODES).forEach(node -> aggregates.forget("node-" + node));
    assertThat(aggregates.others(TOO_SMALL)).isZero();
  }

  @Test
  void anotherPortProcessCauseOrWorkloadIsNoPartOfTheAggregate() {
    var aggregates = new EventAggregation();
    IntStream.range(0, NODES).forEach(node -> aggregates.put("node-" + node, called(node)));
    var news =
        List.of(
            Storm.tooSmall("api-1", "0.0.0.0:9877", "python3", 5),
            Storm.tooSmall("api-2", "0.0.0.0:9876", "gunicorn", 5),
            Storm.tooSmall("api-3", "0.0.0.0:9876", "python3", 4096),
            Storm.tooSmall("web-1", "0.0.0.0:9876", "python3", 5));

    var called = occurrences.of(Storm.status(news), pod -> false, NOW);
    aggregates.put("node-new", called);

    assertThat(called).hasSize(4).allMatch(aggregates::isOwn);
  }

  @Test
  void whatChangedIsToldOnceAndMayBeGivenBack() {
    var aggregates = new EventAggregation();
    IntStream.range(0, 2).forEach(node -> aggregates.put("node-" + node, called(node)));

    assertThat(aggregates.takeChanged()).containsExactly(TOO_SMALL);
    assertThat(aggregates.hasChanged()).isFalse();
    aggregates.put("node-1", called(1));
    aggregates.giveBack(Set.of(TOO_SMALL));
    assertThat(aggregates.takeChanged()).containsExactly(TOO_SMALL);
  }

  @Test
  void theTextSaysHowManyAndWhereToLook() {
    PolicyReference policy = Storm.POLICY;
    EventDraft aggregate = occurrences.of(TOO_SMALL, 990, EventAggregation.OWN, NOW);

    assertThat(aggregate.regarding().kind()).isEqualTo("BacklogPolicy");
    assertThat(aggregate.regarding().uid()).isEqualTo(policy.uid());
    assertThat(aggregate.note())
        .isEqualTo(
            "BacklogTooSmall holds for 990 more pods, which get no Event of their own: of pods of one workload for"
                + " which the same holds, 10 have one. status.listeners counts all of them by now, and status.worst"
                + " shows the worst.");
  }

  private Set<String> own(EventAggregation aggregates) {
    var own = new HashSet<String>();
    for (int node = 0; node < NODES; node++) {
      own.addAll(
          called(node).stream()
              .filter(aggregates::isOwn)
              .map(EventDraft::eventName)
              .collect(Collectors.toSet()));
    }
    return own;
  }

  private List<EventDraft> called(int node) {
    return occurrences.of(status(node), pod -> false, NOW);
  }

  private static NodeBacklogStatus status(int node) {
    return Storm.status(
        IntStream.range(0, PODS_A_NODE)
            .mapToObj(
                pod ->
                    Storm.tooSmall(
                        "api-" + (node * PODS_A_NODE + pod), "0.0.0.0:9876", "python3", 5))
            .toList());
  }
}
