package io.listenbacklog.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.BacklogPolicySpec;
import io.listenbacklog.api.BacklogPolicyStatus;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.api.ClusterBacklogPolicySpec;
import io.listenbacklog.api.Condition;
import io.listenbacklog.api.ConditionTypes;
import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.Loopback;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PolicyCounts;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.ProbePods;
import io.listenbacklog.controller.cluster.Unheard;
import io.listenbacklog.controller.cluster.json.PodView;
import io.listenbacklog.controller.cluster.json.SlimPod;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.resolve.SomePod;
import io.listenbacklog.policy.resolve.limit.Limits;
import io.listenbacklog.policy.status.PolicyStatuses;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyStatusUpdateTest {
  private final Cluster cluster =
      new Cluster(Limits.DEFAULT, new ProbePods("operator"), new Unheard());
  private final PolicyStatusUpdate judgement =
      new PolicyStatusUpdate(
          cluster,
          new PolicyStatuses(new Explanations(Catalogue.standard())),
          _ -> null,
          Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC));

  @Test
  void aPolicyIsCompliantOnceTheProbeHasSeenToWhatItAsksFor() {
    world(policy(1, 64));
    probeReports(1);

    assertThat(conditions(policy(1, 64)))
        .containsEntry(ConditionTypes.OBSERVED, "True")
        .containsEntry(ConditionTypes.COMPLIANT, "True");
  }

  @Test
  void aVerdictOnWhatAPolicyAskedForBeforeIsNoVerdictOnWhatItAsksForNow() {
    world(policy(1, 64));
    probeReports(1);

    // The NodeBacklog is not written yet: it and its probe still agree on the generation before.
    put(policy(2, 128));

    assertThat(conditions(policy(2, 128)))
        .containsEntry(ConditionTypes.OBSERVED, "Unknown")
        .containsEntry(ConditionTypes.COMPLIANT, "Unknown");
  }

  @Test
  void withoutAProbeNothingIsKnown() {
    world(policy(1, 64));
    probeReports(1);

    cluster.pods().remove("operator/probe-1");

    assertThat(conditions(policy(1, 64)))
        .containsEntry(ConditionTypes.OBSERVED, "False")
        .containsEntry(ConditionTypes.COMPLIANT, "Unknown");
  }

  @Test
  void aStatusThatIsAsItShouldBeIsNotWritten() {
    world(policy(1, 64));
    probeReports(1);
    BacklogPolicyStatus status = judge(policy(1, 64), null);

    assertThat(judgement.changed(PolicyFacts.of(policy(1, 64)), status)).isEmpty();
  }

  @Test
  void beforeEverythingIsReadNothingIsWrittenButThePolicyIsLookedAtAgain() {
    var control = reconcile(policy(1, 64));

    assertThat(control.isNoUpdate()).isTrue();
    assertThat(control.getScheduleDelay()).contains(200L);
  }

  @Test
  void whatIsWrittenIsTheStatusAndWhoseItIs() {
    world(policy(1, 64));
    probeReports(1);

    var control = reconcile(policy(1, 64));

    assertThat(control.isPatchStatus()).isTrue();
    BacklogPolicy written = control.getResource().orElseThrow();
    assertThat(written.getMetadata())
        .isEqualTo(new ObjectMetaBuilder().withNamespace("shop").withName("all").build());
    assertThat(written.getSpec()).isNull();
    assertThat(written.getStatus()).isEqualTo(judge(policy(1, 64), null));
  }

  @Test
  void whatIsWrittenOfAClusterPolicyHasNoNamespace() {
    var policy = new ClusterBacklogPolicy();
    policy.setMetadata(
        new ObjectMetaBuilder(policy(1, 64).getMetadata())
            .withNamespace(null)
            .withName("baseline")
            .build());
    policy.setSpec(
        new KubernetesSerialization().unmarshal("minimum: 64", ClusterBacklogPolicySpec.class));
    cluster.open();

    var control = judgement.reconcile(policy, PolicyFacts.of(policy), ClusterBacklogPolicy::new);

    assertThat(control.getResource().orElseThrow().getMetadata())
        .isEqualTo(new ObjectMetaBuilder().withName("baseline").build());
  }

  private UpdateControl<BacklogPolicy> reconcile(BacklogPolicy policy) {
    return judgement.reconcile(policy, PolicyFacts.of(policy), BacklogPolicy::new);
  }

  private BacklogPolicyStatus judge(BacklogPolicy policy, @Nullable BacklogPolicyStatus previous) {
    return judgement.changed(PolicyFacts.of(policy), previous).orElseThrow();
  }

  private Map<String, String> conditions(BacklogPolicy policy) {
    return judge(policy, null).conditions().stream()
        .collect(Collectors.toMap(Condition::type, Condition::status));
  }

  private void world(BacklogPolicy policy) {
    put(pod("shop", "api-1", Map.of()));
    put(pod("operator", "probe-1", Map.of(ProbePods.COMPONENT, ProbePods.PROBE)));
    put(policy);
    cluster.open();
  }

  /** The requirements of node-1 are written, and its probe is through with them. */
  private void probeReports(long generation) {
    NodeBacklogSpec spec = cluster.node("node-1").resolution().spec();
    var counts =
        new PolicyCounts(
            PolicyFacts.of(policy(generation, 64)).reference(),
            1,
            new ListenerCounts(1, 0, 1, 0, 0, 0, 0, 0));
    var backlog = new NodeBacklog();
    backlog.setMetadata(
        new ObjectMetaBuilder()
            .withName("node-1")
            .withUid("uid-node-1")
            .withGeneration(generation)
            .build());
    backlog.setSpec(spec);
    backlog.setStatus(
        new NodeBacklogStatus(
            generation, "boot", List.of(), List.of(counts), List.of(), List.of(), List.of()));
    cluster.backlogs().put("node-1", backlog);
  }

  private void put(SlimPod pod) {
    cluster.pods().put(pod.facts().namespace() + "/" + pod.facts().name(), new PodView(pod));
  }

  private void put(BacklogPolicy policy) {
    cluster.policies().put("shop/all", policy);
  }

  private static SlimPod pod(String namespace, String name, Map<String, String> labels) {
    var facts = new SomePod("uid-" + name, namespace, name, "node-1").labelled(labels).facts();
    return new SlimPod(facts, "1", true);
  }

  private static BacklogPolicy policy(long generation, int minimum) {
    var policy = new BacklogPolicy();
    policy.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("shop")
            .withName("all")
            .withUid("uid-all")
            .withGeneration(generation)
            .withCreationTimestamp("2026-11-22T10:00:00Z")
            .build());
    policy.setSpec(
        new BacklogPolicySpec(
            Mode.ENFORCE,
            0,
            null,
            minimum,
            null,
            List.of(),
            Loopback.GOVERN,
            UnixListeners.OBSERVE,
            List.of(Remedy.RELISTEN),
            null,
            null,
            OnDelete.RESTORE));
    return policy;
  }
}
