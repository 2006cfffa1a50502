package io.listenbacklog.policy.golden;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.CustomResource;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.BacklogPolicyStatus;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.event.EventPlanner;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.policy.resolve.KubeletProbes;
import io.listenbacklog.policy.resolve.NodeResolution;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.status.NodeFacts;
import io.listenbacklog.policy.status.PolicyStatuses;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What people read of the objects of a case. */
record ReportedCase(GoldenCase golden, ResolvedCase resolved) {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Explanations TEXTS = new Explanations(Catalogue.standard());

  /** By kind and name of the policy, with a dash between. */
  Map<String, BacklogPolicyStatus> statuses() {
    var statuses = new TreeMap<String, BacklogPolicyStatus>();
    for (PolicyFacts policy : resolved.policies()) {
      statuses.put(
          policy.reference().kind() + "-" + policy.reference().name(),
          new PolicyStatuses(TEXTS)
              .of(policy, resolved.governance(policy), nodes(), previous(policy), NOW));
    }
    return statuses;
  }

  private @Nullable BacklogPolicyStatus previous(PolicyFacts policy) {
    return Stream.concat(golden.of(BacklogPolicy.class), golden.of(ClusterBacklogPolicy.class))
        .filter(each -> each.getMetadata().getUid().equals(policy.reference().uid()))
        .map(CustomResource::getStatus)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private Map<String, NodeFacts> nodes() {
    var nodes = new TreeMap<String, NodeFacts>();
    golden
        .of(NodeBacklog.class)
        .forEach(
            node -> {
              String name = node.getMetadata().getName();
              nodes.put(name, NodeFacts.of(withSpec(node), isProbeReady(name)));
            });
    return nodes;
  }

  /** A NodeBacklog without spec has what the controller would have written. */
  private NodeBacklog withSpec(NodeBacklog node) {
    NodeResolution resolution = resolved.nodes().get(node.getMetadata().getName());
    if (node.getSpec() == null && resolution != null) node.setSpec(resolution.spec());
    return node;
  }

  /** Where a case has no probe's pod for the node, there is one, and it is ready. */
  private boolean isProbeReady(String node) {
    return golden
        .of(Pod.class)
        .filter(Pods::isProbe)
        .filter(pod -> node.equals(pod.getSpec().getNodeName()))
        .allMatch(Pods::isReady);
  }

  /** Each Event as a paragraph. */
  String eventsAsText() {
    var occurrences = new EventPlanner(TEXTS);
    return Stream.of(
            golden
                .of(NodeBacklog.class)
                .filter(node -> node.getStatus() != null)
                .flatMap(
                    node ->
                        occurrences
                            .of(
                                requireNonNull(node.getStatus()),
                                this::annotated,
                                this::probes,
                                NOW)
                            .stream()),
            resolved.nodes().values().stream()
                .flatMap(node -> node.problems().stream())
                .flatMap(pod -> occurrences.of(pod, NOW).stream()),
            resolved.nodes().values().stream()
                .flatMap(node -> node.clamps().stream())
                .flatMap(pod -> occurrences.of(pod, NOW).stream()))
        .flatMap(events -> events)
        .map(ReportedCase::asText)
        .collect(Collectors.joining("\n"));
  }

  private KubeletProbes probes(PodReference pod) {
    return golden
        .of(Pod.class)
        .map(PodFacts::of)
        .filter(each -> each.reference().equals(pod))
        .map(PodFacts::probes)
        .findFirst()
        .orElse(KubeletProbes.NONE);
  }

  private boolean annotated(PodReference pod) {
    return golden
        .of(Pod.class)
        .map(PodFacts::of)
        .anyMatch(each -> each.reference().equals(pod) && each.asksByAnnotation());
  }

  private static String asText(EventDraft event) {
    return """
        %s %s (%s) on %s at %s%s
        %s
        %s
        """
        .formatted(
            event.type(),
            event.reason(),
            event.action(),
            event.regarding().path(),
            event.at(),
            event.series() == null ? "" : ", seen " + event.series().count() + " times",
            event.eventName(),
            event.note());
  }
}
