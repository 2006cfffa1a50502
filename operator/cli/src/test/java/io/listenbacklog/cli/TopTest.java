package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code kubectl backlog top} shows, and where it looks where it may not look everywhere. */
class TopTest {
  private static final String NODE_BACKLOGS = "/apis/listenbacklog.io/v1alpha1/nodebacklogs";
  private static final String POLICIES =
      "/apis/listenbacklog.io/v1alpha1/namespaces/shop/backlogpolicies";

  private final FakeApi api = new FakeApi();

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void theWorstComesFirstFromWhateverNode() {
    api.withProbes(2)
        .answering(
            FakeApi.metricsOf(0),
            FakeApi.probe(
                FakeApi.listener("shop", "calm", 1, 128, 0, 3, 0),
                FakeApi.listener("other", "not-ours", 2, 5, 6, 6, 9)))
        .answering(
            FakeApi.metricsOf(1), FakeApi.probe(FakeApi.listener("shop", "full", 3, 5, 6, 6, 34)));

    var ran = api.run("top");

    assertThat(ran.out())
        .isEqualTo(
            """
            POD    LISTENER       QUEUE   LIMIT   FILL   PEAK   OVERFLOWS   STALLED
            full   0.0.0.0:8003   6       5       120%   6      34          -
            calm   0.0.0.0:8001   0       128     0%     3      0           -
            """);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.status()).isZero();
  }

  @Test
  void wideTellsTheRestAndAllNamespacesWhoseItIs() {
    api.withProbes(1)
        .answering(
            FakeApi.metricsOf(0), FakeApi.probe(FakeApi.listener("other", "x", 2, 127, 1, 60, 0)));

    assertThat(api.run("top", "-A", "-o", "wide", "--no-headers").out())
        .isEqualTo(
            "other   x   0.0.0.0:8002   1   127   1%   60   0   -   api   node-0   -  "
                + " 2026-11-28T09:00:00Z   2h   16Mi\n");
  }

  @Test
  void aProgramReadsNumbersAndNoNotes() {
    api.withProbes(1)
        .answering(
            FakeApi.metricsOf(0), FakeApi.probe(FakeApi.listener("shop", "full", 3, 5, 6, 6, 34)));

    for (String format : new String[] {"json", "yaml"}) {
      Map<?, ?> read =
          new KubernetesSerialization().unmarshal(api.run("top", "-o", format).out(), Map.class);
      assertThat(read.get("kind")).isEqualTo("ListenerList");
      assertThat(read.get("source")).isEqualTo("probes");
      assertThat(String.valueOf(read.get("items")))
          .contains("namespace=shop", "pod=full", "queue=6", "limit=5", "peak=6", "overflows=34")
          .contains("watchedSeconds=7300.5", "peakAt=2026-11-28T09:00:00Z");
    }
  }

  @Test
  void watchTellsHowFastItOverflows() {
    var looks = new AtomicInteger();
    api.withProbes(1)
        .answering(
            FakeApi.metricsOf(0),
            () ->
                FakeApi.Answer.of(
                    FakeApi.probe(
                        FakeApi.listener("shop", "a", 1, 5, 6, 6, 1_000_000 * looks.get()),
                        FakeApi.listener("shop", "b", 2, 5, 0, 0, looks.getAndIncrement() * 0))));

    var lines =
        api.run("top", "--watch", "--count", "2", "--interval", "0.5").out().lines().toList();

    assertThat(lines.getFirst()).contains("OVERFLOWS/S");
    assertThat(lines).filteredOn(line -> line.startsWith("a ")).hasSize(2);
    assertThat(lines.get(1)).matches("a +0.0.0.0:8001 +6 +5 +120% +6 +- +-");
    assertThat(lines.stream().filter(line -> line.startsWith("a ")).toList().getLast())
        .matches("a +0.0.0.0:8001 +6 +5 +120% +6 +[1-9][0-9]{4,}\\.[0-9] +-");
    assertThat(lines.getLast()).matches("b +0.0.0.0:8002 +0 +5 +0% +0 +0.0 +-");
    // Into a pipe nothing is cleared or coloured.
    assertThat(String.join("", lines)).doesNotContain("\u001b");
  }

  @Test
  void ofPodsByLabelsTheOthersAreLeftOut() {
    api.withProbes(1)
        .answering(
            "/api/v1/namespaces/shop/pods",
            FakeApi.list("PodList", "{\"metadata\": {\"namespace\": \"shop\", \"name\": \"one\"}}"))
        .answering(
            FakeApi.metricsOf(0),
            FakeApi.probe(
                FakeApi.listener("shop", "one", 1, 5, 0, 0, 0),
                FakeApi.listener("shop", "two", 2, 5, 0, 0, 0)));

    assertThat(api.run("top", "-l", "app=one", "--no-headers").out())
        .startsWith("one ")
        .hasLineCount(1);
  }

  @Test
  void aProbeThatDoesNotAnswerIsNamedAndTheOthersAreShown() {
    api.withProbes(3)
        .answering(
            FakeApi.metricsOf(0), FakeApi.probe(FakeApi.listener("shop", "seen", 1, 5, 0, 0, 0)))
        .answering(FakeApi.metricsOf(1), () -> FakeApi.page(503, ""))
        .answering(FakeApi.metricsOf(2), "<html>a login page</html>\n");

    var ran = api.run("top");

    assertThat(ran.out()).contains("seen ");
    assertThat(ran.err())
        .contains("the probe of node node-1: cannot be reached from the API server")
        .contains("networkPolicy.metricsFrom")
        .contains("the probe of node node-2: what it answers are not a probe's metrics");
    assertThat(ran.status()).isZero();
  }

  /** The timeouts of HTTP clients end with the headers. */
  @ParameterizedTest
  @EnumSource(
      value = FakeApi.Ending.class,
      names = {"NEVER", "TRICKLING"})
  void aProbeWhoseAnswerDoesNotEndIsNamed(FakeApi.Ending ending) {
    api.withProbes(1)
        .answering(
            FakeApi.metricsOf(0), () -> FakeApi.Answer.of("listenbacklog_listener_").ending(ending))
        .answering(NODE_BACKLOGS, FakeApi.list("NodeBacklogList", ""));

    assertThat(api.run("top").err())
        .contains("that of node node-0 does not answer within 5 seconds")
        .contains("networkPolicy.metricsFrom");
  }

  @Test
  void anOlderProbeDoesNotCompressItsAnswer() {
    String text = FakeApi.probe(FakeApi.listener("shop", "web", 1, 5, 2, 2, 0));
    api.withProbes(1).answering(FakeApi.metricsOf(0), () -> FakeApi.Answer.of(text).uncompressed());

    var ran = api.run("top", "--no-headers");

    assertThat(ran.out()).startsWith("web ").hasLineCount(1);
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void anOlderProbeKeepsNoPeaks() {
    String older =
        FakeApi.listener("shop", "web", 1, 5, 2, 2, 0)
            .lines()
            .filter(line -> !line.matches(".*(peak|watched|memory).*"))
            .collect(Collectors.joining("\n", "", "\n"));
    api.withProbes(1).answering(FakeApi.metricsOf(0), FakeApi.probe(older));

    var ran = api.run("top");

    assertThat(ran.out()).containsPattern("web +0.0.0.0:8001 +2 +5 +40% +- +0 +-");
    assertThat(ran.err()).contains("probes of an older version keep no peaks");
  }

  @Test
  void whoMayNotUseTheProxySeesWhatTheNodeBacklogsTell() {
    api.withProbes(1)
        .forbidding(FakeApi.metricsOf(0), "get", "pods/proxy", "", "in the namespace \"operator\"")
        .answering(NODE_BACKLOGS, FakeApi.list("NodeBacklogList", FakeApi.nodeBacklog()));

    var ran = api.run("top");

    assertThat(ran.out()).containsPattern("web-1 +0.0.0.0:80 +- +5 +- +- +34 +-");
    assertThat(ran.err())
        .contains("you need the right to get pods/proxy in namespace operator")
        .contains("so these are from the NodeBacklogs");
  }

  /** Of a UNIX listener nobody can say how much memory its queue takes. */
  @Test
  void nodeBacklogsTellPeaksToo() {
    String unix = FakeApi.nodeBacklog().replace("0.0.0.0:80", "unix:/run/api.sock");
    api.withProbes(1)
        .forbidding(FakeApi.metricsOf(0), "get", "pods/proxy", "", "in the namespace \"operator\"")
        .answering(
            NODE_BACKLOGS,
            FakeApi.list(
                "NodeBacklogList", withPeak(FakeApi.nodeBacklog(), 5) + "," + withPeak(unix, 6)));

    var out = api.run("top", "-o", "wide").out();

    assertThat(out)
        .containsPattern("web-1 +0.0.0.0:80 +- +5 +- +5 +34 +-.* 2026-11-22T10:00:00Z +- +792Ki")
        .containsPattern("web-1 +unix:/run/api.sock +- +5 +- +6 +34 +-.* +- +-");
  }

  private static String withPeak(String nodeBacklog, int peak) {
    return nodeBacklog.replace(
        "\"overflow\":",
        "\"peak\": {\"connections\": %d, \"at\": \"2026-11-22T10:00:00Z\"}, \"overflow\":"
            .formatted(peak));
  }

  @Test
  void policiesTellPeaksToo() {
    api.forbidding("/api/v1/pods", "list", "pods", "", "at the cluster scope")
        .forbidding(
            NODE_BACKLOGS, "list", "nodebacklogs", "listenbacklog.io", "at the cluster scope")
        .answering(
            POLICIES,
            FakeApi.list(
                "BacklogPolicyList",
                """
                {"apiVersion": "listenbacklog.io/v1alpha1", "kind": "BacklogPolicy",
                 "metadata": {"namespace": "shop", "name": "all"},
                 "spec": {"minimum": 64},
                 "status": {"pods": 1, "worst": [{"pod": "shop/web-1", "container": "c", "process": "p",
                   "address": "0.0.0.0:80", "backlog": 5, "required": 64, "why": "w",
                   "peak": {"connections": 6, "at": "2026-11-22T10:00:00Z"}, "memoryBytes": 811008}]}}
                """));

    assertThat(api.run("top", "-o", "wide").out())
        .containsPattern("web-1 +0.0.0.0:80 +- +5 +- +6 +- +-.* 2026-11-22T10:00:00Z +- +792Ki");
  }

  @Test
  void whoMayReadNoMoreThanHisNamespaceSeesWhatItsPoliciesTell() {
    api.forbidding("/api/v1/pods", "list", "pods", "", "at the cluster scope")
        .forbidding(
            NODE_BACKLOGS, "list", "nodebacklogs", "listenbacklog.io", "at the cluster scope")
        .answering(
            POLICIES,
            FakeApi.list(
                "BacklogPolicyList",
                """
                {"apiVersion": "listenbacklog.io/v1alpha1", "kind": "BacklogPolicy",
                 "metadata": {"namespace": "shop", "name": "all"},
                 "spec": {"minimum": 64},
                 "status": {"pods": 1, "worst": [{"pod": "shop/web-1", "container": "c", "process": "p",
                   "address": "0.0.0.0:80", "backlog": 5, "required": 64, "why": "w"}]}}
                """));

    var ran = api.run("top");

    assertThat(ran.out()).containsPattern("web-1 +0.0.0.0:80 +- +5 +- +- +- +-");
    assertThat(ran.err())
        .contains("the right to list pods in the whole cluster")
        .contains("the right to list nodebacklogs.listenbacklog.io in the whole cluster")
        .contains("the worst of each BacklogPolicy of namespace shop");
    assertThat(ran.status()).isZero();
  }

  /** What the order goes by is in none of the figures: whether one is stalled, or dropped. */
  @Test
  void theOrderOfPoliciesIsKept() {
    String worst =
        "{\"pod\": \"shop/%s\", \"container\": \"c\", \"process\": \"p\", \"address\": \"0.0.0.0:80\", \"backlog\": 5,"
            + " \"required\": 64, \"why\": \"w\", \"peak\": {\"connections\": %d, \"at\": \"2026-11-22T10:00:00Z\"}}";
    String policy =
        "{\"apiVersion\": \"listenbacklog.io/v1alpha1\", \"kind\": \"BacklogPolicy\", \"metadata\": {\"namespace\": \"shop\","
            + " \"name\": \"%s\"}, \"spec\": {}, \"status\": {\"pods\": 1, \"worst\": [%s]}}";
    api.forbidding("/api/v1/pods", "list", "pods", "", "at the cluster scope")
        .forbidding(
            NODE_BACKLOGS, "list", "nodebacklogs", "listenbacklog.io", "at the cluster scope")
        .answering(
            POLICIES,
            FakeApi.list(
                "BacklogPolicyList",
                policy.formatted(
                        "a", worst.formatted("stalled", 1) + ", " + worst.formatted("full", 6))
                    + ", "
                    + policy.formatted("b", worst.formatted("other", 2))));

    assertThat(api.run("top").out()).containsSubsequence("stalled", "other", "full");
    assertThat(api.run("top", "--limit", "2").out()).doesNotContain("full");
  }

  @Test
  void hundredProbesAreAskedSomeAtATime() {
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    var together = new CountDownLatch(Probes.AT_ONCE);
    api.withProbes(100);
    for (int i = 0; i < 100; i++) {
      String text = FakeApi.probe(FakeApi.listener("shop", "web-" + i, 1, 5, i % 7, 6, 0));
      api.answering(
          FakeApi.metricsOf(i),
          () -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            together.countDown();
            try {
              // No answer comes before as many as may be were asked: fewer would wait in vain.
              together.await();
              return FakeApi.Answer.of(text);
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            } finally {
              now.decrementAndGet();
            }
          });
    }

    var ran = api.run("top", "--no-headers");

    assertThat(ran.out()).hasLineCount(100);
    assertThat(ran.err()).isEmpty();
    assertThat(most).hasValue(Probes.AT_ONCE);
  }

  /** More of them than are asked at a time would keep the others waiting. */
  @Test
  void deadNodesAreNamedAndDoNotHideTheOthers() {
    int dead = Probes.AT_ONCE - 1;
    api.withProbes(dead + 40);
    for (int i = 0; i < dead + 40; i++) {
      var well =
          FakeApi.Answer.of(FakeApi.probe(FakeApi.listener("shop", "web-" + i, 1, 5, 0, 0, 0)));
      var answer = i < dead ? well.ending(FakeApi.Ending.NEVER) : well;
      api.answering(FakeApi.metricsOf(i), () -> answer);
    }

    var ran = api.run("top", "--no-headers");

    assertThat(ran.out()).hasLineCount(40);
    assertThat(ran.err().lines()).hasSize(dead).allMatch(line -> line.contains("within 5 seconds"));
    assertThat(ran.status()).isZero();
  }

  @Test
  void fiveThousandListenersOfANodeAreReadAndTheWorstShown() {
    String text =
        IntStream.range(0, 5_000)
            .mapToObj(
                i -> FakeApi.listener("shop", "web-" + i, i, 128, i == 4_321 ? 100 : 1, 100, 0))
            .collect(Collectors.joining());
    api.withProbes(1).answering(FakeApi.metricsOf(0), FakeApi.probe(text));

    assertThat(api.run("top").out()).hasLineCount(5_001);
    var ran = api.run("top", "--limit", "1", "--no-headers");
    assertThat(ran.out()).startsWith("web-4321 ").hasLineCount(1);
    assertThat(ran.err()).contains("4999 more are not shown (--limit)");
  }

  @Test
  void onFortyColumnsItFitsAndStillSaysTheMost() {
    api.withProbes(1)
        .answering(
            FakeApi.metricsOf(0),
            FakeApi.probe(FakeApi.listener("shop", "octavia-api-dbddbcc48-mb4l5", 3, 5, 6, 6, 34)));

    var lines = api.run(new Terminal(40, false), "top", "-A", "-o", "wide").out().lines().toList();

    assertThat(lines).hasSize(2).allMatch(line -> line.length() <= 40);
    assertThat(lines.getFirst()).contains("POD", "LISTENER", "QUEUE", "FILL");
    assertThat(lines.getLast()).contains("octa", "…", "6", "120%");
  }

  /** Of names that begin alike, and of ports behind one address, the ends tell which it is. */
  @Test
  void whatHasNoRoomIsCutInTheMiddle() {
    api.withProbes(1)
        .answering(
            FakeApi.metricsOf(0),
            FakeApi.probe(FakeApi.listener("shop", "octavia-api-dbddbcc48-mb4l5", 3, 5, 6, 6, 34)));

    assertThat(api.run(new Terminal(40, false), "top").out())
        .contains("octav…mb4l5", "0.0.0…:8003");
  }

  @Test
  void aWatchedTerminalHasOnePictureAfterAnotherAndIsPutBack() {
    api.withProbes(1)
        .answering(
            FakeApi.metricsOf(0), FakeApi.probe(FakeApi.listener("shop", "full", 3, 5, 6, 6, 34)));

    var out =
        api.run(new Terminal(80, true), "top", "--watch", "--count", "2", "--interval", "0.5")
            .out();

    String[] parts = out.split("\u001b\\[\\?1049[hl]", -1);
    assertThat(parts).hasSize(3);
    assertThat(parts[1].split("\u001b\\[H", -1)).hasSize(3);
    assertThat(parts[1]).contains("shop  1 of 1 listeners").doesNotContain("\u001b[2J");
    // The last one stays.
    assertThat(parts[2]).contains("POD ", "full ").doesNotContain("\u001b[H");
  }

  @Test
  void aPictureHasARowOfTheTerminalForEachLine() {
    var top = new Top();
    top.scope.allNamespaces = true;
    var listeners =
        IntStream.range(0, 5_000)
            .mapToObj(
                i ->
                    new ListenerFigures(
                        "node-1",
                        "shop",
                        "web-" + i,
                        "web",
                        "0.0.0.0:80",
                        "" + i,
                        1L,
                        128,
                        0,
                        1L,
                        null,
                        0L,
                        null,
                        null,
                        0,
                        null,
                        null))
            .toList();
    var seen =
        new Look.Seen(
            "probes", listeners, 70, List.of("the probe of node n: " + "x".repeat(90)), true);

    var lines = top.picture(seen, new Screen.Size(10, 40), LocalTime.of(12, 1, 4));

    assertThat(lines).hasSize(10).allMatch(line -> line.codePointCount(0, line.length()) <= 40);
    assertThat(lines.getFirst()).isEqualTo("12:01:04  all namespaces  7 of 5070 lis…");
    assertThat(lines.get(1)).startsWith("POD");
    assertThat(lines.get(8)).startsWith("web-6 ");
    assertThat(lines.getLast()).startsWith("the probe of node n: xxx").endsWith("…");
  }

  /** As while an API server is restarted. */
  @Test
  void aWatchOutlivesALookThatFails() {
    var looks = new AtomicInteger();
    api.withProbes(1)
        .answering(
            "/api/v1/pods",
            () ->
                // The client asks once again.
                Set.of(2, 3).contains(looks.incrementAndGet())
                    ? FakeApi.status(500, "InternalError", "etcdserver: request timed out")
                    : FakeApi.Answer.of(FakeApi.probes(1)))
        .answering(
            FakeApi.metricsOf(0), FakeApi.probe(FakeApi.listener("shop", "full", 3, 5, 6, 6, 34)));
    var watch = new String[] {"top", "--watch", "--count", "3", "--interval", "0.5"};

    var piped = api.run(watch);
    assertThat(piped.out().lines().filter(line -> line.startsWith("full "))).hasSize(2);
    assertThat(piped.err()).isEqualTo("kubectl backlog: etcdserver: request timed out\n");
    assertThat(piped.status()).isZero();

    looks.set(0);
    assertThat(api.run(new Terminal(80, false), watch).out())
        .containsPattern("as of [0-9:]{8}; since then: etcdserver: request timed out");
  }

  @Test
  void aPersonSeesInColourWhatIsBad() {
    api.withProbes(1)
        .answering(
            FakeApi.metricsOf(0),
            FakeApi.probe(
                FakeApi.listener("shop", "full", 3, 5, 6, 6, 34),
                FakeApi.listener("shop", "calm", 1, 128, 0, 3, 0)));

    var lines = api.run(new Terminal(120, true), "top").out().lines().toList();

    assertThat(lines.get(1)).startsWith("\u001b[33mfull ").endsWith("\u001b[0m");
    assertThat(lines.get(2)).startsWith("calm ").doesNotContain("\u001b");
  }

  @Test
  void strangersCannotSteerTheTerminal() {
    String evil =
        FakeApi.listener("shop", "web", 1, 5, 6, 6, 0)
            .replace("address=\"0.0.0.0:8001\"", "address=\"unix:/\u001b[2J\\n\u202ex\"");
    api.withProbes(1).answering(FakeApi.metricsOf(0), FakeApi.probe(evil));

    assertThat(api.run("top").out()).hasLineCount(2).contains("unix:/?[2J??x");
  }

  @Test
  void whereNothingIsGovernedItSaysSo() {
    api.withProbes(1).answering(FakeApi.metricsOf(0), FakeApi.probe());

    var ran = api.run("top", "--no-headers");
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .isEqualTo("kubectl backlog: no listener of a governed pod in namespace shop\n");
    assertThat(ran.status()).isZero();
    assertThat(api.run("top", "--watch", "--interval", "0.5", "--count", "2").out()).isEmpty();
    assertThat(api.run("top", "-o", "json").out()).contains("\"items\" : [ ]");
    api.answering("/api/v1/namespaces/shop/pods", FakeApi.list("PodList", ""));
    assertThat(api.run("top", "-l", "app=none").err())
        .contains("no listener of a governed pod with labels app=none in namespace shop");
  }
}
