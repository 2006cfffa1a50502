package io.listenbacklog.controller.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.policy.report.Crowd;
import io.listenbacklog.policy.report.EventTexts;
import io.listenbacklog.policy.report.Occurrence;
import io.listenbacklog.policy.report.Occurrences;
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
class CrowdsTest {
  private static final int NODES = 100;
  private static final int PODS_A_NODE = 10;
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Crowd TOO_SMALL = new Crowd(Storm.POLICY, "", "BacklogTooSmall");

  private final Occurrences occurrences = new Occurrences(new EventTexts(Catalogue.standard()));

  @Test
  void aFewOfThoseThatAreAlikeGetAnEventOfTheirOwnAndTheOthersAreCounted() {
    var crowds = new Crowds();
    IntStream.range(0, NODES).forEach(node -> crowds.put("node-" + node, called(node)));

    assertThat(own(crowds)).hasSize(Crowds.OWN);
    assertThat(crowds.others(TOO_SMALL)).isEqualTo(NODES * PODS_A_NODE - Crowds.OWN);
  }

  @Test
  void whoGetsOneDoesNotDependOnWhoIsHeardOfFirst() {
    long seed = System.nanoTime();
    var order = new ArrayList<>(IntStream.range(0, NODES).boxed().toList());
    var crowds = new Crowds();
    order.forEach(node -> crowds.put("node-" + node, called(node)));
    var others = new Crowds();
    Collections.shuffle(order, new Random(seed));
    order.forEach(node -> others.put("node-" + node, called(node)));

    assertThat(own(others)).as("seed %d", seed).isEqualTo(own(crowds));
  }

  @Test
  void aNodeThatIsCountedAgainCountsOnce() {
    var crowds = new Crowds();
    for (int i = 0; i < 3; i++) {
      IntStream.range(0, NODES).forEach(node -> crowds.put("node-" + node, called(node)));
    }

    assertThat(crowds.others(TOO_SMALL)).isEqualTo(NODES * PODS_A_NODE - Crowds.OWN);
    IntStream.range(0, NODES).forEach(node -> crowds.forget("node-" + node));
    assertThat(crowds.others(TOO_SMALL)).isZero();
  }

  @Test
  void anotherPortProcessCauseOrWorkloadIsNoPartOfTheCrowd() {
    var crowds = new Crowds();
    IntStream.range(0, NODES).forEach(node -> crowds.put("node-" + node, called(node)));
    var news =
        List.of(
            Storm.tooSmall("api-1", "0.0.0.0:9877", "python3", 5),
            Storm.tooSmall("api-2", "0.0.0.0:9876", "gunicorn", 5),
            Storm.tooSmall("api-3", "0.0.0.0:9876", "python3", 4096),
            Storm.tooSmall("web-1", "0.0.0.0:9876", "python3", 5));

    var called = occurrences.of(Storm.status(news), pod -> false, NOW);
    crowds.put("node-new", called);

    assertThat(called).hasSize(4).allMatch(crowds::isOwn);
  }

  @Test
  void whatChangedIsToldOnceAndMayBeGivenBack() {
    var crowds = new Crowds();
    IntStream.range(0, 2).forEach(node -> crowds.put("node-" + node, called(node)));

    assertThat(crowds.takeChanged()).containsExactly(TOO_SMALL);
    assertThat(crowds.hasChanged()).isFalse();
    crowds.put("node-1", called(1));
    crowds.giveBack(Set.of(TOO_SMALL));
    assertThat(crowds.takeChanged()).containsExactly(TOO_SMALL);
  }

  @Test
  void theTextSaysHowManyAndWhereToLook() {
    PolicyReference policy = Storm.POLICY;
    Occurrence crowd = occurrences.of(TOO_SMALL, 990, Crowds.OWN, NOW);

    assertThat(crowd.regarding().kind()).isEqualTo("BacklogPolicy");
    assertThat(crowd.regarding().uid()).isEqualTo(policy.uid());
    assertThat(crowd.note())
        .isEqualTo(
            "BacklogTooSmall holds for 990 more pods, which get no Event of their own: of pods of one workload for"
                + " which the same holds, 10 have one. status.listeners counts all of them by now, and status.worst"
                + " shows the worst.");
  }

  private Set<String> own(Crowds crowds) {
    var own = new HashSet<String>();
    for (int node = 0; node < NODES; node++) {
      own.addAll(
          called(node).stream()
              .filter(crowds::isOwn)
              .map(Occurrence::eventName)
              .collect(Collectors.toSet()));
    }
    return own;
  }

  private List<Occurrence> called(int node) {
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
