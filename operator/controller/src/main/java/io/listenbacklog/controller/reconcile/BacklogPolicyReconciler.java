package io.listenbacklog.controller.reconcile;

import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.policy.resolve.PolicyFacts;
import java.util.List;

/** Keeps the status of each BacklogPolicy. */
@ControllerConfiguration(name = "backlogpolicy", fieldManager = ApiGroup.CONTROLLER)
public final class BacklogPolicyReconciler implements Reconciler<BacklogPolicy> {
  private final PolicyStatusUpdate judgement;
  private final DebouncedEventSource<BacklogPolicy> touches;

  public BacklogPolicyReconciler(
      PolicyStatusUpdate judgement, DebouncedEventSource<BacklogPolicy> touches) {
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
    return judgement.reconcile(policy, PolicyFacts.of(policy), BacklogPolicy::new);
  }
}
