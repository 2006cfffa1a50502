package io.listenbacklog.controller.appconfig;

import static java.util.stream.Collectors.groupingBy;

import io.listenbacklog.api.AppConfigPhase;
import io.listenbacklog.api.AppConfigStatus;
import io.listenbacklog.appconfig.plan.Decision.Said;
import io.listenbacklog.appconfig.plan.Proposal;
import io.listenbacklog.controller.cluster.PolicyKey;
import io.listenbacklog.controller.telemetry.MetricNames;
import io.listenbacklog.policy.status.AppConfigView;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the policies' statuses say of applications' configuration. One thread writes them; {@link
 * #of(String)} is for all.
 */
final class PolicyViews {
  /** What status shows first. */
  private static final List<AppConfigPhase> FIRST =
      List.of(
          AppConfigPhase.ROLLED_BACK,
          AppConfigPhase.CONTESTED,
          AppConfigPhase.REFUSED,
          AppConfigPhase.APPLYING,
          AppConfigPhase.VERIFYING,
          AppConfigPhase.WAITING,
          AppConfigPhase.PROPOSED,
          AppConfigPhase.APPLIED);

  private final Clock clock;
  private final Consumer<PolicyKey> changed;
  private final Map<String, AppConfigView> views = new ConcurrentHashMap<>();
  private final Map<AppConfigPhase, Integer> phases = new ConcurrentHashMap<>();

  /** The entries of each workload by now, by policy uid and workload. */
  private final Map<String, Map<WorkloadId, List<AppConfigStatus>>> entries = new HashMap<>();

  /**
   * @param changed hears of policies of which something else is to be said
   */
  PolicyViews(MeterRegistry metrics, Clock clock, Consumer<PolicyKey> changed) {
    this.clock = clock;
    this.changed = changed;
    for (AppConfigPhase each : AppConfigPhase.values()) {
      Gauge.builder(MetricNames.APP_CONFIG_WORKLOADS, phases, all -> all.getOrDefault(each, 0))
          .tag("phase", each.name().toLowerCase(Locale.ROOT))
          .register(metrics);
    }
  }

  /** Null: nobody has looked yet. */
  @Nullable AppConfigView of(String policyUid) {
    return views.get(policyUid);
  }

  /** Nothing is said of other policies any more. */
  void keepOnly(List<RequestingPolicy> policies) {
    views
        .keySet()
        .retainAll(policies.stream().map(RequestingPolicy::uid).collect(Collectors.toSet()));
    entries.keySet().retainAll(views.keySet());
  }

  /** Of other workloads no policy asks anything any more. */
  void keepOnly(Set<WorkloadId> requested) {
    entries.values().forEach(each -> each.keySet().retainAll(requested));
  }

  /** What is said of a workload from now on. */
  List<AppConfigStatus> put(
      RequestingPolicy policy, WorkloadId workload, @Nullable Proposal proposal, Said said) {
    List<AppConfigStatus> all = entriesOf(policy, policy.nameOf(workload), proposal, said);
    entries.computeIfAbsent(policy.uid(), _ -> new HashMap<>()).put(workload, all);
    return all;
  }

  /** An entry that says the same as before keeps its time. */
  List<AppConfigStatus> entriesOf(
      RequestingPolicy policy, String workload, @Nullable Proposal proposal, Said said) {
    AppConfigView view = views.get(policy.uid());
    List<AppConfigStatus> previous = view == null ? policy.previous() : view.entries();
    return StatusEntries.of(workload, proposal, said, previous, clock.instant());
  }

  /**
   * What is said of a policy now.
   *
   * @param others entries of what cannot be changed
   * @param notGranted empty: nothing
   */
  void publish(RequestingPolicy policy, List<AppConfigStatus> others, String notGranted) {
    var all = new ArrayList<>(others);
    var counts = new EnumMap<AppConfigPhase, Integer>(AppConfigPhase.class);
    others.stream()
        .collect(groupingBy(AppConfigStatus::workload))
        .values()
        .forEach(each -> counts.merge(worst(each), 1, Integer::sum));
    for (List<AppConfigStatus> each : entries.getOrDefault(policy.uid(), Map.of()).values()) {
      if (each.isEmpty()) continue;
      all.addAll(each);
      counts.merge(worst(each), 1, Integer::sum);
    }
    all.sort(
        Comparator.comparingInt((AppConfigStatus each) -> FIRST.indexOf(each.phase()))
            .thenComparing(AppConfigStatus::workload)
            .thenComparing(AppConfigStatus::what));
    publish(
        policy,
        new AppConfigView(
            all.stream().limit(AppConfigView.MOST_ENTRIES).toList(), counts, notGranted));
  }

  void publish(RequestingPolicy policy, AppConfigView view) {
    if (view.equals(views.put(policy.uid(), view))) return;
    changed.accept(new PolicyKey(policy.reference().namespace(), policy.reference().name()));
  }

  private static AppConfigPhase worst(List<AppConfigStatus> entries) {
    return entries.stream()
        .map(AppConfigStatus::phase)
        .min(Comparator.comparingInt(FIRST::indexOf))
        .orElseThrow();
  }

  /** For the metrics: workloads of all policies by phase. */
  void count() {
    var all = new EnumMap<AppConfigPhase, Integer>(AppConfigPhase.class);
    for (AppConfigView view : views.values()) {
      view.workloads().forEach((phase, count) -> all.merge(phase, count, Integer::sum));
    }
    for (AppConfigPhase each : AppConfigPhase.values()) {
      phases.put(each, all.getOrDefault(each, 0));
    }
  }
}
