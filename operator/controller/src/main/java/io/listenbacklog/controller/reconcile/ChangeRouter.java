package io.listenbacklog.controller.reconcile;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.controller.cluster.ClusterListener;
import io.listenbacklog.controller.cluster.PolicyKey;
import io.listenbacklog.controller.cluster.json.NodeView;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** Leads each change in the cluster to the reconciler, or to the Events, that it concerns. */
public final class ChangeRouter implements ClusterListener {
  /**
   * Long enough for the pods of one rollout step to become one write, short enough for a
   * requirement to reach the probe before the first container of a new pod starts.
   */
  private static final Duration NODE_DELAY = Duration.ofMillis(20);

  private static final Duration POLICY_DELAY = Duration.ofMillis(200);

  private final DebouncedEventSource<NodeView> nodes;
  private final DebouncedEventSource<BacklogPolicy> policies;
  private final DebouncedEventSource<ClusterBacklogPolicy> clusterPolicies;
  private final Consumer<String> events;

  /**
   * @param timer for what is delayed
   * @param events takes the name of a node whose pods may call for new Events; must not block
   */
  public ChangeRouter(ScheduledExecutorService timer, Consumer<String> events) {
    nodes = new DebouncedEventSource<>("nodes", timer, NODE_DELAY);
    policies = new DebouncedEventSource<>("policies", timer, POLICY_DELAY);
    clusterPolicies = new DebouncedEventSource<>("clusterpolicies", timer, POLICY_DELAY);
    this.events = events;
  }

  /** What triggers the {@link NodeReconciler}. */
  public DebouncedEventSource<NodeView> nodes() {
    return nodes;
  }

  /** What triggers the {@link BacklogPolicyReconciler}. */
  public DebouncedEventSource<BacklogPolicy> policies() {
    return policies;
  }

  /** What triggers the {@link ClusterBacklogPolicyReconciler}. */
  public DebouncedEventSource<ClusterBacklogPolicy> clusterPolicies() {
    return clusterPolicies;
  }

  @Override
  public void node(String name) {
    nodes.trigger(new ResourceID(name));
  }

  @Override
  public void policy(PolicyKey key) {
    if (key.namespace() == null) {
      clusterPolicies.trigger(new ResourceID(key.name()));
    } else {
      policies.trigger(new ResourceID(key.name(), key.namespace()));
    }
  }

  @Override
  public void report(String node) {
    events.accept(node);
  }
}
