package io.listenbacklog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.NodeBacklog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportsTest {
  private static final String TEXT =
      """
      apiVersion: listenbacklog.io/v1alpha1
      kind: NodeBacklog
      metadata: {name: node-1, generation: 4}
      spec:
        requirements:
        - policy: {kind: BacklogPolicy, namespace: openstack, name: octavia-api, uid: p1, generation: 2}
          mode: Enforce
          minimum: 64
          maximum: 1024
          ports: [{port: 9090, exempt: true}, {port: 9876, minimum: 128, maximum: 512}, {port: 30000, last: 32767, exempt: true}]
          loopback: Exempt
          unix: Govern
          paths: [{path: /run/php.sock, minimum: 256}, {path: "@mux*", exempt: true}]
          remedies: [Sysctl, Relisten]
          onDelete: Restore
          pods: [{uid: u1, namespace: openstack, name: octavia-api-1}, {uid: u2, namespace: openstack, name: quiet}]
      status:
        observedGeneration: 4
        capabilities:
        - {type: Births, status: "False", reason: NoTracefs, message: 'no tracefs: EPERM (1)',
           lastTransitionTime: "2026-11-22T10:00:00Z"}
        listeners:
        - pod: {uid: u1, namespace: openstack, name: octavia-api-1}
          policy: {kind: BacklogPolicy, namespace: openstack, name: octavia-api, uid: p1, generation: 2}
          container: api
          process: python3
          pid: 71
          address: 0.0.0.0:9876
          networkNamespace: 4026532300
          inode: 99
          cookie: "0000000000000007"
          backlog: 128
          requested: 5
          required: 128
          somaxconn: 4096
          verdict: Sufficient
          since: "2026-11-22T10:00:00Z"
          remedy: {original: 5, applied: 128, at: "2026-11-22T10:00:00Z", onDelete: Restore}
      """;

  private static final NodeBacklog NODE = read(TEXT);

  private static final ReadyProbes READY = new ReadyProbes.Known(Set.of("node-1"), Map.of());

  @Test
  void aGovernedPodIsExplainedWithItsPolicyAndItsListeners() {
    assertThat(
            Explain.report(
                holding("openstack", "octavia-api-1").orElseThrow(),
                List.of("One thing was cut.", "And another."),
                findings(false),
                Map.of(),
                READY,
                new OutputOptions()))
        .isEqualTo(
            """
            Pod openstack/octavia-api-1 on node node-1
            Governed by:  BacklogPolicy openstack/octavia-api
            Mode:         Enforce
            Minimum:      64
            Maximum:      1024, after overflows
            Ports:        9090=exempt, 9876=128-512, 30000-32767=exempt
            Paths:        /run/php.sock=256, @mux*=exempt
            Loopback:     exempt
            UNIX:         Govern
            Remedies:     Sysctl, Relisten
            Stall after:  5000 ms
            Limits:       One thing was cut.
                          And another.

            LISTENER       CONTAINER   PROCESS            BACKLOG   REQUESTED   REQUIRED   STATE
            0.0.0.0:9876   api         python3 (pid 71)   128       5           128        raised

            BacklogRaised: Listener 0.0.0.0:9876 of container api (python3, pid 71) has a backlog of 128 now, raised from 5 in the running process; policy octavia-api asks for 128.
            """);
  }

  @Test
  void whoAsksForItByAnnotationsIsSaidToo() {
    assertThat(findings(true))
        .singleElement()
        .satisfies(
            each -> assertThat(each.note()).contains("octavia-api with the pod's annotations"));
  }

  private static List<PodFindings.Finding> findings(boolean annotated) {
    return PodFindings.of(
        holding("openstack", "octavia-api-1").orElseThrow().pod(), NODE.getStatus(), annotated);
  }

  @Test
  void aPodWithoutAnythingToReportIsSaidToBeFine() {
    assertThat(
            Explain.report(
                holding("openstack", "quiet").orElseThrow(),
                List.of(),
                List.of(),
                Map.of(),
                READY,
                new OutputOptions()))
        .endsWith("None of its listeners is undersized or remedied.\n");
  }

  @Test
  void aPodOfAnotherNamespaceIsNotTakenForIt() {
    assertThat(holding("default", "octavia-api-1")).isEmpty();
    assertThat(Explain.nothingHolds("default", "octavia-api-1", List.of(), Map.of()))
        .startsWith("No requirement holds for pod default/octavia-api-1")
        .endsWith("or there is no such pod.\n");
  }

  @Test
  void whatTheLimitsCutIsSaidAlsoWhereNothingIsLeft() {
    assertThat(
            Explain.nothingHolds(
                "default", "web-1", List.of("Its annotations do not count."), Map.of()))
        .endsWith("or there is no such pod. Its annotations do not count.\n");
  }

  @Test
  void doctorSaysWhatANodeCannotDoAndWhy() {
    assertThat(Doctor.table(Nodes.of(List.of(NODE)), READY).toString())
        .isEqualTo(
            """
            NODE     CAPABILITY   STATUS   REASON      MESSAGE
            node-1   Probe        True     UpToDate    has seen generation 4 of 4
            node-1   Births       False    NoTracefs   no tracefs: EPERM (1)
            """);
  }

  @Test
  void doctorSaysThatNoProbeHasReported() {
    var silent = new NodeBacklog();
    silent.getMetadata().setName("node-2");
    var ready = new ReadyProbes.Known(Set.of("node-2"), Map.of());
    assertThat(Doctor.table(Nodes.of(List.of(silent)), ready).toString()).contains("NeverReported");
  }

  /** What it reported last is as up to date as can be. */
  @Test
  void doctorSaysThatAProbeIsDead() {
    var none = new ReadyProbes.Known(Set.of("node-2"), Map.of());
    assertThat(Doctor.table(Nodes.of(List.of(NODE)), none).toString())
        .containsPattern(
            "node-1 +Probe +False +NotReady +there is no pod of a probe on this node; has seen generation 4 of 4");
    var crashed = new ReadyProbes.Known(Set.of(), Map.of("node-1", "operator/probe-7"));
    assertThat(Doctor.table(Nodes.of(List.of(NODE)), crashed).toString())
        .containsPattern("node-1 +Probe +False +NotReady +its pod operator/probe-7 is not ready;");
  }

  @Test
  void whoMaySeeNoProbesIsNotToldThatTheyAreWell() {
    var hidden = new ReadyProbes.NotKnown("you lack the right to list pods");
    assertThat(Doctor.table(Nodes.of(List.of(NODE)), hidden).toString())
        .containsPattern(
            "node-1 +Probe +Unknown +ReadinessNotKnown +has seen generation 4 of 4; not known whether it is ready: you lack");
    assertThat(quiet(NODE, hidden))
        .contains("Not known whether the probe of node node-1 is ready: you lack the right")
        .doesNotContain("None of its listeners");
  }

  @Test
  void aPodThatNobodyLooksAtIsNotSaidToBeFine() {
    var dead = new ReadyProbes.Known(Set.of(), Map.of("node-1", "operator/probe-7"));
    assertThat(quiet(NODE, dead))
        .contains(
            "The probe of node node-1 is not ready (its pod operator/probe-7 is not ready): nobody looks at this pod")
        .doesNotContain("None of its listeners");

    var changed = read(TEXT.replace("generation: 4}", "generation: 5}"));
    assertThat(quiet(changed, READY))
        .contains("has not yet taken up what holds now (it has seen generation 4 of 5).")
        .doesNotContain("None of its listeners");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          openstack/a: no way; openstack/quiet: a sandbox; of gVisor | The probe cannot see this pod: a sandbox; of gVisor.
          openstack/a: x; openstack/quiet: y; openstack/z: v; and 2 more | The probe cannot see this pod: y.
          openstack/a: no way; and 12 more | Its probe cannot see some pods, perhaps this one
          """)
  void aPodThatItsProbeCannotSeeIsNotSaidToBeFine(String hidden, String said) {
    var blind =
        read(
            TEXT.replace(
                "capabilities:",
                ("capabilities:\n  - {type: Visibility, status: \"False\", reason: PodsHidden, lastTransitionTime: \"2026-11-22T10:00:00Z\","
                        + " message: 'Governed, but their listeners cannot be seen: %s'}")
                    .formatted(hidden)));
    assertThat(quiet(blind, READY)).contains(said).doesNotContain("None of its listeners");
  }

  @Test
  void thatOthersCannotBeSeenIsNoDoubtOfThisPod() {
    var blind =
        read(
            TEXT.replace(
                "type: Births, status: \"False\", reason: NoTracefs, message: 'no tracefs: EPERM (1)'",
                "type: Visibility, status: \"False\", reason: PodsHidden, message: 'Governed, but their listeners cannot be seen: openstack/quiet-2: gVisor'"));
    assertThat(quiet(blind, READY)).endsWith("None of its listeners is undersized or remedied.\n");
  }

  private static String quiet(NodeBacklog node, ReadyProbes probes) {
    return Explain.report(
        PodRequirement.find("openstack", "quiet", List.of(node)).orElseThrow(),
        List.of(),
        List.of(),
        Map.of(),
        probes,
        new OutputOptions());
  }

  private static NodeBacklog read(String yaml) {
    return new KubernetesSerialization().unmarshal(yaml, NodeBacklog.class);
  }

  private static Optional<PodRequirement> holding(String namespace, String pod) {
    return PodRequirement.find(namespace, pod, List.of(NODE));
  }
}
