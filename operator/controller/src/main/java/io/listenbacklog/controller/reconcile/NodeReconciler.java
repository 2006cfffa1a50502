package io.listenbacklog.controller.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.NodeState;
import io.listenbacklog.controller.cluster.json.NodeView;
import io.listenbacklog.controller.kube.ServerSideApply;
import io.listenbacklog.controller.telemetry.LogKeys;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a NodeBacklog for each Node that exists, also where no policy selects its pods: there its
 * probe reports its capabilities. A node that is not of Linux can have no probe and gets none.
 */
@ControllerConfiguration(name = "node")
public final class NodeReconciler implements Reconciler<NodeView> {
  /** How soon to reconcile again while the informers are not synced. */
  private static final Duration NOT_YET = Duration.ofMillis(200);

  private static final Logger log = LoggerFactory.getLogger(NodeReconciler.class);

  private final Cluster cluster;
  private final ServerSideApply writer;
  private final DebouncedEventSource<NodeView> touches;
  private final SpecPace pace;

  public NodeReconciler(
      Cluster cluster,
      ServerSideApply writer,
      DebouncedEventSource<NodeView> touches,
      SpecPace pace) {
    this.cluster = cluster;
    this.writer = writer;
    this.touches = touches;
    this.pace = pace;
  }

  @Override
  public List<EventSource<?, NodeView>> prepareEventSources(EventSourceContext<NodeView> context) {
    return List.of(touches);
  }

  @Override
  public UpdateControl<NodeView> reconcile(NodeView node, Context<NodeView> context) {
    if (!cluster.isOpen()) return UpdateControl.<NodeView>noUpdate().rescheduleAfter(NOT_YET);
    NodeState state = cluster.node(node.getMetadata().getName());
    if (state.backlog() == null && !node.isLinux()) return UpdateControl.noUpdate();
    if (isUpToDate(state, node)) return UpdateControl.noUpdate();
    NodeBacklogSpec spec = state.resolution().spec();
    Duration wait =
        pace.take(
            state.node(), ObjectSize.of(spec, state.backlog()), namespacesOfNewPods(state, spec));
    if (!wait.isZero()) return UpdateControl.<NodeView>noUpdate().rescheduleAfter(wait);
    cluster.wrote(writer.apply(backlogOf(node, spec)));
    log.atInfo()
        .addKeyValue(LogKeys.NODE, state.node())
        .addKeyValue(
            LogKeys.PODS, spec.requirements().stream().mapToInt(r -> r.pods().size()).sum())
        .log("wrote requirements");
    return UpdateControl.noUpdate();
  }

  /** Of the pods that are not in the node's NodeBacklog yet; the node's own where there is none. */
  private static Set<String> namespacesOfNewPods(NodeState state, NodeBacklogSpec spec) {
    NodeBacklog backlog = state.backlog();
    if (backlog == null) return Set.of(SpecPace.OF_NODE);
    var known = new HashSet<String>();
    for (NodeRequirement each : backlog.getSpec().requirements()) {
      each.pods().forEach(pod -> known.add(pod.uid()));
    }
    return spec.requirements().stream()
        .flatMap(each -> each.pods().stream())
        .filter(pod -> !known.contains(pod.uid()))
        .map(NodePod::namespace)
        .collect(Collectors.toSet());
  }

  private static boolean isUpToDate(NodeState state, NodeView node) {
    NodeBacklog backlog = state.backlog();
    return backlog != null
        && state.resolution().spec().equals(backlog.getSpec())
        && backlog.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner -> node.getMetadata().getUid().equals(owner.getUid()));
  }

  private static NodeBacklog backlogOf(NodeView node, NodeBacklogSpec spec) {
    var backlog = new NodeBacklog();
    backlog.setMetadata(
        new ObjectMetaBuilder()
            .withName(node.getMetadata().getName())
            .addNewOwnerReference()
            .withApiVersion("v1")
            .withKind("Node")
            .withName(node.getMetadata().getName())
            .withUid(node.getMetadata().getUid())
            .endOwnerReference()
            .build());
    backlog.setSpec(spec);
    return backlog;
  }
}
