package io.listenbacklog.probe.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.ContainerBacklogs;
import io.listenbacklog.api.DescriptorUse;
import io.listenbacklog.api.FormerServer;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Overflow;
import io.listenbacklog.api.PodBacklogs;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.QueuePeak;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.StalledThread;
import io.listenbacklog.api.SynFlood;
import io.listenbacklog.api.ThreadActivity;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.api.WaitingSeen;
import io.listenbacklog.probe.journal.RecentRestorations;
import io.listenbacklog.probe.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The most that a node can come to: 500 pods with the longest names, each listener in trouble. */
class StatusBudgetTest {
  /** What etcd refuses an object of (--max-request-bytes). */
  private static final int ETCD_BYTES = 1_572_864;

  private static final int PODS = 500;
  private static final String LONG_NAME = "n".repeat(249);
  private static final String NAMESPACE = "s".repeat(63);
  private static final Instant AT = Instant.parse("2026-11-22T12:00:00.123456789Z");
  private static final PolicyReference POLICY =
      new PolicyReference("BacklogPolicy", NAMESPACE, "p".repeat(253), uid(0), 12_345);

  @Test
  void theWorstThatANodeCanHaveToTellIsNoLargerThanAnObjectMayBe() throws Exception {
    var told =
        told(
            IntStream.range(0, StatusBuilder.MOST_LISTENERS)
                .mapToObj(i -> listener(i, 8))
                .toList());

    assertThat(told).hasSizeGreaterThan(200);
    assertThat(bytes(told)).isLessThan(ETCD_BYTES);
  }

  @Test
  void eachOfFiveHundredPodsCanBeTooSmallAndIsTold() throws Exception {
    var told = told(IntStream.range(0, PODS).mapToObj(i -> listener(i, 0)).toList());

    assertThat(told).hasSize(PODS);
    assertThat(bytes(told)).isLessThan(ETCD_BYTES);
  }

  @Test
  void whatIsToldAtMostIsWhatTheSchemaAllowsAndMuchLess() throws Exception {
    var crd = Files.readString(Path.of("../../crds/nodebacklogs.yaml"));

    assertThat(mostEntries(crd, "listeners")).isGreaterThan(2 * StatusBuilder.MOST_LISTENERS);
    assertThat(mostEntries(crd, "sysctls")).isGreaterThan(2 * StatusBuilder.MOST_SYSCTLS);
    assertThat(mostEntries(crd, "pods")).isGreaterThan(2 * StatusBuilder.MOST_PODS);
    assertThat(mostEntries(crd, "restorations")).isGreaterThan(2 * RecentRestorations.MOST);
  }

  @Test
  void whatTheApplicationsOfFiveHundredPodsAskForIsTold() throws Exception {
    var backlogs = List.of(new ContainerBacklogs("c".repeat(63), 4_096, 4_096, 4_096));
    var pods =
        IntStream.range(0, PODS)
            .mapToObj(i -> new PodBacklogs(new PodReference(uid(i), NAMESPACE, name(i)), backlogs))
            .toList();
    assertThat(Json.mapper().writeValueAsBytes(pods)).hasSizeLessThan(StatusBuilder.POD_BYTES);
  }

  /** Of a list of the status. */
  private static int mostEntries(String crd, String list) {
    var bound =
        Pattern.compile("(?m)^ {14}%s:\\n(?: {16}.*\\n)*? {16}maxItems: (\\d+)".formatted(list))
            .matcher(crd);
    assertThat(bound.find()).isTrue();
    return Integer.parseInt(bound.group(1));
  }

  private static List<NodeListener> told(List<NodeListener> all) {
    return new FairShares(
            StatusBuilder.MOST_LISTENERS,
            StatusBuilder.MOST_LISTENERS_OF_POD,
            StatusBuilder.LISTENER_BYTES_OF_POD,
            StatusBuilder.SURE_LISTENERS_OF_POD,
            StatusBuilder.LISTENER_BYTES_OF_NAMESPACE)
        .of(
            all,
            NodeListener::pod,
            Comparator.comparing(each -> each.pod().uid()),
            new Measurements<>(),
            new StatusBudget(StatusBuilder.LISTENER_BYTES));
  }

  private static int bytes(List<NodeListener> listeners) throws JsonProcessingException {
    var pods =
        IntStream.range(0, PODS)
            .mapToObj(i -> new NodePod(uid(i), NAMESPACE, name(i), false, null))
            .toList();
    var requirement =
        NodeRequirement.in(Mode.ENFORCE, OnDelete.RESTORE)
            .policy(POLICY)
            .minimum(64)
            .maximum(1024)
            .remedies(Remedy.SYSCTL, Remedy.RELISTEN)
            .somaxconn(4096)
            .of(pods);
    var object =
        Map.of(
            "apiVersion",
            ApiGroup.NAME + "/" + ApiGroup.VERSION,
            "kind",
            "NodeBacklog",
            "metadata",
            Map.of(),
            "spec",
            new NodeBacklogSpec(List.of(requirement)),
            "status",
            new NodeBacklogStatus(
                1L, uid(1), List.of(), List.of(), listeners, List.of(), List.of()));
    return Json.mapper().writeValueAsBytes(object).length;
  }

  private static NodeListener listener(int i, int threads) {
    var thread =
        new StalledThread(
            4_194_304,
            4_194_304,
            "fifteen-letters",
            ThreadActivity.BLOCKED,
            "recvfrom",
            1_048_576,
            "t".repeat(128),
            "[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:65535",
            3_600_000L,
            1);
    var stall =
        new Stall(
            4_096,
            3_600_000,
            1_000_000,
            4_096,
            8,
            8,
            Collections.nCopies(threads, thread),
            100_000,
            AT,
            AT,
            AT,
            AT,
            WaitingSeen.ELSEWHERE,
            new DescriptorUse(4_194_304, 1_048_576, 1_048_576),
            new FormerServer("fifteen-letters", 4_194_304),
            AT,
            131_072,
            true);
    return new NodeListener(
            new PodReference(uid(i), NAMESPACE, name(i)),
            POLICY,
            "c".repeat(63),
            "fifteen-letters",
            4_194_304,
            "python-socketserver",
            "[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:65535",
            4_026_532_000L,
            4_026_532_000L,
            "ffffffffffffffff",
            4_096,
            4_096,
            65_535,
            4_096,
            Verdict.UNDERSIZED_BY_APPLICATION,
            AT,
            new AppliedRemedy(4_096, 65_535, AT, OnDelete.RESTORE),
            null,
            null,
            threads == 0 ? null : new Overflow(1_000_000, 4_096, 4_096, 100_000, AT, AT),
            threads == 0 ? null : stall,
            threads == 0
                ? null
                : new SynFlood(
                    1_000_000,
                    1_000_000,
                    4_096,
                    4_096,
                    "net.ipv4.tcp_max_syn_backlog",
                    true,
                    100_000,
                    AT,
                    AT,
                    true))
        .withPeak(new QueuePeak(65_536, Instant.ofEpochSecond(AT.getEpochSecond())));
  }

  private static String name(int i) {
    return LONG_NAME + (1_000 + i);
  }

  private static String uid(int i) {
    return "3f0d1c52-0000-4000-8000-%012d".formatted(i);
  }
}
