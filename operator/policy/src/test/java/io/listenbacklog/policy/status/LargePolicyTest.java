package io.listenbacklog.policy.status;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.BacklogPolicyStatus;
import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyCounts;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.SomePod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One policy, a thousand pods on a hundred nodes, all of them too small. */
class LargePolicyTest {
  private static final int NODES = 100;
  private static final int PODS_A_NODE = 10;

  /** A status is written each time it changes: it should stay small. */
  private static final int SMALL = 32 * 1024;

  private static final String NAMESPACE = "s".repeat(63);
  private static final PolicyReference POLICY =
      new PolicyReference("BacklogPolicy", NAMESPACE, "all", "uid-all", 1);
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @Test
  void itsStatusStaysSmallAndShowsTheWorstTwenty() {
    BacklogPolicyStatus status = status(new ArrayList<>(nodes()), null);

    assertThat(status.pods()).isEqualTo(NODES * PODS_A_NODE);
    assertThat(status.listeners().undersized()).isEqualTo(NODES * PODS_A_NODE);
    assertThat(status.worst()).hasSize(20);
    assertThat(new KubernetesSerialization().asJson(status).getBytes(UTF_8)).hasSizeLessThan(SMALL);
  }

  @Test
  void theSameStateInAnyOrderIsTheSameStatusSoThatNothingIsWritten() {
    long seed = System.nanoTime();
    var nodes = new ArrayList<>(nodes());
    BacklogPolicyStatus before = status(nodes, null);
    Collections.shuffle(nodes, new Random(seed));

    assertThat(status(nodes, before)).as("seed %d", seed).isEqualTo(before);
  }

  private static List<Integer> nodes() {
    var nodes = new ArrayList<Integer>();
    for (int node = 0; node < NODES; node++) nodes.add(node);
    return nodes;
  }

  private static BacklogPolicyStatus status(
      List<Integer> nodes, @Nullable BacklogPolicyStatus previous) {
    var policy = new OnePolicy(POLICY, NOW);
    for (int node : nodes) policy.node("node-" + node, pods(node), told(node));
    return policy.status(previous);
  }

  private static List<PodFacts> pods(int node) {
    var pods = new ArrayList<PodFacts>();
    for (int pod = 0; pod < PODS_A_NODE; pod++) {
      pods.add(new SomePod(uid(node, pod), NAMESPACE, name(node, pod), "node-" + node).facts());
    }
    return pods;
  }

  private static NodeBacklogStatus told(int node) {
    var listeners = new ArrayList<NodeListener>();
    for (int pod = 0; pod < PODS_A_NODE; pod++) {
      listeners.add(
          new NodeListener(
              new PodReference(uid(node, pod), NAMESPACE, name(node, pod)),
              POLICY,
              "c".repeat(63),
              "fifteen-letters",
              71,
              "python-socketserver",
              "[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:65535",
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
              null));
    }
    var counts = new ListenerCounts(PODS_A_NODE, PODS_A_NODE, 0, 0, 0, 0, 0, 0);
    return new NodeBacklogStatus(
        1L,
        "boot",
        List.of(),
        List.of(new PolicyCounts(POLICY, PODS_A_NODE, counts)),
        listeners,
        List.of(),
        List.of());
  }

  private static String name(int node, int pod) {
    return "n".repeat(249) + (1_000 + node * PODS_A_NODE + pod);
  }

  private static String uid(int node, int pod) {
    return "uid-" + node + "-" + pod;
  }
}
