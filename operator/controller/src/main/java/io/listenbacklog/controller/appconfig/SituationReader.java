package io.listenbacklog.controller.appconfig;

import static java.util.Objects.requireNonNullElse;

import io.listenbacklog.api.AppConfigRule;
import io.listenbacklog.api.OnConflict;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.Rollout;
import io.listenbacklog.appconfig.plan.Change;
import io.listenbacklog.appconfig.plan.ConfigMapFacts;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.appconfig.plan.PodTemplate;
import io.listenbacklog.appconfig.plan.Proposal;
import io.listenbacklog.appconfig.plan.Proposals;
import io.listenbacklog.appconfig.plan.Reason;
import io.listenbacklog.appconfig.plan.Situation;
import io.listenbacklog.appconfig.plan.Situation.Intent;
import io.listenbacklog.appconfig.plan.Situation.Listeners;
import io.listenbacklog.appconfig.plan.Workload;
import io.listenbacklog.controller.appconfig.GovernedPods.Governed;
import io.listenbacklog.policy.resolve.PolicyFacts;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what a decision about a workload rests on: its pods, budgets, ConfigMaps, listeners. */
final class SituationReader {
  private final Workloads workloads;
  private final AppConfigSettings settings;
  private final Clock clock;

  SituationReader(Workloads workloads, AppConfigSettings settings, Clock clock) {
    this.workloads = workloads;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * @param request null: no policy asks anything of it any more
   * @param memory null: nothing was left on it
   */
  Situation of(
      LiveWorkload live, @Nullable WorkloadRequest request, @Nullable Memory memory, Turns turns) {
    PodTemplate base =
        memory == null ? live.facts() : Change.undone(memory.changes(), live.facts());
    Proposal proposal =
        request == null
            ? null
            : proposal(
                request.policy(), live.id().namespace(), live.uid(), base, request.backlog());
    Intent intent = request == null ? new Situation.Nothing() : intent(request, proposal);
    // Pods and budgets matter only where something is, or may be, written.
    boolean mayWrite = memory != null || intent instanceof Situation.Write;
    List<Situation.Pod> pods = mayWrite ? workloads.pods(live) : List.of();
    return new Situation(
        intent,
        workload(live, base, mayWrite ? workloads.blockedBy(live) : List.of()),
        pods,
        request == null
            ? new Situation.Unseen("nobody asks")
            : listeners(request, live, pods, proposal, memory),
        memory,
        turn(turns, live, request),
        clock.instant());
  }

  /** The same situation, with what else is being changed by now. */
  Situation with(
      Turns turns, Situation situation, LiveWorkload live, @Nullable WorkloadRequest request) {
    return situation.with(turn(turns, live, request));
  }

  private Situation.Turn turn(Turns turns, LiveWorkload live, @Nullable WorkloadRequest request) {
    return turns.of(
        live, request == null ? null : request.policy().reference(), settings.maxConcurrent());
  }

  /**
   * What a policy's rules would change.
   *
   * @param owner uid of what the template is of
   * @param base the template without what the operator wrote
   * @return null: the policy asks for no backlog
   */
  @Nullable Proposal proposal(
      RequestingPolicy policy, String namespace, String owner, PodTemplate base, int backlog) {
    if (backlog < 1) return null;
    List<AppConfigRule> rules = policy.facts().spec().appConfig();
    var configMaps = new HashMap<String, ConfigMapFacts>();
    for (String name : Proposals.configMaps(rules, base)) {
      workloads.configMap(namespace, name).ifPresent(each -> configMaps.put(name, each));
    }
    return Proposals.of(rules, owner, base, configMaps, backlog);
  }

  private static Intent intent(WorkloadRequest request, @Nullable Proposal proposal) {
    PolicyFacts policy = request.policy().facts();
    Rollout rollout = requireNonNullElse(policy.spec().rollout(), Rollout.DEFAULT);
    PolicyReference reference = policy.reference();
    var asked =
        new Situation.Asked(
            new Memory.PolicyId(
                reference.kind(),
                reference.namespace(),
                reference.name(),
                reference.uid(),
                reference.generation()),
            policy.created(),
            proposal,
            request.policy().paused(),
            rollout.maxUnavailablePods(),
            rollout.minReplicas(),
            rollout.observation(),
            rollout.onConflict() == OnConflict.FORCE,
            policy.spec().onDelete() == OnDelete.RESTORE);
    if (request.isOnlyToObserve()) return new Situation.Show(asked, Reason.OBSERVE_MODE);
    if (!policy.spec().remedies().contains(Remedy.APP_CONFIG)) {
      return new Situation.Show(asked, Reason.NOT_A_REMEDY);
    }
    return new Situation.Write(asked);
  }

  private static Workload workload(LiveWorkload live, PodTemplate base, List<String> blocked) {
    return new Workload(
        live.id().shortName(),
        live.facts(),
        TemplateHash.of(Templates.render(live.raw(), base)),
        live.progress(),
        live.strategy(),
        live.writers(),
        blocked);
  }

  /**
   * @param pods of the workload that are not on their way out; empty: they were not read
   * @param memory of a change of ours; null: there is none
   */
  private Listeners listeners(
      WorkloadRequest request,
      LiveWorkload live,
      List<Situation.Pod> pods,
      @Nullable Proposal proposal,
      @Nullable Memory memory) {
    // One that ends has closed its listener, or has the old configuration: it says nothing of what
    // was written.
    var names = pods.stream().map(Situation.Pod::name).collect(Collectors.toSet());
    Predicate<Governed> stays = each -> names.isEmpty() || names.contains(each.name());
    long governed = request.all().flatMap(each -> each.pods().stream()).filter(stays).count();
    // A probe may know of fewer pods than there are: those that are not yet on a node, say.
    if (governed < live.replicas()) {
      return new Situation.Unseen(
          "%d of its %d pods are governed so far".formatted(governed, live.replicas()));
    }
    var containers = containers(proposal, live);
    boolean written = memory != null && memory.isInForce();
    boolean configured = written || (proposal != null && proposal.changes().isEmpty());
    return request
        .all()
        .map(
            each ->
                each.policy()
                    .pods()
                    .seen(
                        each.pods().stream().filter(stays).map(Governed::uid).toList(),
                        containers,
                        configured))
        .reduce(SeenPods::and)
        .orElseThrow()
        .verdict(pods, memory, clock.instant());
  }

  /** Whose listeners count: of a file those of the containers that see it. */
  private static Set<String> containers(@Nullable Proposal proposal, LiveWorkload live) {
    var containers = new HashSet<String>();
    if (proposal == null) return containers;
    for (Proposal.Edit each : proposal.edits()) {
      if (!each.container().isEmpty()) containers.add(each.container());
    }
    var volumes = new HashSet<String>();
    for (Change each : proposal.changes()) {
      if (each instanceof Change.Reference(String volume, _, _, _)) volumes.add(volume);
    }
    for (PodTemplate.Container each : live.facts().containers()) {
      if (each.mounts().stream().anyMatch(mount -> volumes.contains(mount.volume()))) {
        containers.add(each.name());
      }
    }
    containers.addAll(Templates.sidecarsThatMount(volumes, live.raw().getSpec()));
    return containers;
  }
}
