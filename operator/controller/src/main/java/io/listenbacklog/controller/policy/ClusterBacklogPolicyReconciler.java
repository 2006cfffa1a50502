package io.listenbacklog.controller.policy;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.api.BacklogPolicyStatus;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.controller.Touches;
import io.listenbacklog.policy.resolve.PolicyFacts;
import java.time.Duration;
import java.util.List;

/** Keeps the status of each ClusterBacklogPolicy. */
@ControllerConfiguration(name = "clusterbacklogpolicy", fieldManager = ApiGroup.CONTROLLER)
public final class ClusterBacklogPolicyReconciler implements Reconciler<ClusterBacklogPolicy> {
  /** How soon to look again while the informers are still being filled. */
  private static final Duration NOT_YET = Duration.ofMillis(200);

  private final PolicyJudgement judgement;
  private final Touches<ClusterBacklogPolicy> touches;

  public ClusterBacklogPolicyReconciler(
      PolicyJudgement judgement, Touches<ClusterBacklogPolicy> touches) {
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
    if (!judgement.isPossible()) {
      return UpdateControl.<ClusterBacklogPolicy>noUpdate().rescheduleAfter(NOT_YET);
    }
    return judgement
        .changed(PolicyFacts.of(policy), policy.getStatus())
        .map(status -> UpdateControl.patchStatus(withStatus(policy, status)))
        .orElseGet(UpdateControl::noUpdate);
  }

  private static ClusterBacklogPolicy withStatus(
      ClusterBacklogPolicy policy, BacklogPolicyStatus status) {
    var fresh = new ClusterBacklogPolicy();
    fresh.setMetadata(new ObjectMetaBuilder().withName(policy.getMetadata().getName()).build());
    fresh.setStatus(status);
    return fresh;
  }
}
