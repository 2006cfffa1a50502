package io.listenbacklog.controller.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.BacklogPolicySpec;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.api.ClusterBacklogPolicySpec;
import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.Loopback;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PolicyCounts;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.controller.cluster.json.NamespaceView;
import io.listenbacklog.controller.cluster.json.NodeView;
import io.listenbacklog.controller.cluster.json.PodView;
import io.listenbacklog.controller.cluster.json.SlimPod;
import io.listenbacklog.controller.kube.KubernetesClients;
import io.listenbacklog.policy.event.Ticking;
import io.listenbacklog.policy.resolve.KubeletProbes;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.resolve.SomePod;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterTest {
  private final Heard heard = new Heard();
  private final Ticking clock = new Ticking(Instant.parse("2026-11-22T12:00:00Z"));
  private final Cluster cluster =
      new Cluster(Limits.DEFAULT, new ProbePods("operator"), heard, clock);

  @Test
  void whatAPolicyAsksForReachesTheNodesOfItsPods() {
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    put(pod("shop", "db-1", "node-2", Map.of("app", "db")));
    put(policy("shop", "api", 1, 64));
    cluster.open();

    assertThat(podsIn("node-1")).containsExactly("shop/api-1");
    assertThat(podsIn("node-2")).isEmpty();
    assertThat(cluster.nodesOf("uid-api")).extracting(NodeState::node).containsExactly("node-1");
  }

  @Test
  void whatTheLimitsCutIsReported() {
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    put(policy("shop", "api", 1, 8192));
    cluster.open();

    assertThat(heard.all).contains("report node-1");
    assertThat(cluster.node("node-1").resolution().spec().requirements())
        .extracting(NodeRequirement::minimum)
        .containsExactly(4096);
  }

  @Test
  void nothingIsAskedForBeforeEverythingHasBeenRead() {
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    put(policy("shop", "api", 1, 64));

    assertThat(heard.all).isEmpty();
    assertThat(cluster.isOpen()).isFalse();
  }

  @Test
  void aPolicyTouchesOnlyTheNodesThatHaveItsPods() {
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    put(pod("shop", "db-1", "node-2", Map.of("app", "db")));
    put(pod("bank", "api-1", "node-3", Map.of("app", "api")));
    cluster.open();

    heard.clear();
    put(policy("shop", "api", 1, 64));

    assertThat(heard.all).containsExactlyInAnyOrder("node node-1", "policy shop/api");
  }

  @Test
  void aPolicyThatTurnsToOtherPodsTouchesTheNodesOfBoth() {
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    put(pod("shop", "db-1", "node-2", Map.of("app", "db")));
    put(pod("shop", "x-1", "node-3", Map.of("app", "x")));
    put(policy("shop", "api", 1, 64));
    cluster.open();
    heard.clear();

    put(policy("shop", "api", "db", 2, 64));

    assertThat(heard.all)
        .containsExactlyInAnyOrder("node node-1", "node node-2", "policy shop/api");
    assertThat(podsIn("node-1")).isEmpty();
    assertThat(podsIn("node-2")).containsExactly("shop/db-1");
  }

  @Test
  void aPolicysStatusOrItsMetadataTouchNothing() {
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    put(policy("shop", "api", 1, 64));
    cluster.open();
    heard.clear();

    var again = policy("shop", "api", 1, 64);
    again.getMetadata().setResourceVersion("99");
    put(again);

    assertThat(heard.all).isEmpty();
  }

  @Test
  void aDeletedPolicyFreesItsPods() {
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    put(policy("shop", "api", 1, 64));
    cluster.open();
    heard.clear();

    cluster.policies().remove("shop/api");

    assertThat(heard.all).containsExactly("node node-1");
    assertThat(podsIn("node-1")).isEmpty();
  }

  @Test
  void theNextPolicyIsToldWhenItComesToGovern() {
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    put(policy("shop", "api", 1, 64));
    put(clusterPolicy("all", 32));
    cluster.open();
    heard.clear();

    cluster.policies().remove("shop/api");
    assertThat(podsIn("node-1")).containsExactly("shop/api-1");

    assertThat(heard.all).contains("policy all");
    assertThat(cluster.nodesOf("uid-all").getFirst().resolution().governance().get("uid-all"))
        .satisfies(governance -> assertThat(governance.governed()).isEqualTo(1));
  }

  @Test
  void aPodThatOnlyBecameReadyTouchesNothing() {
    SlimPod pod = pod("shop", "api-1", "node-1", Map.of("app", "api"));
    put(pod);
    put(policy("shop", "api", 1, 64));
    cluster.open();
    heard.clear();

    put(new SlimPod(pod.facts(), "2", true));

    assertThat(heard.all).isEmpty();
  }

  /** Restarts decide nothing; what is told of them is told with the next Event. */
  @Test
  void aContainerThatWasRestartedTouchesNothingAndIsKnown() {
    SlimPod pod = pod("shop", "api-1", "node-1", Map.of("app", "api"));
    put(pod);
    put(policy("shop", "api", 1, 64));
    cluster.open();
    heard.clear();
    var restarted =
        KubeletProbes.of(
            List.of(new KubeletProbes.Probe("api", KubeletProbes.Kind.LIVENESS, 80, false)),
            Map.of("api", 3));

    put(new SlimPod(pod.facts().withProbes(restarted), "2", true));

    assertThat(heard.all).isEmpty();
    assertThat(cluster.pod("node-1", pod.facts().reference()))
        .hasValueSatisfying(it -> assertThat(it.probes()).isEqualTo(restarted));
    assertThat(podsIn("node-1")).containsExactly("shop/api-1");
  }

  @Test
  void aPodThatIsScheduledTouchesItsNodeAndThenItsPolicy() {
    put(pod("shop", "api-1", null, Map.of("app", "api")));
    put(policy("shop", "api", 1, 64));
    cluster.open();
    heard.clear();

    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    assertThat(heard.all).containsExactly("node node-1");
    assertThat(podsIn("node-1")).containsExactly("shop/api-1");

    assertThat(heard.all).containsExactly("node node-1", "policy shop/api");
  }

  /**
   * A ReplicaSet whose pods a kubelet refuses (SysctlForbidden) makes another for each that failed,
   * without end. The informer leaves them out; those that it lets go late are nothing too.
   */
  @Test
  void thousandsOfFailedPodsAreNeitherGovernedNorCounted() {
    put(pod("shop", "api-ok", "node-1", Map.of("app", "api")));
    put(policy("shop", "api", 1, 64));
    cluster.open();
    heard.clear();

    for (int i = 0; i < 2_000; i++) put(failed("shop", "api-" + i, "node-1", Map.of("app", "api")));

    assertThat(podsIn("node-1")).containsExactly("shop/api-ok");
    assertThat(heard.all).doesNotContain("policy shop/api");
  }

  @Test
  void aPodThatIsGoneIsForgotten() {
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    put(policy("shop", "api", 1, 64));
    cluster.open();

    cluster.pods().remove("shop/api-1");

    assertThat(podsIn("node-1")).isEmpty();
    assertThat(cluster.nodesOf("uid-api")).isEmpty();
  }

  @Test
  void aNamespaceThatAClusterPolicyComesToSelectTouchesTheNodesOfItsPods() {
    put(namespace("shop", "{}"));
    put(namespace("bank", "{}"));
    put(pod("shop", "api-1", "node-1", Map.of()));
    put(pod("bank", "api-1", "node-2", Map.of()));
    put(clusterPolicy("all", "team", "sales", 32));
    cluster.open();
    assertThat(podsIn("node-1")).isEmpty();
    heard.clear();

    put(namespace("shop", "{\"team\": \"sales\"}"));

    assertThat(heard.all).containsExactly("node node-1");
    assertThat(podsIn("node-1")).containsExactly("shop/api-1");
  }

  @Test
  void aNodeBacklogWithoutASpecHasNoRequirements() {
    cluster.open();
    var backlog = new NodeBacklog();
    backlog.setMetadata(
        new ObjectMetaBuilder().withName("node-1").withUid("n").withGeneration(1L).build());

    put(backlog);
    put(backlog("node-1", 2, new NodeBacklogSpec(List.of()), null));

    assertThat(cluster.node("node-1").backlog()).isNotNull();
  }

  @Test
  void aProbeThatGoesTouchesThePoliciesOfItsNode() {
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    put(policy("shop", "api", 1, 64));
    put(readyProbe("node-1"));
    cluster.open();
    heard.clear();

    cluster.pods().remove("operator/probe-node-1");

    assertThat(heard.all).contains("policy shop/api");
    assertThat(cluster.node("node-1").probeReady()).isFalse();
  }

  @Test
  void anybodyCanCallAPodAProbeButOnlyInTheOperatorsNamespaceIsItOne() {
    SlimPod probe = readyProbe("node-1");
    put(new SlimPod(pod("shop", "fake", "node-1", probe.facts().labels()).facts(), "1", true));
    cluster.open();

    assertThat(cluster.node("node-1").probeReady()).isFalse();
  }

  @Test
  void aNodeBacklogThatSomebodyDeletedOrChangedTouchesItsNode() {
    put(backlog("node-1", 1, new NodeBacklogSpec(List.of()), null));
    cluster.open();
    heard.clear();

    cluster.backlogs().remove("node-1");

    assertThat(heard.all).containsExactly("node node-1", "report node-1");
  }

  @Test
  void aReportOfAProbeTouchesPoliciesAndReportsButNotTheNode() {
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    put(policy("shop", "api", 1, 64));
    put(backlog("node-1", 1, new NodeBacklogSpec(List.of()), null));
    cluster.open();
    heard.clear();

    put(backlog("node-1", 1, new NodeBacklogSpec(List.of()), 1L));

    assertThat(heard.all).containsExactlyInAnyOrder("policy shop/api", "report node-1");
  }

  @Test
  void anOlderSpecThatArrivesLateDoesNotReplaceWhatWasJustWritten() {
    var written = backlog("node-1", 2, new NodeBacklogSpec(List.of()), null);
    put(backlog("node-1", 1, new NodeBacklogSpec(List.of()), null));
    cluster.open();
    cluster.wrote(written);

    put(backlog("node-1", 1, new NodeBacklogSpec(List.of()), 1L));

    assertThat(cluster.node("node-1").backlog()).isSameAs(written);
  }

  @Test
  void anAnswerThatTheInformerHasOvertakenDoesNotTakeTheProbesStatusBack() {
    var spec = new NodeBacklogSpec(List.of());
    var reported = backlog("node-1", 2, spec, 2L);
    put(backlog("node-1", 1, spec, 1L));
    cluster.open();
    put(reported);

    cluster.wrote(backlog("node-1", 2, spec, 1L));

    assertThat(cluster.node("node-1").backlog()).isSameAs(reported);
  }

  @Test
  void ofOneNamespaceTheOldestPoliciesHoldAndTheNextOnesWhenTheseAreGone() {
    int most = PolicyFacts.MOST_OF_A_NAMESPACE;
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    put(pod("shop", "db-1", "node-2", Map.of("app", "db")));
    for (int i = 0; i < most; i++) put(policy("shop", "p-%04d".formatted(i), "nobody", 1, 64));
    cluster.open();

    put(policy("shop", "q-0001", "api", 1, 64)); // as old, later by name
    put(policy("shop", "q-0002", "db", 1, 64));
    assertThat(cluster.isTooMany("uid-q-0001")).isTrue();
    assertThat(podsIn("node-1")).isEmpty();
    heard.clear();

    cluster.policies().remove("shop/p-0000");

    assertThat(cluster.isTooMany("uid-q-0001")).isFalse();
    assertThat(cluster.isTooMany("uid-q-0002")).isTrue();
    assertThat(heard.all).containsExactlyInAnyOrder("node node-1", "policy shop/q-0001");
    assertThat(podsIn("node-1")).containsExactly("shop/api-1");
    assertThat(podsIn("node-2")).isEmpty();
  }

  @Test
  void anOlderPolicyTakesThePlaceOfTheYoungestThatHeld() {
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    for (int i = 1; i < PolicyFacts.MOST_OF_A_NAMESPACE; i++) {
      put(policy("shop", "p-%04d".formatted(i), "nobody", 1, 64));
    }
    put(policy("shop", "z-last", "api", 1, 64));
    cluster.open();
    assertThat(podsIn("node-1")).containsExactly("shop/api-1");
    heard.clear();

    put(policy("shop", "a-first", "nobody", 1, 64));

    assertThat(heard.all).contains("node node-1", "policy shop/z-last");
    assertThat(podsIn("node-1")).isEmpty();
    assertThat(cluster.isTooMany("uid-z-last")).isTrue();
  }

  @Test
  void thousandsOfPoliciesOfOneNamespaceCostAnotherLittle() {
    for (int i = 0; i < 100; i++) {
      put(pod("shop", "api-" + i, "node-1", Map.of("app", "api")));
    }
    put(pod("bank", "vault", "node-1", Map.of("app", "vault")));
    for (int i = 0; i < 3_000; i++) put(policy("shop", "p-%04d".formatted(i), "api", 1, 64));
    put(policy("bank", "vault", 1, 32));
    cluster.open();

    assertTimeout(
        Duration.ofSeconds(10),
        () -> {
          for (int i = 0; i < 20; i++) {
            put(pod("shop", "api-0", "node-1", Map.of("app", "api", "try", "" + i)));
            assertThat(podsIn("node-1")).hasSize(101);
          }
        });
    assertThat(cluster.node("node-1").resolution().governance())
        .hasSize(PolicyFacts.MOST_OF_A_NAMESPACE + 1);
  }

  @Test
  void aPodOnANodeThatNeverWasKeepsNoPolicyFromBeingObserved() {
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    put(pod("shop", "api-2", "no-such-node", Map.of("app", "api")));
    put(policy("shop", "api", 1, 64));
    cluster.nodes().put("node-1", node("node-1"));
    cluster.open();

    assertThat(cluster.nodesOf("uid-api")).extracting(NodeState::node).containsExactly("node-1");
    heard.clear();

    cluster.nodes().put("no-such-node", node("no-such-node"));

    assertThat(heard.all).containsExactly("policy shop/api");
    assertThat(cluster.nodesOf("uid-api")).hasSize(2);
  }

  @Test
  void whatANodeReportsOfOnePolicyTouchesNoOther() {
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    put(pod("shop", "db-1", "node-1", Map.of("app", "db")));
    put(policy("shop", "api", 1, 64));
    put(policy("shop", "db", 1, 64));
    put(reporting(1));
    cluster.open();
    heard.clear();

    put(reporting(2));

    assertThat(heard.all).containsExactlyInAnyOrder("policy shop/api", "report node-1");
  }

  @Test
  void howLongANodeLacksItsProbeIsCountedForEachNode() {
    withGovernedPod("node-1");
    withGovernedPod("node-2");
    put(readyProbe("node-1"));
    put(readyProbe("node-2"));
    cluster.open();
    assertThat(cluster.nodesWithoutProbe()).isZero();
    assertThat(cluster.longestWithoutProbe()).isZero();

    // An upgrade takes one after the other: never is there none that lacks it.
    cluster.pods().remove("operator/probe-node-1");
    clock.pass(Duration.ofSeconds(200));
    cluster.pods().remove("operator/probe-node-2");
    put(readyProbe("node-1"));
    clock.pass(Duration.ofSeconds(200));

    assertThat(cluster.nodesWithoutProbe()).isEqualTo(1);
    assertThat(cluster.longestWithoutProbe()).isEqualTo(Duration.ofSeconds(200));
  }

  @Test
  void aNodeThatIsReportedOfOrAskedMoreOfLacksItsProbeAsLongAsBefore() {
    withGovernedPod("node-1");
    cluster.open();
    clock.pass(Duration.ofSeconds(100));

    put(backlog("node-1", 2, cluster.node("node-1").resolution().spec(), 1L));
    clock.pass(Duration.ofSeconds(100));

    assertThat(cluster.longestWithoutProbe()).isEqualTo(Duration.ofSeconds(200));
  }

  @Test
  void aNodeThatIsGoneOrHasNoGovernedPodLacksNoProbe() {
    withGovernedPod("node-1");
    withGovernedPod("node-2");
    put(backlog("node-3", 1, new NodeBacklogSpec(List.of()), null));
    cluster.open();
    assertThat(cluster.nodesWithoutProbe()).isEqualTo(2);

    cluster.backlogs().remove("node-1");
    put(backlog("node-2", 2, new NodeBacklogSpec(List.of()), null));

    assertThat(cluster.nodesWithoutProbe()).isZero();
    assertThat(cluster.longestWithoutProbe()).isZero();
  }

  /** Such as one of EKS Fargate: nobody is to be called for what cannot be had. */
  @Test
  void aNodeWithoutDaemonsLacksNoProbe() {
    withGovernedPod("node-1");
    withGovernedPod("fargate-1");
    cluster.nodes().put("node-1", node("node-1", "kubernetes.io/os", "linux"));
    cluster.open();
    assertThat(cluster.nodesWithoutProbe()).isEqualTo(2);

    cluster
        .nodes()
        .put("fargate-1", node("fargate-1", "eks.amazonaws.com/compute-type", "fargate"));

    assertThat(cluster.nodesWithoutProbe()).isEqualTo(1);
  }

  private void withGovernedPod(String node) {
    put(pod("shop", "api-" + node, node, Map.of("app", "api")));
    put(policy("shop", "api", 1, 64));
    put(backlog(node, 1, cluster.node(node).resolution().spec(), null));
  }

  @Test
  void podsOfANodeOfAnotherOperatingSystemAreNotGoverned() {
    put(pod("shop", "api-1", "node-1", Map.of("app", "api")));
    put(pod("shop", "api-2", "windows-1", Map.of("app", "api")));
    put(policy("shop", "api", 1, 64));
    cluster.nodes().put("node-1", node("node-1", "kubernetes.io/os", "linux"));
    cluster.nodes().put("windows-1", node("windows-1", "kubernetes.io/os", "windows"));
    cluster.open();

    assertThat(podsIn("windows-1")).isEmpty();
    assertThat(cluster.nodesOf("uid-api")).extracting(NodeState::node).containsExactly("node-1");
  }

  @Test
  void aNodeOfAnotherOperatingSystemThatIsSeenAfterItsPodsTakesThemBack() {
    put(pod("shop", "api-1", "windows-1", Map.of("app", "api")));
    put(policy("shop", "api", 1, 64));
    cluster.open();
    assertThat(podsIn("windows-1")).containsExactly("shop/api-1");
    heard.clear();

    cluster.nodes().put("windows-1", node("windows-1", "kubernetes.io/os", "windows"));

    assertThat(heard.all).contains("node windows-1", "policy shop/api");
    assertThat(podsIn("windows-1")).isEmpty();
  }

  /** That some listeners of shop/api's pods are too small. */
  private static NodeBacklog reporting(int undersized) {
    var reference = new PolicyReference("BacklogPolicy", "shop", "api", "uid-api", 1);
    var counts =
        new PolicyCounts(reference, 1, new ListenerCounts(9, undersized, 0, 0, 0, 0, 0, 0));
    var backlog = backlog("node-1", 1, new NodeBacklogSpec(List.of()), null);
    backlog.setStatus(
        new NodeBacklogStatus(
            1L, "boot", List.of(), List.of(counts), List.of(), List.of(), List.of()));
    return backlog;
  }

  private static NodeView node(String name, String label, String value) {
    return KubernetesClients.serialization()
        .unmarshal(
            """
            {"apiVersion": "v1", "kind": "Node",
             "metadata": {"name": "%s", "uid": "u", "labels": {"%s": "%s"}}}
            """
                .formatted(name, label, value),
            NodeView.class);
  }

  private static NodeView node(String name) {
    return KubernetesClients.serialization()
        .unmarshal(
            "{\"apiVersion\": \"v1\", \"kind\": \"Node\", \"metadata\": {\"name\": \"%s\", \"uid\": \"u\"}}"
                .formatted(name),
            NodeView.class);
  }

  private List<String> podsIn(String node) {
    return cluster.node(node).resolution().spec().requirements().stream()
        .flatMap(requirement -> requirement.pods().stream())
        .map((NodePod pod) -> pod.namespace() + "/" + pod.name())
        .toList();
  }

  private void put(SlimPod pod) {
    cluster.pods().put(pod.facts().namespace() + "/" + pod.facts().name(), new PodView(pod));
  }

  private void put(NamespaceView namespace) {
    cluster.namespaces().put(namespace.getMetadata().getName(), namespace);
  }

  private void put(BacklogPolicy policy) {
    var metadata = policy.getMetadata();
    cluster.policies().put(metadata.getNamespace() + "/" + metadata.getName(), policy);
  }

  private void put(ClusterBacklogPolicy policy) {
    cluster.clusterPolicies().put(policy.getMetadata().getName(), policy);
  }

  private void put(NodeBacklog backlog) {
    cluster.backlogs().put(backlog.getMetadata().getName(), backlog);
  }

  private static SlimPod pod(
      String namespace, String name, @Nullable String node, Map<String, String> labels) {
    var facts =
        new SomePod("uid-" + namespace + "-" + name, namespace, name, node)
            .labelled(labels)
            .facts();
    return new SlimPod(facts, "1", false);
  }

  private static SlimPod failed(
      String namespace, String name, String node, Map<String, String> labels) {
    var facts =
        new SomePod("uid-" + namespace + "-" + name, namespace, name, node)
            .labelled(labels)
            .asFinished()
            .facts();
    return new SlimPod(facts, "1", false);
  }

  private static SlimPod readyProbe(String node) {
    var labels = Map.of(ProbePods.COMPONENT, ProbePods.PROBE);
    return new SlimPod(pod("operator", "probe-" + node, node, labels).facts(), "1", true);
  }

  private static NamespaceView namespace(String name, String labels) {
    return KubernetesClients.serialization()
        .unmarshal(
            "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"%s\", \"labels\": %s}}"
                .formatted(name, labels),
            NamespaceView.class);
  }

  private static BacklogPolicy policy(String namespace, String app, long generation, int minimum) {
    return policy(namespace, app, app, generation, minimum);
  }

  private static BacklogPolicy policy(
      String namespace, String name, String app, long generation, int minimum) {
    var policy = new BacklogPolicy();
    policy.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(name)
            .withUid("uid-" + name)
            .withGeneration(generation)
            .withCreationTimestamp("2026-11-22T10:00:00Z")
            .build());
    policy.setSpec(
        new BacklogPolicySpec(
            Mode.OBSERVE,
            0,
            new LabelSelectorBuilder().addToMatchLabels("app", app).build(),
            minimum,
            null,
            List.of(),
            Loopback.GOVERN,
            UnixListeners.OBSERVE,
            List.of(Remedy.SYSCTL, Remedy.RELISTEN),
            null,
            null,
            OnDelete.RESTORE));
    return policy;
  }

  private static ClusterBacklogPolicy clusterPolicy(String name, int minimum) {
    return clusterPolicy(name, null, null, minimum);
  }

  private static ClusterBacklogPolicy clusterPolicy(
      String name, @Nullable String label, @Nullable String value, int minimum) {
    var selector =
        label == null ? null : new LabelSelectorBuilder().addToMatchLabels(label, value).build();
    var policy = new ClusterBacklogPolicy();
    policy.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withUid("uid-" + name)
            .withGeneration(1L)
            .withCreationTimestamp("2026-11-22T10:00:00Z")
            .build());
    policy.setSpec(
        new ClusterBacklogPolicySpec(
            selector,
            Mode.OBSERVE,
            0,
            null,
            minimum,
            null,
            List.of(),
            Loopback.GOVERN,
            UnixListeners.OBSERVE,
            List.of(Remedy.SYSCTL, Remedy.RELISTEN),
            null,
            null,
            OnDelete.RESTORE,
            false));
    return policy;
  }

  private static NodeBacklog backlog(
      String node, long generation, NodeBacklogSpec spec, @Nullable Long observed) {
    var backlog = new NodeBacklog();
    backlog.setMetadata(
        new ObjectMetaBuilder()
            .withName(node)
            .withUid("uid-" + node)
            .withGeneration(generation)
            .build());
    backlog.setSpec(spec);
    if (observed != null) {
      backlog.setStatus(
          new NodeBacklogStatus(
              observed, "boot", List.of(), List.of(), List.of(), List.of(), List.of()));
    }
    return backlog;
  }

  /** What was heard, in order. */
  private static final class Heard implements ClusterListener {
    private final List<String> all = new ArrayList<>();

    @Override
    public void node(String name) {
      all.add("node " + name);
    }

    @Override
    public void policy(PolicyKey key) {
      all.add("policy " + (key.namespace() == null ? "" : key.namespace() + "/") + key.name());
    }

    @Override
    public void report(String node) {
      all.add("report " + node);
    }

    void clear() {
      all.clear();
    }
  }
}
