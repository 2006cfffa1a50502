package io.listenbacklog.e2e.policy;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.Programs;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a policy may say, and what its status says in turn. */
@OnTestCluster
class PoliciesIT {
  /** What older API servers say in the place of a value that is a list or an object. */
  private static final Pattern TYPE_FOR_VALUE =
      Pattern.compile("(?<=Invalid value: )\"(array|object)\": ");

  private static final Path INVALID =
      TestCluster.sources().resolve("operator/e2e/src/test/resources/invalid-policies");

  @TestFactory
  Stream<DynamicTest> invalidPoliciesAreRefusedAndTheFieldIsNamed(TestNamespace namespace)
      throws IOException {
    List<Path> cases;
    try (var files = Files.list(INVALID)) {
      cases = files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
    }
    assertThat(cases).isNotEmpty();
    return cases.stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(),
                    () -> {
                      var lines = Files.readAllLines(file);
                      var expected =
                          lines.stream()
                              .filter(line -> line.startsWith("# refused: "))
                              .map(line -> line.substring("# refused: ".length()).strip())
                              .toList();
                      assertThat(expected).isNotEmpty();
                      var answer =
                          namespace
                              .kubectlCommand("apply", "--dry-run=server", "-f", "-")
                              .reading(String.join("\n", lines))
                              .run();
                      assertThat(answer.succeeded()).as(answer.text()).isFalse();
                      assertThat(TYPE_FOR_VALUE.matcher(answer.errors()).replaceAll(""))
                          .contains(expected);
                    }));
  }

  @Test
  void aSwitchToObserveUndoesWhatEnforceDid(TestNamespace namespace) {
    var pod = namespace.python("web", "", Programs.listen(8080));
    namespace.fulfilledPolicy("web", "{mode: Enforce, minimum: 64}");

    namespace.policy("web", "{mode: Observe, minimum: 64}");

    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(5));
    eventually(() -> assertThat(namespace.reasons(pod)).contains("BacklogRestored"));
    namespace.awaitCondition("web", "Compliant", "False");
  }

  @Test
  void onDeleteKeepLeavesTheRaisedBacklog(TestCluster cluster, TestNamespace namespace) {
    var kept = namespace.python("kept", "", Programs.listen(8080));
    namespace.fulfilledPolicy(
        "kept",
        "{mode: Enforce, minimum: 64, onDelete: Keep, selector: {matchLabels: {app: kept}}}");
    var restored = namespace.python("restored", "", Programs.listen(8081));
    namespace.fulfilledPolicy(
        "restored", "{mode: Enforce, minimum: 64, selector: {matchLabels: {app: restored}}}");

    namespace.kubectl("delete", "backlogpolicies", "--all");

    eventually(() -> assertThat(restored.backlogs(8081)).containsExactly(5));
    assertThat(kept.backlogs(8080)).containsExactly(64);
  }

  @Test
  void ofTwoPoliciesForAPodThatOfHigherPriorityGovernsAndTheOtherSaysSo(TestNamespace namespace) {
    var pod = namespace.python("web", "", Programs.listen(8080));
    namespace.policy("first", "{mode: Enforce, minimum: 128}");
    namespace.awaitCondition("first", "Compliant", "True");
    namespace.fulfilledPolicy("second", "{mode: Enforce, minimum: 256, priority: 10}");

    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(256));
    eventually(
        () ->
            assertThat(namespace.condition("first", "Accepted"))
                .startsWith("False")
                .contains("second"));

    namespace.kubectl("delete", "backlogpolicy", "second");
    namespace.awaitCondition("first", "Accepted", "True");
    namespace.awaitCondition("first", "Compliant", "True");
    assertThat(pod.backlogs(8080).getFirst()).isGreaterThanOrEqualTo(128);
    namespace.kubectl("delete", "backlogpolicy", "first");
    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(5));
  }

  @Test
  void aBadAnnotationIsReportedAndTheRestOfTheRequirementHolds(TestNamespace namespace) {
    namespace.policy("web", "{mode: Enforce, minimum: 64}");
    var pod =
        namespace.python(
            "web",
            "annotations: {listenbacklog.io/minimum: lots, listenbacklog.io/ports: '8081=exempt'}",
            """
            import signal, socket
            servers = [socket.create_server(("", port), backlog=5) for port in (8080, 8081)]
            signal.pause()
            """);

    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(64));
    eventually(
        () ->
            assertThat(namespace.events(pod))
                .filteredOn(e -> "AnnotationInvalid".equals(e.getReason()))
                .singleElement()
                .satisfies(
                    e -> assertThat(e.getNote()).contains("listenbacklog.io/minimum", "lots")));
    assertThat(pod.backlogs(8081)).as("the other annotation holds").containsExactly(5);
    namespace.awaitCondition("web", "Compliant", "True");
  }

  @Test
  void whatTheLimitsCutIsSaidOfThePolicyAndOnThePod(TestNamespace namespace) {
    var pod = cut(namespace);

    assertThat(pod.backlogs(8080)).containsExactly(4096);
    assertThat(namespace.condition("web", "Accepted"))
        .startsWith("True Clamped")
        .contains("minimum 8192 (4096 holds)", "Annotations of 1 pod");
    eventually(
        () ->
            assertThat(namespace.events(pod))
                .filteredOn(e -> "RequirementClamped".equals(e.getReason()))
                .extracting(Event::getNote)
                .satisfiesExactlyInAnyOrder(
                    ofPolicy ->
                        assertThat(ofPolicy)
                            .startsWith("Policy web asks for more")
                            .contains("minimum 8192 (4096 holds)"),
                    ofAnnotations ->
                        assertThat(ofAnnotations)
                            .startsWith("Annotations of the pod ask for more")
                            .contains("maximum 65535 (4096 holds)")));
  }

  @Test
  void explainTellsWhatTheLimitsCut(TestCluster cluster, TestNamespace namespace) {
    var pod = cut(namespace);

    assertThat(explain(cluster, pod))
        .startsWith("Pod %s/web on node %s\n".formatted(namespace.name(), pod.node()))
        .containsSubsequence(
            "Governed by:  BacklogPolicy " + namespace.name() + "/web\n",
            "Minimum:      4096\n",
            "Limits:       Policy web asks for more",
            "minimum 8192 (4096 holds)",
            "\n              Annotations of the pod ask for more",
            "maximum 65535 (4096 holds)",
            "\nLISTENER ",
            "0.0.0.0:8080 ");
  }

  /** A pod of which both the policy and the annotations ask for more than the chart's limit. */
  private static TestPod cut(TestNamespace namespace) {
    var pod =
        namespace.python(
            "web", "annotations: {listenbacklog.io/maximum: '65535'}", Programs.listen(8080));
    namespace.fulfilledPolicy("web", "{mode: Enforce, minimum: 8192}");
    return pod;
  }

  private static String explain(TestCluster cluster, TestPod pod) {
    return cluster.plugin("explain", pod.name(), "--namespace", pod.namespace().name()).succeed();
  }

  @Test
  void asMuchNonsenseAsAnnotationsCanHoldIsReportedInFewWords(TestNamespace namespace) {
    namespace.policy("web", "{mode: Enforce, minimum: 64}");
    // The API server takes 256 KiB of annotations, keys and all.
    var refused =
        namespace
            .kubectlCommand("create", "-f", "-")
            .reading(annotated("🐙".repeat(256 * 1024)))
            .run();
    assertThat(refused.succeeded()).isFalse();
    assertThat(refused.errors()).contains("metadata.annotations: Too long");

    namespace
        .kubectlCommand("create", "-f", "-")
        .reading(annotated("🐙=\u0007,".repeat(32 * 1024) + "8081=exempt"))
        .succeed();

    var pod = namespace.pod("nonsense");
    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(64));
    eventually(
        () ->
            assertThat(namespace.events(pod))
                .filteredOn(e -> "AnnotationInvalid".equals(e.getReason()))
                .hasSizeBetween(1, 16)
                .allSatisfy(e -> assertThat(e.getNote()).hasSizeLessThan(1024).contains("🐙=?")));
    namespace.awaitCondition("web", "Compliant", "True");
  }

  private static String annotated(String ports) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: nonsense
      annotations: {listenbacklog.io/ports: "%s"}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
      - name: main
        image: %s
        command: [python3, -c]
        args: ['import socket; socket.create_server(("", 8080), backlog=5).accept()']
    """
        .formatted(ports.replace("\u0007", "\\a"), TestCluster.PYTHON);
  }

  @Test
  void theExamplesAreAcceptedAndDoWhatTheySay(TestCluster cluster, TestNamespace namespace) {
    var shop = namespace.python("shop", "", Programs.listen(8080));
    var api =
        namespace.python(
            "api",
            "",
            """
            import signal, socket
            servers = [socket.create_server(("", port), backlog=5) for port in (8080, 9090)]
            signal.pause()
            """);
    var ingress = namespace.python("ingress", "", Programs.listen(8080));
    var legacy = namespace.python("legacy", "", Programs.listen(8080));
    try {
      namespace.kubectl(
          "apply", "-f", TestCluster.sources().resolve("examples/policies").toString());

      for (var policy : List.of("strict", "api", "ingress", "legacy")) {
        namespace.awaitCondition(policy, "Accepted", "True");
      }
      cluster.kubectl(
          "wait", "--for=condition=Accepted", "--timeout=30s", "clusterbacklogpolicy/baseline");
      eventually(() -> assertThat(shop.backlogs(8080)).containsExactly(128));
      eventually(() -> assertThat(api.backlogs(8080)).containsExactly(128));
      eventually(() -> assertThat(ingress.backlogs(8080)).containsExactly(512));
      namespace.awaitCondition("strict", "Compliant", "True");
      namespace.awaitCondition("api", "Compliant", "True");
      namespace.awaitCondition("ingress", "Compliant", "True");
      namespace.awaitCondition("legacy", "Compliant", "False");
      assertThat(api.backlogs(9090)).containsExactly(5);
      assertThat(legacy.backlogs(8080)).containsExactly(5);
    } finally {
      cluster.kubectl("delete", "clusterbacklogpolicy", "baseline", "--ignore-not-found");
    }
  }

  @Test
  void annotationsStandAloneWhereNoPolicySelectsThePod(TestNamespace namespace) {
    var pod =
        namespace.python(
            "web",
            "annotations: {listenbacklog.io/mode: Enforce, listenbacklog.io/minimum: '64'}",
            Programs.listen(8080));

    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(64));

    namespace.kubectl(
        "annotate", "pod", "web", "listenbacklog.io/mode-", "listenbacklog.io/minimum-");
    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(5));
  }

  @Test
  void aPortMayBeMeantByItsName(TestNamespace namespace) {
    namespace.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: named}
        spec:
          terminationGracePeriodSeconds: 0
          containers:
          - name: main
            image: %s
            command: [python3, -c]
            args: ['import socket; a, b = [socket.create_server(("", p), backlog=5) for p in (8080, 8081)]; a.accept()']
            ports: [{name: api, containerPort: 8080}]
        """
            .formatted(TestCluster.PYTHON));
    var pod = namespace.pod("named");

    namespace.fulfilledPolicy("named", "{mode: Enforce, ports: [{port: api, minimum: 99}]}");

    assertThat(pod.backlogs(8080)).containsExactly(99);
    assertThat(pod.backlogs(8081)).containsExactly(5);
  }

  @Test
  void aClusterBacklogPolicyGovernsTheNamespacesItSelects(
      TestCluster cluster, TestNamespace namespace) {
    var pod = namespace.python("web", "", Programs.listen(8080));
    var policy =
        """
        apiVersion: listenbacklog.io/v1alpha1
        kind: ClusterBacklogPolicy
        metadata: {name: %s}
        spec:
          mode: Enforce
          minimum: 70
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}
        """
            .formatted(namespace.name(), namespace.name());
    cluster.kubectlCommand("apply", "-f", "-").reading(policy).succeed();
    try {
      cluster.kubectl(
          "wait",
          "--for=condition=Compliant",
          "--timeout=30s",
          "clusterbacklogpolicy/" + namespace.name());
      assertThat(pod.backlogs(8080)).containsExactly(70);
    } finally {
      cluster.kubectl("delete", "clusterbacklogpolicy", namespace.name());
    }
    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(5));
  }

  @Test
  void eachPartOwnsWhatItAppliesAndNothingElse(TestCluster cluster, TestNamespace namespace) {
    var pod = namespace.python("web", "", Programs.listen(8080));
    namespace.fulfilledPolicy("web", "{mode: Enforce, minimum: 64}");

    var policies =
        cluster.client().genericKubernetesResources("listenbacklog.io/v1alpha1", "BacklogPolicy");
    var policy = policies.inNamespace(namespace.name()).withName("web").get();
    assertThat(policy.getMetadata().getManagedFields())
        .extracting(PoliciesIT::owner)
        .containsExactlyInAnyOrder(
            "kubectl-client-side-apply Update spec", "listenbacklog.io Apply status");
    var nodes =
        cluster.client().genericKubernetesResources("listenbacklog.io/v1alpha1", "NodeBacklog");
    assertThat(nodes.withName(pod.node()).get().getMetadata().getManagedFields())
        .extracting(PoliciesIT::owner)
        .containsExactlyInAnyOrder(
            "listenbacklog.io Apply spec", "listenbacklog.io-probe Apply status");

    cluster.kubectl("label", "nodebacklog", pod.node(), "who=user");
    namespace.fulfilledPolicy("web", "{mode: Enforce, minimum: 65}");
    assertThat(nodes.withName(pod.node()).get().getMetadata().getLabels())
        .containsEntry("who", "user");
    cluster.kubectl("label", "nodebacklog", pod.node(), "who-");
  }

  private static String owner(ManagedFieldsEntry entry) {
    return "%s %s %s"
        .formatted(
            entry.getManager(),
            entry.getOperation(),
            entry.getSubresource() == null ? "spec" : entry.getSubresource());
  }
}
