package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmallCommandsTest {
  /** It holds for pod shop/web-1. */
  private static final String NODE_WITH_REQUIREMENT =
      FakeApi.nodeBacklog()
          .replace(
              "\"requirements\": []",
              "\"requirements\": [{\"mode\": \"Observe\", \"minimum\": 64, \"remedies\": [], \"stallAfterMillis\": 5000, \"pods\": [%s]}]"
                  .formatted("{\"uid\": \"u-n\", \"namespace\": \"shop\", \"name\": \"web-1\"}"));

  private final FakeApi api = new FakeApi();

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void eventsAreOursAlone() {
    api.answering(
        "/apis/events.k8s.io/v1/namespaces/shop/events",
        FakeApi.list(
            "EventList",
            """
            {"metadata": {"namespace": "shop", "name": "e1"}, "eventTime": "2026-11-28T09:00:00.000000Z",
             "reportingController": "listenbacklog.io", "type": "Warning", "reason": "ListenOverflow",
             "regarding": {"kind": "Pod", "namespace": "shop", "name": "web-1"}, "note": "was full",
             "series": {"count": 7, "lastObservedTime": "2026-11-28T09:10:00.000000Z"}},
            {"metadata": {"namespace": "shop", "name": "e2"}, "eventTime": "2026-11-28T09:05:00.000000Z",
             "reportingController": "listenbacklog.io", "type": "Normal", "reason": "BacklogRaised",
             "regarding": {"kind": "Pod", "namespace": "shop", "name": "web-2"}, "note": "raised"},
            {"metadata": {"namespace": "shop", "name": "e3", "creationTimestamp": "2026-11-28T09:00:00Z"},
             "reportingController": "kubelet", "type": "Normal", "reason": "Pulled",
             "regarding": {"kind": "Pod", "namespace": "shop", "name": "web-1"}, "note": "image"}
            """));

    var lines = api.run("events").out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(1)).contains("BacklogRaised", "Pod/web-2", "raised");
    assertThat(lines.get(2)).contains("ListenOverflow", "Pod/web-1", "7", "was full");
    assertThat(api.run("events", "web-2", "--no-headers").out()).contains("web-2").hasLineCount(1);
    assertThat(api.run("events", "-o", "json").out())
        .contains("\"reason\" : \"ListenOverflow\"", "\"last\" : \"2026-11-28T09:10:00Z\"");
    assertThat(api.run("events", "none").err()).contains("no Events of pod none in namespace shop");
    api.answering("/api/v1/namespaces/shop/pods", FakeApi.list("PodList", ""));
    assertThat(api.run("events", "-l", "app=none").err())
        .contains("no Events of pods with labels app=none in namespace shop");
  }

  /** Pages come in the order of names: the newest may be on the last one. */
  @Test
  void ofTooManyEventsTheNewestAreShown() {
    var pages = new ConcurrentLinkedQueue<String>();
    pages.add(
        FakeApi.list(
                "EventList",
                IntStream.range(0, 10_001)
                    .mapToObj(i -> event("old-%05d".formatted(i), "2026-11-28T09:00:00Z"))
                    .collect(Collectors.joining(",")))
            .replace("\"metadata\": {}", "\"metadata\": {\"continue\": \"more\"}"));
    pages.add(FakeApi.list("EventList", event("newest", "2026-11-28T10:00:00Z")));
    api.answering(
        "/apis/events.k8s.io/v1/namespaces/shop/events",
        () -> FakeApi.Answer.of(Objects.requireNonNull(pages.poll())));

    var ran = api.run("events", "--no-headers");

    assertThat(ran.out().lines()).hasSize(10_000).last().asString().contains("Pod/newest");
    assertThat(ran.err()).isEqualTo("kubectl backlog: 2 older Events are not shown\n");
  }

  private static String event(String pod, String at) {
    return """
    {"metadata": {"namespace": "shop", "name": "e"}, "eventTime": "%s", "type": "Normal",
     "reportingController": "listenbacklog.io", "reason": "BacklogRaised", "note": "raised",
     "regarding": {"kind": "Pod", "namespace": "shop", "name": "%s"}}
    """
        .formatted(at, pod);
  }

  @Test
  void versionIsOfBothSides() {
    api.answering(
        "/apis/apps/v1/deployments",
        FakeApi.list(
            "DeploymentList",
            "{\"metadata\": {\"labels\": {\"app.kubernetes.io/version\": \"0.0.9\"}}}"));

    var ran = api.run("version");

    assertThat(ran.out()).containsPattern("client: +\\S+\noperator: 0.0.9\n");
    assertThat(ran.err()).contains("of different versions");
    assertThat(api.run("version", "--client").out()).hasLineCount(1);
    assertThat(api.run("version", "-o", "yaml").out())
        .containsPattern("client: \"?\\S+\"?\n")
        .containsPattern("operator: \"?0.0.9");
    assertThat(api.run("version", "--client", "-o", "json").out()).contains("\"client\" : \"");
  }

  @Test
  void explainIsForProgramsToo() {
    api.withReadyProbes("n")
        .answering(
            "/apis/listenbacklog.io/v1alpha1/nodebacklogs",
            FakeApi.list("NodeBacklogList", NODE_WITH_REQUIREMENT));

    for (String format : new String[] {"json", "yaml"}) {
      Map<?, ?> read =
          new KubernetesSerialization()
              .unmarshal(api.run("explain", "web-1", "-o", format).out(), Map.class);
      assertThat(read.get("kind")).isEqualTo("PodExplanation");
      assertThat(read.get("node")).isEqualTo("n");
      assertThat(String.valueOf(read.get("requirement"))).contains("minimum=64", "mode=Observe");
      assertThat(String.valueOf(read.get("listeners"))).contains("backlog=5", "required=64");
      assertThat(String.valueOf(read.get("findings"))).contains("reason=BacklogTooSmall", "note=");
    }
    assertThat(api.run("explain", "web-1").out()).contains("LISTENER ");
    assertThat(api.run("explain", "web-1", "--no-headers").out())
        .contains("0.0.0.0:80 ")
        .doesNotContain("LISTENER ");
  }

  /** The generations are equal, and nobody looks. */
  @Test
  void ofANodeWithoutAReadyProbeNobodyIsToldThatAllIsWell() {
    api.answering("/api/v1/pods", FakeApi.list("PodList", FakeApi.probePod("probe-7", "n", false)))
        .answering(
            "/apis/listenbacklog.io/v1alpha1/nodebacklogs",
            FakeApi.list("NodeBacklogList", NODE_WITH_REQUIREMENT));

    assertThat(api.run("doctor").out())
        .containsPattern("n +Probe +False +NotReady +its pod operator/probe-7 is not ready");
    assertThat(api.run("explain", "web-1").out()).contains("The probe of node n is not ready (its");
    assertThat(api.run("explain", "web-1", "-o", "json").out())
        .containsPattern("\"doubts\" : \\[ \"The probe of node n is not ready");

    api.withReadyProbes("n");
    assertThat(api.run("doctor").out()).containsPattern("n +Probe +True +UpToDate");
    assertThat(api.run("explain", "web-1").out()).doesNotContain("not ready");

    api.forbidding("/api/v1/pods", "list", "pods", "", "at the cluster scope");
    assertThat(api.run("doctor").out())
        .containsPattern("n +Probe +Unknown +ReadinessNotKnown .* the right to list pods in the");
  }

  @Test
  void withoutAnOperatorVersionSaysSo() {
    api.answering("/apis/apps/v1/deployments", FakeApi.list("DeploymentList", ""));

    assertThat(api.run("version").err()).contains("no operator is installed");
  }

  private static String completed(String... words) {
    var out = new StringWriter();
    var all = Stream.concat(Stream.of("__complete", "--"), Stream.of(words));
    BacklogCommand.commandLine(Terminal.NONE)
        .setOut(new PrintWriter(out, true))
        .execute(all.toArray(String[]::new));
    return out.toString();
  }

  @Test
  void kubectlsOwnCompletionIsAnswered() {
    assertThat(completed("to")).isEqualTo("top\n:4\n");
    assertThat(completed("")).contains("doctor\n", "recommend\n").doesNotContain("__complete");
    assertThat(completed("top", "")).isEqualTo(":4\n");
  }

  @Test
  void optionsAndTheirValuesAreCompletedToo() {
    assertThat(completed("top", "--w")).isEqualTo("--watch\n:4\n");
    assertThat(completed("recommend", "--")).contains("--namespace\n", "--output\n");
    assertThat(completed("top", "-o", "")).isEqualTo("json\nwide\nyaml\n:4\n");
    assertThat(completed("patch", "-o", "")).isEqualTo("helm\njson-patch\nkustomize\n:4\n");
    assertThat(completed("-n", "top", "re")).isEqualTo("recommend\nresume\n:4\n");
    assertThat(completed("top", "-n", "")).isEqualTo(":4\n");
  }

  private static String pod(String name) {
    return "{\"metadata\": {\"namespace\": \"shop\", \"name\": \"%s\", \"uid\": \"u\"}, \"spec\": {\"containers\": []}, \"status\": {\"phase\": \"Running\"}}"
        .formatted(name);
  }

  @Test
  void explainIsOfAllPodsWithTheLabels() {
    api.withReadyProbes("n")
        .answering(
            "/apis/listenbacklog.io/v1alpha1/nodebacklogs",
            FakeApi.list("NodeBacklogList", NODE_WITH_REQUIREMENT))
        .answering(
            "/api/v1/namespaces/shop/pods",
            FakeApi.list("PodList", pod("web-2") + ", " + pod("web-1")));

    var ran = api.run("explain", "-l", "app=web");

    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .startsWith("Pod shop/web-1 on node n\n")
        .contains("\n\nNo requirement holds for pod shop/web-2: ");
    assertThat(ran.status()).isZero();
    Map<?, ?> read =
        new KubernetesSerialization()
            .unmarshal(api.run("explain", "-l", "app=web", "-o", "json").out(), Map.class);
    assertThat(read.get("kind")).isEqualTo("PodExplanationList");
    assertThat((List<?>) read.get("items"))
        .extracting(each -> ((Map<?, ?>) each).get("pod"))
        .isEqualTo(List.of("web-1", "web-2"));
  }

  /** He is told by the policies of his namespace, and what he would need for more. */
  @Test
  void explainToWhoMayReadNoNodeBacklogs() {
    api.forbidding(
            "/apis/listenbacklog.io/v1alpha1/nodebacklogs",
            "list",
            "nodebacklogs",
            "listenbacklog.io",
            "at the cluster scope")
        .answering(
            "/apis/listenbacklog.io/v1alpha1/namespaces/shop/backlogpolicies",
            FakeApi.list(
                "BacklogPolicyList",
                """
                {"apiVersion": "listenbacklog.io/v1alpha1", "kind": "BacklogPolicy",
                 "metadata": {"name": "web", "namespace": "shop", "uid": "p", "generation": 1,
                   "creationTimestamp": "2026-11-29T10:00:00Z"},
                 "spec": {"minimum": 64, "selector": {"matchLabels": {"app": "web"}}},
                 "status": {"conditions": [
                   {"type": "Observed", "status": "False", "reason": "ProbeNotReady",
                    "lastTransitionTime": "2026-11-29T10:00:00Z",
                    "message": "No ready probe on node n. Not observed: 1 of 1 pod."}], "worst": [
                   {"pod": "shop/web-1", "container": "main", "process": "python3",
                    "address": "0.0.0.0:80", "backlog": 5, "required": 64, "why": "It asked for 5."},
                   {"pod": "shop/web-11", "container": "main", "process": "python3",
                    "address": "0.0.0.0:81", "backlog": 6, "required": 64, "why": "Another."}]}}
                """))
        .answering("/api/v1/namespaces/shop/pods/web-1", pod("web-1", "web"))
        .answering("/api/v1/namespaces/shop/pods/api-1", pod("api-1", "api"));

    var ran = api.run("explain", "web-1");

    assertThat(ran.status()).isZero();
    assertThat(ran.err())
        .contains("you need the right to list nodebacklogs.listenbacklog.io in the whole cluster");
    assertThat(ran.out())
        .isEqualTo(
            """
            Pod shop/web-1
            Governed by:  BacklogPolicy shop/web
            Not all seen: No ready probe on node n. Not observed: 1 of 1 pod.

            LISTENER     CONTAINER   PROCESS   BACKLOG   REQUIRED
            0.0.0.0:80   main        python3   5         64

            0.0.0.0:80: It asked for 5.
            """);
    assertThat(api.run("explain", "api-1").out())
        .contains("Governed by:  no BacklogPolicy of its namespace; perhaps a Cluster")
        .contains("None of its listeners is among the worst of a policy.");
    assertThat(api.run("explain", "web-1", "-o", "json").out())
        .contains("\"policy\" : \"BacklogPolicy shop/web\"", "\"backlog\" : 5");
    assertThat(api.run("explain", "gone").err()).contains("there is no pod gone in namespace shop");
  }

  private static String pod(String name, String app) {
    return """
    {"kind": "Pod", "apiVersion": "v1",
     "metadata": {"namespace": "shop", "name": "%s", "uid": "u", "labels": {"app": "%s"}},
     "spec": {"nodeName": "n", "containers": []}, "status": {"phase": "Running"}}
    """
        .formatted(name, app);
  }

  @Test
  void explainWantsAPodOrLabels() {
    api.answering("/api/v1/namespaces/shop/pods", FakeApi.list("PodList", ""));

    var none = api.run("explain", "-l", "app=none");
    assertThat(none.err()).contains("no pod of namespace shop has these labels");
    assertThat(none.status()).isEqualTo(1);
    assertThat(api.run("explain").status()).isEqualTo(2);
    assertThat(api.run("explain", "web-1", "-l", "app=web").status()).isEqualTo(2);
  }

  @Test
  void doctorIsOfNodesWithLabels() {
    api.withReadyProbes("n", "m")
        .answering(
            "/apis/listenbacklog.io/v1alpha1/nodebacklogs",
            FakeApi.list(
                "NodeBacklogList",
                FakeApi.nodeBacklog()
                    + ","
                    + FakeApi.nodeBacklog().replace("\"name\": \"n\"", "\"name\": \"m\"")))
        .answering("/api/v1/nodes", FakeApi.list("NodeList", "{\"metadata\": {\"name\": \"m\"}}"));

    assertThat(api.run("doctor", "--no-headers").out()).contains("n ", "m ");
    assertThat(api.run("doctor", "-l", "pool=a", "--no-headers").out().lines())
        .isNotEmpty()
        .allMatch(line -> line.startsWith("m "));

    api.answering("/api/v1/nodes", FakeApi.list("NodeList", ""));
    var none = api.run("doctor", "-l", "pool=none");
    assertThat(none.err()).contains("of no node with these labels is there a NodeBacklog");
    assertThat(none.status()).isEqualTo(1);
    api.forbidding("/api/v1/nodes", "list", "nodes", "", "at the cluster scope");
    assertThat(api.run("doctor", "-l", "pool=a").err())
        .contains("you lack the right to list nodes in the whole cluster");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void eachShellHasAScript(String shell) {
    assertThat(api.run("completion", shell).out())
        .contains("kubectl-backlog", "complete")
        .doesNotContain("WIDE");
  }

  @Test
  void aTerminalIsOneWithColourUnlessSomebodyObjects() {
    var env = Map.of(Terminal.COLUMNS, "132", "TERM", "xterm");
    assertThat(Terminal.of(() -> true, env)).isEqualTo(new Terminal(132, true));
    assertThat(Terminal.of(() -> false, Map.of("TERM", "xterm"))).isEqualTo(Terminal.NONE);
    assertThat(Terminal.of(() -> true, Map.of(Terminal.COLUMNS, ""))).isEqualTo(Terminal.NONE);
    assertThat(Terminal.of(() -> true, Map.of("NO_COLOR", "1"))).isEqualTo(new Terminal(0, false));
    assertThat(Terminal.of(() -> true, Map.of("TERM", "dumb", "COLUMNS", "wide")))
        .isEqualTo(new Terminal(0, false));
    assertThat(Terminal.of(() -> true, Map.of("COLUMNS", "7")).columns()).isEqualTo(20);
  }
}
