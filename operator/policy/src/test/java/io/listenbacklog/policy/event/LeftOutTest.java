package io.listenbacklog.policy.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.BacklogPolicyStatus;
import io.listenbacklog.api.Condition;
import io.listenbacklog.api.ConditionReasons;
import io.listenbacklog.api.ConditionTypes;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyCounts;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.SomePod;
import io.listenbacklog.policy.resolve.limit.Clamp;
import io.listenbacklog.policy.resolve.limit.PodClamps;
import io.listenbacklog.policy.status.OnePolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is told of pods that have no room in the NodeBacklog of their node. */
class LeftOutTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final PolicyReference POLICY =
      new PolicyReference("BacklogPolicy", "openstack", "all", "uid-all", 1);

  @Test
  void theirPolicyIsNotObservedAndSaysWhy() {
    var status = status(400);

    assertThat(status.pods()).isEqualTo(400);
    assertThat(status.listeners().unobservable()).isBetween(1, 399);
    var observed = condition(status, ConditionTypes.OBSERVED);
    assertThat(observed.status()).isEqualTo("False");
    assertThat(observed.reason()).isEqualTo(ConditionReasons.PODS_UNOBSERVABLE);
    assertThat(observed.message())
        .isEqualTo(
            "%d of 400 pods have no room in the NodeBacklogs of their nodes: see RequirementClamped there."
                .formatted(status.listeners().unobservable()));
    assertThat(condition(status, ConditionTypes.COMPLIANT).status()).isEqualTo("Unknown");
  }

  @Test
  void aPolicyWhosePodsAllHaveRoomIsObserved() {
    assertThat(condition(status(10), ConditionTypes.OBSERVED).status()).isEqualTo("True");
  }

  @Test
  void onEachOfThemAnEventSaysWhatMakesRoom() {
    var occurrences = new EventPlanner(new Explanations(Catalogue.standard()));
    var pod = new PodReference("uid-1", "openstack", "pod-1");
    List<Clamp> clamps =
        List.of(
            new Clamp.Excess(Clamp.Source.POLICY, "minimum", 8_192, 4_096), new Clamp.NodeIsFull());

    var told = occurrences.of(new PodClamps(pod, POLICY, clamps), NOW);

    assertThat(told).hasSize(2);
    assertThat(told).allMatch(each -> each.reason().equals(EventReasons.REQUIREMENT_CLAMPED));
    assertThat(told.getFirst().note()).contains("minimum 8192 (4096 holds)");
    assertThat(told.getLast().note()).contains("no room").contains("fewer ports");
    assertThat(told.getFirst().eventName()).isNotEqualTo(told.getLast().eventName());
  }

  /** Of one node whose probe has seen all pods that have room. */
  private static BacklogPolicyStatus status(int pods) {
    var all = IntStream.range(0, pods).mapToObj(LeftOutTest::pod).toList();
    var policy = new OnePolicy(POLICY, NOW);
    policy.node("node-1", all, told(0));
    int room = pods - policy.status(null).listeners().unobservable();
    var again = new OnePolicy(POLICY, NOW);
    again.node("node-1", all, told(room));
    return again.status(null);
  }

  private static NodeBacklogStatus told(int pods) {
    var counts = new ListenerCounts(pods, 0, 0, 0, 0, 0, 0, 0);
    var policies = List.of(new PolicyCounts(POLICY, pods, counts));
    return new NodeBacklogStatus(1L, "boot", List.of(), policies, List.of(), List.of(), List.of());
  }

  private static PodFacts pod(int i) {
    String ports =
        IntStream.range(0, 64)
            .mapToObj(port -> "%d=%d".formatted(10_000 + port, 64 + i))
            .collect(Collectors.joining(","));
    return new SomePod("uid-" + i, "openstack", "pod-" + i, "node-1")
        .annotated(Map.of(AnnotationKeys.PORTS, ports))
        .facts();
  }

  private static Condition condition(BacklogPolicyStatus status, String type) {
    return status.conditions().stream()
        .filter(each -> each.type().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
