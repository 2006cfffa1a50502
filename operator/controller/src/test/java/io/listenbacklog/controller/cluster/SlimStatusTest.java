package io.listenbacklog.controller.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.ContainerBacklogs;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.Omitted;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Overflow;
import io.listenbacklog.api.PodBacklogs;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyCounts;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is kept of the nodes' reports does not follow what strangers do. */
class SlimStatusTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final int MOST = SlimStatus.BYTES_OF_NODE;
  private static final PolicyReference POLICY =
      new PolicyReference("BacklogPolicy", "shop", "all", "uid-all", 1);

  @Test
  void whatIsWellSinceLongIsCountedAndNotKept() {
    var yesterday = NOW.minus(Duration.ofDays(1));
    var whole =
        status(
            listener("a", 1, Verdict.SUFFICIENT, raised(yesterday), null, null),
            listener("a", 2, Verdict.SUFFICIENT, raised(NOW.minusSeconds(60)), null, null),
            listener("a", 3, Verdict.UNDERSIZED_BY_APPLICATION, null, null, null),
            listener("a", 4, Verdict.SUFFICIENT, raised(yesterday), null, overflow()),
            listener("a", 5, Verdict.SUFFICIENT, raised(yesterday), hindrance("no"), null));

    var kept = SlimStatus.of(whole, MOST, NOW);

    assertThat(kept.listeners()).extracting(NodeListener::inode).containsExactly(2L, 3L, 4L, 5L);
    assertThat(kept.policies()).isEqualTo(whole.policies());
    assertThat(kept.sysctls()).isEmpty();
  }

  @Test
  void ofWhatIsTooMuchEachPodHasItsWorst() {
    var all = new ArrayList<NodeListener>();
    for (int i = 0; i < 4_000; i++) {
      all.add(listener("crowd", i, Verdict.UNDERSIZED_BY_APPLICATION, null, null, null));
    }
    all.add(listener("victim", 9_998, Verdict.UNDERSIZED_BY_APPLICATION, null, null, null));
    all.add(listener("victim", 9_999, Verdict.SUFFICIENT, null, null, overflow()));

    var kept = SlimStatus.of(status(all), SlimStatus.SURE_BYTES_OF_NODE, NOW);

    assertThat(kept.listeners()).hasSizeBetween(8, 40);
    assertThat(kept.listeners().stream().filter(each -> each.pod().name().equals("victim")))
        .extracting(NodeListener::inode)
        .containsExactlyInAnyOrder(9_998L, 9_999L);
    assertThat(SlimStatus.bytes(kept)).isLessThan(2 * SlimStatus.SURE_BYTES_OF_NODE);
  }

  @Test
  void longTextsCountAsWhatTheyAre() {
    var all =
        IntStream.range(0, 1_000)
            .mapToObj(
                i ->
                    listener(
                        "crowd",
                        i,
                        Verdict.UNDERSIZED_BY_APPLICATION,
                        null,
                        hindrance("x".repeat(32_000)),
                        null))
            .toList();

    assertThat(SlimStatus.of(status(all), MOST, NOW).listeners()).hasSizeBetween(50, 94);
  }

  @Test
  void theReportsOfAllNodesAreBoundedAsAWholeAndEachNodeStillHasSome() {
    var cluster =
        new Cluster(
            Limits.DEFAULT,
            new ProbePods("operator"),
            new Unheard(),
            Clock.fixed(NOW, ZoneOffset.UTC));
    cluster.open();
    var all = new ArrayList<NodeListener>();
    for (int i = 0; i < 1_200; i++) {
      all.add(listener("crowd", i, Verdict.UNDERSIZED_BY_APPLICATION, null, null, null));
    }
    int nodes = 300;
    for (int i = 0; i < nodes; i++) cluster.backlogs().put("node-" + i, node("node-" + i, all));

    long most = SlimStatus.BYTES + SlimStatus.BYTES_OF_NODE + 30_000L * nodes;
    assertThat(cluster.reportedBytes()).isBetween(SlimStatus.BYTES / 2, most);
    assertThat(listenersOf(cluster, 0)).hasSize(1_200);
    assertThat(listenersOf(cluster, nodes - 1)).hasSizeBetween(8, 40);

    for (int i = 0; i < nodes - 1; i++) cluster.backlogs().remove("node-" + i);
    cluster.backlogs().put("node-" + (nodes - 1), node("node-" + (nodes - 1), all));
    assertThat(listenersOf(cluster, nodes - 1)).hasSize(1_200);
    cluster.backlogs().remove("node-" + (nodes - 1));
    assertThat(cluster.reportedBytes()).isZero();
  }

  /** Of a pod that is not kept nothing is known: a change is not verified by what is not there. */
  @Test
  void podsThatAreNotKeptCountAsLeftOut() {
    var pods =
        IntStream.range(0, 500)
            .mapToObj(
                i ->
                    new PodBacklogs(
                        new PodReference("uid-" + i, "shop", "api-" + i),
                        List.of(new ContainerBacklogs("api", 1, 1, 0))))
            .toList();
    var whole =
        new NodeBacklogStatus(
            1L,
            "boot",
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            pods,
            new Omitted(7, 0, 0, 3));

    assertThat(SlimStatus.of(whole, MOST, NOW)).isEqualTo(whole);

    var kept = SlimStatus.of(whole, SlimStatus.SURE_BYTES_OF_NODE, NOW);
    int left = requireNonNull(kept.pods()).size();
    assertThat(left).isBetween(5, 40);
    assertThat(kept.omitted()).isEqualTo(new Omitted(7, 0, 0, 3 + 500 - left));
    assertThat(SlimStatus.bytes(kept)).isLessThan(SlimStatus.SURE_BYTES_OF_NODE);
  }

  private static List<NodeListener> listenersOf(Cluster cluster, int node) {
    var backlog = cluster.node("node-" + node).backlog();
    return backlog == null ? List.of() : backlog.getStatus().listeners();
  }

  private static NodeBacklog node(String name, List<NodeListener> listeners) {
    var backlog = new NodeBacklog();
    backlog.setMetadata(
        new ObjectMetaBuilder().withName(name).withUid("uid-" + name).withGeneration(1L).build());
    backlog.setSpec(new NodeBacklogSpec(List.of()));
    backlog.setStatus(status(listeners));
    return backlog;
  }

  private static NodeBacklogStatus status(NodeListener... listeners) {
    return status(List.of(listeners));
  }

  private static NodeBacklogStatus status(List<NodeListener> listeners) {
    var counts = new ListenerCounts(5, 1, 3, 0, 0, 1, 0, 0);
    var raised =
        new NodeSysctl(
            new PodReference("uid-a", "shop", "a"),
            POLICY,
            4_026_532_000L,
            "net.core.somaxconn",
            4_096,
            4_096,
            raised(NOW.minus(Duration.ofDays(1))),
            null,
            null);
    return new NodeBacklogStatus(
        1L,
        "boot",
        List.of(),
        List.of(new PolicyCounts(POLICY, 1, counts)),
        listeners,
        List.of(raised),
        List.of());
  }

  private static AppliedRemedy raised(Instant at) {
    return new AppliedRemedy(5, 64, at, OnDelete.RESTORE);
  }

  private static Hindrance hindrance(String message) {
    return new Hindrance("RemedyUnavailable", message, NOW);
  }

  private static Overflow overflow() {
    return new Overflow(12, 65, 64, 2, NOW, NOW);
  }

  private static NodeListener listener(
      String pod,
      int number,
      Verdict verdict,
      @Nullable AppliedRemedy remedy,
      @Nullable Hindrance hindrance,
      @Nullable Overflow overflow) {
    return new NodeListener(
        new PodReference("uid-" + pod, "shop", pod),
        POLICY,
        "api",
        "python3",
        71,
        null,
        "0.0.0.0:" + number,
        4_026_532_000L,
        number,
        "%016x".formatted(number),
        5,
        5,
        64,
        4_096,
        verdict,
        NOW,
        remedy,
        hindrance,
        null,
        overflow,
        null,
        null);
  }
}
