package io.listenbacklog.controller.reconcile;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.policy.resolve.PolicyFacts;
import java.util.List;

/** Keeps the status of each ClusterBacklogPolicy. */
@ControllerConfiguration(name = "clusterbacklogpolicy", fieldManager = ApiGroup.CONTROLLER)
public final class ClusterBacklogPolicyReconciler implements Reconciler<ClusterBacklogPolicy> {
  private final PolicyStatusUpdate judgement;
  private final DebouncedEventSource<ClusterBacklogPolicy> touches;

  public ClusterBacklogPolicyReconciler(
      PolicyStatusUpdate judgement, DebouncedEventSource<ClusterBacklogPolicy> touches) {
    this.judgement = judgement;
    this.touches = touches;
  }

  @Override
  public List<EventSource<?, ClusterBacklogPolicy>> prepareEventSources(
      EventSourceContext<ClusterBacklogPolicy> context) {
    return List.of(touches);
  }

  @Override
  public UpdateControl<ClusterBacklogPolicy> reconcile(
      ClusterBacklogPolicy policy, Context<ClusterBacklogPolicy> context) {
    return judgement.reconcile(policy, PolicyFacts.of(policy), ClusterBacklogPolicy::new);
  }
}
