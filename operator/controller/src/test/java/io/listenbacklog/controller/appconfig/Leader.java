package io.listenbacklog.controller.appconfig;

import static java.util.Objects.requireNonNull;

import io.listenbacklog.api.AppConfigPhase;
import io.listenbacklog.api.AppConfigStatus;
import io.listenbacklog.controller.telemetry.MetricNames;
import io.listenbacklog.policy.status.AppConfigView;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;

/** A controller that has just become the leader of a {@link SmallCluster}, pass by pass. */
final class Leader {
  private final SmallCluster world;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final AppConfigReconciler reconciler;

  /** One that may change one workload at a time. */
  Leader(SmallCluster world) {
    this(world, new AppConfigSettings(true, List.of(), 1));
  }

  Leader(SmallCluster world, AppConfigSettings settings) {
    this.world = world;
    reconciler =
        new AppConfigReconciler(
            world.cluster,
            world,
            settings,
            new EventNews(each -> world.events.put(each.eventName(), each)),
            metrics,
            world.clock,
            _ -> {});
  }

  void pass() {
    reconciler.pass();
  }

  /** So many passes, each followed by the time until the next. */
  void passes(int count) {
    for (int i = 0; i < count; i++) {
      pass();
      world.clock.pass(AppConfigReconciler.PACE);
    }
  }

  AppConfigView view(String policy) {
    return requireNonNull(reconciler.view("uid-" + policy));
  }

  /** What a policy's status says of a workload, as {@code Deployment/api}. */
  AppConfigStatus status(String policy, String workload) {
    return view(policy).entries().stream()
        .filter(each -> each.workload().equals(workload))
        .findFirst()
        .orElseThrow();
  }

  AppConfigPhase phase(String policy, String workload) {
    return status(policy, workload).phase();
  }

  /** How many changes it counted that came out so. */
  double changes(String outcome) {
    return metrics.counter(MetricNames.APP_CONFIG_CHANGES, "outcome", outcome).count();
  }
}
