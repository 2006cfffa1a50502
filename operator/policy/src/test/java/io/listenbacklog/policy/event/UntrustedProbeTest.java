package io.listenbacklog.policy.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.BacklogPolicyStatus;
import io.listenbacklog.api.Condition;
import io.listenbacklog.api.ConditionTypes;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyCounts;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.QueuePeak;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.api.WorstListener;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.SomePod;
import io.listenbacklog.policy.status.OnePolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A probe may write anything into the status of its own node: that must not touch other nodes. */
class UntrustedProbeTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final PolicyReference POLICY =
      new PolicyReference("BacklogPolicy", "shop", "all", "uid-all", 1);
  private static final Explanations TEXTS = new Explanations(Catalogue.standard());
  private static final ListenerCounts ONE_UNDERSIZED = new ListenerCounts(1, 1, 0, 0, 0, 0, 1, 0);

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void noCountOutweighsWhatAnotherNodeFound(int nonsense) {
    var counts =
        new ListenerCounts(
            nonsense, nonsense, nonsense, nonsense, nonsense, nonsense, nonsense, nonsense);

    BacklogPolicyStatus status =
        status(
            Map.of(
                "node-1", told(List.of(tooSmall("api-1")), ONE_UNDERSIZED),
                "node-2", told(List.of(), counts)));

    assertThat(status.listeners().undersized()).isPositive();
    assertThat(condition(status, ConditionTypes.COMPLIANT)).isNotEqualTo("True");
    assertThat(condition(status, ConditionTypes.HEALTHY)).isEqualTo("False");
  }

  @Test
  void theSameCountSaidAgainAndAgainIsNoLargerThanANodeCanHave() {
    var counts = new ListenerCounts(1, Integer.MAX_VALUE, 0, 0, 0, 0, 1, 0);

    BacklogPolicyStatus status =
        status(
            Map.of(
                "node-1", told(List.of(tooSmall("api-1")), ONE_UNDERSIZED),
                "node-2", told(List.of(), counts, counts)));

    assertThat(status.listeners().undersized()).isPositive();
  }

  @Test
  void aListenerOfAPodThatThePolicyDoesNotGovernThereIsNotShown() {
    BacklogPolicyStatus status =
        status(
            Map.of(
                "node-1", told(List.of(tooSmall("api-1")), ONE_UNDERSIZED),
                "node-2", told(List.of(tooSmall("api-1"), tooSmall("vault")), ONE_UNDERSIZED)));

    assertThat(status.worst()).extracting(WorstListener::pod).containsExactly("shop/api-1");
  }

  @Test
  void anAddressIsCleanedAndBounded() {
    BacklogPolicyStatus status =
        status(
            Map.of(
                "node-1",
                told(
                    List.of(tooSmall("api-1", "\u001b[2J" + "9".repeat(1_000_000))),
                    ONE_UNDERSIZED)));

    assertThat(status.worst().getFirst().address()).startsWith("?[2J").hasSizeLessThan(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void aPeakOfNobodyIsNotShown(int nonsense) {
    var listener = tooSmall("api-1").withPeak(new QueuePeak(nonsense, NOW));

    BacklogPolicyStatus status = status(Map.of("node-1", told(List.of(listener), ONE_UNDERSIZED)));

    assertThat(status.worst().getFirst().peak()).isNull();
    assertThat(status.worst().getFirst().memoryBytes()).isEqualTo(6 * 135_168L);
  }

  @Test
  void anEventHasAReasonThatIsOurs() {
    var sysctl =
        new NodeSysctl(
            new PodReference("uid-api-1", "shop", "api-1"),
            POLICY,
            4_026_532_000L,
            "net.core.somaxconn",
            128,
            4_096,
            null,
            new Hindrance("Killing", "Stopping container api", NOW),
            null);
    var status =
        new NodeBacklogStatus(
            1L, "boot", List.of(), List.of(), List.of(), List.of(sysctl), List.of());

    assertThat(new EventPlanner(TEXTS).of(status, _ -> false, NOW))
        .extracting(EventDraft::reason)
        .containsOnly(EventReasons.REMEDY_UNAVAILABLE);
  }

  private static BacklogPolicyStatus status(Map<String, NodeBacklogStatus> told) {
    var policy = new OnePolicy(POLICY, NOW);
    told.forEach(
        (node, status) ->
            policy.node(node, List.of(pod("api-" + node.substring(5), node)), status));
    return policy.status(null);
  }

  private static String condition(BacklogPolicyStatus status, String type) {
    return status.conditions().stream()
        .filter(each -> each.type().equals(type))
        .map(Condition::status)
        .findFirst()
        .orElseThrow();
  }

  private static PodFacts pod(String name, String node) {
    return new SomePod("uid-" + name, "shop", name, node).facts();
  }

  private static NodeBacklogStatus told(List<NodeListener> listeners, ListenerCounts... counts) {
    return new NodeBacklogStatus(
        1L,
        "boot",
        List.of(),
        List.of(counts).stream().map(each -> new PolicyCounts(POLICY, 1, each)).toList(),
        listeners,
        List.of(),
        List.of());
  }

  private static NodeListener tooSmall(String pod) {
    return tooSmall(pod, "0.0.0.0:9876");
  }

  private static NodeListener tooSmall(String pod, String address) {
    return new NodeListener(
        new PodReference("uid-" + pod, "shop", pod),
        POLICY,
        "api",
        "python3",
        71,
        null,
        address,
        4_026_532_000L,
        1_001,
        "0000000000000001",
        5,
        5,
        64,
        4_096,
        Verdict.UNDERSIZED_BY_APPLICATION,
        NOW,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
