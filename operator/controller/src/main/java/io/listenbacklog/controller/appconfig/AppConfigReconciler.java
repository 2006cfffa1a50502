package io.listenbacklog.controller.appconfig;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.api.AppConfigPhase;
import io.listenbacklog.api.AppConfigStatus;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.appconfig.plan.Decision;
import io.listenbacklog.appconfig.plan.Decision.Said;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.appconfig.plan.Plan;
import io.listenbacklog.appconfig.plan.Proposal;
import io.listenbacklog.appconfig.plan.Reason;
import io.listenbacklog.appconfig.plan.Situation;
import io.listenbacklog.controller.appconfig.DecisionExecutor.Outcome;
import io.listenbacklog.controller.appconfig.GovernedPods.Governed;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.PolicyKey;
import io.listenbacklog.controller.failure.ApiFailure;
import io.listenbacklog.controller.telemetry.LogKeys;
import io.listenbacklog.controller.telemetry.LogThrottle;
import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.resolve.selector.LabelMatch;
import io.listenbacklog.policy.status.AppConfigView;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what policies ask of applications' own configuration, a pass at a time:
 *
 * <ol>
 *   <li>{@link RequestResolver}: which workloads the policies ask something of;
 *   <li>{@link TrackedWorkloads}: reads these, and those that something was left on;
 *   <li>{@link SituationReader}: reads what a decision about each rests on;
 *   <li>{@link Plan}: decides, as a pure rule: wait, write, verify, roll back, restore;
 *   <li>{@link DecisionExecutor}: carries that out;
 *   <li>{@link News} and {@link PolicyViews}: Events, and what the policies' statuses say.
 * </ol>
 *
 * <p>All that a pass must know of the one before it stands on the workloads: a controller that
 * begins anew goes on.
 *
 * <p>One thread calls {@link #pass}; {@link #view} is for all.
 */
public final class AppConfigReconciler {
  /** From one pass to the next. */
  public static final Duration PACE = Duration.ofSeconds(10);

  /** Without any policy that asks for something, workloads are read once in so many passes. */
  private static final int PASSES_OF_REST = 6;

  private static final Logger log = LoggerFactory.getLogger(AppConfigReconciler.class);

  private final Cluster cluster;
  private final AppConfigSettings settings;
  private final RequestResolver resolver;
  private final NamespaceHolds holds = new NamespaceHolds();
  private final TrackedWorkloads tracked;
  private final SituationReader situations;
  private final DecisionExecutor executor;
  private final News news;
  private final PolicyViews views;
  private final Clock clock;
  private final LogThrottle trouble;
  private int rests;

  /**
   * By an API server.
   *
   * @param recorder writes Events
   * @param changed hears of policies of which something else is to be said
   */
  public static AppConfigReconciler of(
      Cluster cluster,
      KubernetesClient client,
      AppConfigSettings settings,
      Consumer<EventDraft> recorder,
      MeterRegistry metrics,
      Clock clock,
      Consumer<PolicyKey> changed) {
    var rights = new Rights(client, settings.namespaces(), clock);
    return new AppConfigReconciler(
        cluster,
        new KubernetesWorkloads(client, rights, clock),
        settings,
        new EventNews(recorder),
        metrics,
        clock,
        changed);
  }

  AppConfigReconciler(
      Cluster cluster,
      Workloads workloads,
      AppConfigSettings settings,
      News news,
      MeterRegistry metrics,
      Clock clock,
      Consumer<PolicyKey> changed) {
    this.cluster = cluster;
    this.settings = settings;
    this.news = news;
    this.clock = clock;
    resolver = new RequestResolver(workloads, settings);
    tracked = new TrackedWorkloads(workloads, settings, clock, holds);
    situations = new SituationReader(workloads, settings, clock);
    executor = new DecisionExecutor(workloads, metrics, clock);
    views = new PolicyViews(metrics, clock, changed);
    trouble = new LogThrottle(clock);
  }

  /** What is to be said of a policy; null: nobody has looked yet. */
  public @Nullable AppConfigView view(String policyUid) {
    return views.of(policyUid);
  }

  /** Looks at all, and does what is to be done now. */
  public void pass() {
    if (!cluster.isOpen()) return;
    try {
      news.begins();
      reconcile();
      trouble.over();
    } catch (KubernetesClientException e) {
      if (trouble.isNews()) {
        log.atWarn()
            .addKeyValue(LogKeys.CAUSE, ApiFailure.text(e))
            .log("cannot reconcile applications' configuration, retrying");
      }
    }
  }

  private void reconcile() {
    List<RequestingPolicy> policies = RequestingPolicy.of(cluster);
    views.keepOnly(policies);
    if (!settings.enabled()) {
      var off = AppConfigView.notGranted("changes of workloads (appConfig.enabled)");
      policies.forEach(each -> views.publish(each, off));
      return;
    }
    if (policies.isEmpty() && tracked.isEmpty() && rests-- > 0) return;
    rests = PASSES_OF_REST;
    Requests requests = resolver.requests(policies);
    List<LiveWorkload> workloads = tracked.read(requests.workloads());
    var turns = new Turns(workloads, holds, clock.instant());
    for (LiveWorkload each : workloads) {
      try {
        reconcile(each, requests.of(each.id()), policies, turns);
      } catch (KubernetesClientException e) {
        failed(each.id(), e);
      }
    }
    views.keepOnly(requests.workloads());
    for (RequestingPolicy each : policies) {
      views.publish(each, proposedByHand(each, requests.unowned(each)), requests.notGranted(each));
    }
    views.count();
  }

  private static void failed(WorkloadId id, KubernetesClientException e) {
    if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) return; // It changed meanwhile: next pass.
    if (ApiFailure.mayPass(e)) throw e;
    log.atWarn()
        .addKeyValue(LogKeys.OBJECT, id.longName())
        .addKeyValue(LogKeys.CAUSE, ApiFailure.text(e))
        .log("cannot reconcile a workload's configuration");
  }

  private void reconcile(
      LiveWorkload live,
      List<WorkloadRequest> requests,
      List<RequestingPolicy> policies,
      Turns turns) {
    Memory memory = tracked.memory(live);
    WorkloadRequest request = WorkloadRequest.deciding(requests, memory);
    if (request == null && memory == null) return;
    if (request == null && isOnlyWithoutPods(live, requireNonNull(memory), policies)) return;
    Situation situation = situations.of(live, request, memory, turns);
    Decision decision = Plan.of(situation);
    if (decision instanceof Decision.Apply) {
      // Others may have begun since this pass read them: a controller that takes over while this
      // one, which has lost its lease without knowing it, is in the middle of a pass.
      turns.now(tracked.marked());
      situation = situations.with(turns, situation, live, request);
      decision = Plan.of(situation);
    }
    Outcome outcome = executor.carryOut(live, decision, situation);
    turns.now(live, outcome.memory());
    tracked.left(live, outcome.memory());
    if (outcome.memory() != null) tell(live, outcome.memory());
    // Of what was just put back there is more to say in the next pass.
    if (request == null || outcome.said() == null) return;
    publish(live, request.policy(), situation.proposal(), outcome.said());
    for (WorkloadRequest each : request.others()) {
      views.put(each.policy(), live.id(), null, leftTo(request.policy().reference()));
    }
  }

  private static Said leftTo(PolicyReference policy) {
    return new Said(
        AppConfigPhase.REFUSED,
        Reason.ANOTHER_POLICY,
        Reason.ANOTHER_POLICY.text(policy.kind(), policy.name()));
  }

  /**
   * Whether its policy would still ask, had it any pod: then it is scaled to zero, or its pods are
   * being replaced, and what works there stays.
   */
  private static boolean isOnlyWithoutPods(
      LiveWorkload live, Memory memory, List<RequestingPolicy> policies) {
    if (memory.isUnderWay() && live.replicas() == 0) return false;
    Map<String, String> labels =
        live.raw().getMetadata() == null
            ? Map.of()
            : requireNonNullElse(live.raw().getMetadata().getLabels(), Map.of());
    return policies.stream()
        .filter(each -> each.uid().equals(memory.policy().uid()))
        .map(RequestingPolicy::facts)
        .anyMatch(
            each ->
                LabelMatch.of(each.spec().selector()).matches(labels)
                    && (each.isClusterWide()
                        || live.id().namespace().equals(each.reference().namespace())));
  }

  private void tell(LiveWorkload live, Memory memory) {
    var subject = new News.Subject(live.id(), live.uid());
    switch (memory.stage()) {
      case APPLYING, VERIFYING, APPLIED -> news.patched(subject, memory);
      case ROLLING_BACK, ROLLED_BACK -> news.rolledBack(subject, memory);
      case CONTESTED -> news.contested(subject, memory);
      case SET_BACK, RESTORING -> {}
    }
  }

  private void publish(
      LiveWorkload live, RequestingPolicy policy, @Nullable Proposal proposal, Said said) {
    List<AppConfigStatus> entries = views.put(policy, live.id(), proposal, said);
    if (said.phase() != AppConfigPhase.PROPOSED || proposal == null) return;
    news.proposed(
        new News.Subject(live.id(), live.uid()),
        policy.reference(),
        entries.stream()
            .map(each -> "%s: %s".formatted(each.what(), each.to()))
            .collect(Collectors.joining(", ")),
        said.said(),
        clock.instant());
  }

  /** What would be changed of pods whose owner the operator cannot change. */
  private List<AppConfigStatus> proposedByHand(
      RequestingPolicy policy, Map<String, Requests.UnownedPod> pods) {
    var all = new ArrayList<AppConfigStatus>();
    var why = new Said(AppConfigPhase.PROPOSED, Reason.OWNER_UNKNOWN, Reason.OWNER_UNKNOWN.text());
    pods.entrySet().stream()
        .limit(AppConfigView.MOST_ENTRIES)
        .forEach(
            each -> {
              Governed pod = each.getValue().pod();
              Proposal proposal =
                  situations.proposal(
                      policy,
                      pod.namespace(),
                      each.getKey(), // stays, when its pods come and go
                      each.getValue().template(),
                      pod.backlog());
              if (proposal == null) return;
              String name = policy.nameOf(pod.namespace(), each.getKey());
              all.addAll(views.entriesOf(policy, name, proposal, why));
            });
    return all;
  }
}
