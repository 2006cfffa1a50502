package io.listenbacklog.controller.policy;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.BacklogPolicyStatus;
import io.listenbacklog.controller.Touches;
import io.listenbacklog.policy.resolve.PolicyFacts;
import java.time.Duration;
import java.util.List;

/** Keeps the status of each BacklogPolicy. */
@ControllerConfiguration(name = "backlogpolicy", fieldManager = ApiGroup.CONTROLLER)
public final class BacklogPolicyReconciler implements Reconciler<BacklogPolicy> {
  /** How soon to look again while the informers are still being filled. */
  private static final Duration NOT_YET = Duration.ofMillis(200);

  private final PolicyJudgement judgement;
  private final Touches<BacklogPolicy> touches;

  public BacklogPolicyReconciler(PolicyJudgement judgement, Touches<BacklogPolicy> touches) {
    this.judgement = judgement;
    this.touches = touches;
  }

  @Override
  public List<EventSource<?, BacklogPolicy>> prepareEventSources(
      EventSourceContext<BacklogPolicy> context) {
    return List.of(touches);
  }

  @Override
  public UpdateControl<BacklogPolicy> reconcile(
      BacklogPolicy policy, Context<BacklogPolicy> context) {
    if (!judgement.isPossible()) {
      return UpdateControl.<BacklogPolicy>noUpdate().rescheduleAfter(NOT_YET);
    }
    return judgement
        .changed(PolicyFacts.of(policy), policy.getStatus())
        .map(status -> UpdateControl.patchStatus(withStatus(policy, status)))
        .orElseGet(UpdateControl::noUpdate);
  }

  private static BacklogPolicy withStatus(BacklogPolicy policy, BacklogPolicyStatus status) {
    var fresh = new BacklogPolicy();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(policy.getMetadata().getName())
            .withNamespace(policy.getMetadata().getNamespace())
            .build());
    fresh.setStatus(status);
    return fresh;
  }
}
