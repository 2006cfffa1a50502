package io.listenbacklog.controller.appconfig;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.groupingBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.api.AnnotationKeys;
import io.listenbacklog.api.AppConfigPhase;
import io.listenbacklog.api.AppConfigRule;
import io.listenbacklog.api.AppConfigStatus;
import io.listenbacklog.api.BacklogPolicyStatus;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.OnConflict;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Policy;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.Rollout;
import io.listenbacklog.appconfig.plan.Change;
import io.listenbacklog.appconfig.plan.ConfigMapFacts;
import io.listenbacklog.appconfig.plan.Decision;
import io.listenbacklog.appconfig.plan.Decision.Said;
import io.listenbacklog.appconfig.plan.Memory;
import io.listenbacklog.appconfig.plan.Plan;
import io.listenbacklog.appconfig.plan.PodTemplate;
import io.listenbacklog.appconfig.plan.Proposal;
import io.listenbacklog.appconfig.plan.Proposals;
import io.listenbacklog.appconfig.plan.Reason;
import io.listenbacklog.appconfig.plan.Situation;
import io.listenbacklog.appconfig.plan.Situation.Intent;
import io.listenbacklog.appconfig.plan.Situation.Listeners;
import io.listenbacklog.appconfig.plan.Workload;
import io.listenbacklog.controller.appconfig.GovernedPods.Governed;
import io.listenbacklog.controller.appconfig.Workloads.OwnedPod;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.PolicyKey;
import io.listenbacklog.controller.telemetry.LogKeys;
import io.listenbacklog.controller.telemetry.LogThrottle;
import io.listenbacklog.controller.telemetry.MetricNames;
import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.resolve.selector.LabelMatch;
import io.listenbacklog.policy.status.AppConfigView;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what policies ask of applications' own configuration, a pass at a time: what is there
 * is read, {@link Plan} says what is to be done about it, and that is written. All that a pass must
 * know of the one before it stands on the workloads: a controller that begins anew goes on.
 *
 * <p>One thread calls {@link #pass}; {@link #view} is for all.
 */
public final class AppConfigReconciler {
  /** From one pass to the next. */
  public static final Duration PACE = Duration.ofSeconds(10);

  /** So many workloads are read a pass that nothing was written into. */
  private static final int MOST_READ = 30;

  /** Where no policy asks for anything it is looked so seldom for what one left that is gone. */
  private static final int PASSES_OF_REST = 6;

  private static final Duration REJECTED_FOR = Duration.ofMinutes(10);
  private static final int UNPROCESSABLE = 422;
  private static final Logger log = LoggerFactory.getLogger(AppConfigReconciler.class);

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

  private final Cluster cluster;
  private final Workloads workloads;
  private final AppConfigSettings settings;
  private final News news;
  private final MeterRegistry metrics;
  private final Clock clock;
  private final Consumer<PolicyKey> changed;
  private final LogThrottle trouble;

  private final Map<String, AppConfigView> views = new ConcurrentHashMap<>();
  private final Map<AppConfigPhase, Integer> phases = new ConcurrentHashMap<>();

  /** What pods are of, by uid; of governed pods alone. */
  private final Map<String, OwnedPod> owned = new HashMap<>();

  /** What is said of each workload by now, by policy and workload. */
  private final Map<String, Map<WorkloadId, List<AppConfigStatus>>> said = new HashMap<>();

  /** What was left on workloads: somebody may take it away. */
  private final Map<WorkloadId, Left> left = new HashMap<>();

  /** When those were read last of which nothing is under way. */
  private final Map<WorkloadId, Instant> read = new HashMap<>();

  private final Map<WorkloadId, Rejection> rejections = new HashMap<>();
  private int rests;

  /** What the API server did not take. */
  private record Rejection(List<Change> changes, String template, String message, Instant at) {
    boolean isOf(List<Change> these, String of, Instant now) {
      return changes.equals(these) && template.equals(of) && at.plus(REJECTED_FOR).isAfter(now);
    }
  }

  /**
   * What was left on a workload.
   *
   * @param uid the workload's
   */
  private record Left(String uid, Memory memory) {}

  /** A policy that asks for something. */
  private record Asking(
      PolicyFacts facts,
      boolean paused,
      @Nullable BacklogPolicyStatus previous,
      GovernedPods pods) {
    String uid() {
      return facts.reference().uid();
    }
  }

  /** What a policy asks of one workload. */
  private record Wish(Asking policy, List<Governed> pods) {}

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
        new KubernetesWorkloads(client, rights),
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
    this.workloads = workloads;
    this.settings = settings;
    this.news = news;
    this.metrics = metrics;
    this.clock = clock;
    this.changed = changed;
    this.trouble = new LogThrottle(clock);
    for (AppConfigPhase each : AppConfigPhase.values()) {
      Gauge.builder(MetricNames.APP_CONFIG_WORKLOADS, phases, all -> all.getOrDefault(each, 0))
          .tag("phase", each.name().toLowerCase(Locale.ROOT))
          .register(metrics);
    }
  }

  /** What is to be said of a policy; null: nobody has looked yet. */
  public @Nullable AppConfigView view(String policyUid) {
    return views.get(policyUid);
  }

  /** Looks at all, and does what is to be done now. */
  public void pass() {
    if (!cluster.isOpen()) return;
    try {
      news.begins();
      work();
      trouble.over();
    } catch (KubernetesClientException e) {
      if (trouble.isNews()) {
        log.atWarn()
            .addKeyValue(LogKeys.CAUSE, e.getMessage())
            .log("cannot look after applications' configuration, tries again");
      }
    }
  }

  private void work() {
    List<Asking> asking = asking();
    views.keySet().retainAll(asking.stream().map(Asking::uid).collect(Collectors.toSet()));
    said.keySet().retainAll(views.keySet());
    if (!settings.enabled()) {
      asking.forEach(
          each -> show(each, AppConfigView.notGranted("changes of workloads (appConfig.enabled)")));
      return;
    }
    if (asking.isEmpty() && left.isEmpty() && rests-- > 0) return;
    rests = PASSES_OF_REST;
    var live = new TreeMap<WorkloadId, LiveWorkload>(Comparator.comparing(WorkloadId::longName));
    workloads.marked().stream()
        .filter(each -> settings.covers(each.id().namespace()))
        .forEach(each -> live.put(each.id(), each));
    addUnmarked(live);
    var wishes = new HashMap<WorkloadId, List<Wish>>();
    var notGranted = new HashMap<String, String>();
    var others = new HashMap<String, List<AppConfigStatus>>();
    resolve(asking, wishes, notGranted, others);
    readOthers(wishes.keySet(), live);
    var turns = new Turns(live.values());
    for (LiveWorkload each : byUrgency(live.values())) {
      List<Wish> of = wishes.getOrDefault(each.id(), List.of());
      try {
        look(each, of, asking, turns);
      } catch (KubernetesClientException e) {
        failed(each.id(), e);
      }
    }
    said.values().forEach(each -> each.keySet().retainAll(wishes.keySet()));
    for (Asking each : asking) {
      show(
          each,
          view(
              each,
              notGranted.getOrDefault(each.uid(), ""),
              others.getOrDefault(each.uid(), List.of())));
    }
    count();
  }

  private void failed(WorkloadId id, KubernetesClientException e) {
    if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) return; // It changed meanwhile: next pass.
    if (e.getCode() == 0 || e.getCode() >= 500) throw e;
    log.atWarn()
        .addKeyValue(LogKeys.OBJECT, id.longName())
        .addKeyValue(LogKeys.CAUSE, e.getMessage())
        .log("cannot look after a workload's configuration");
  }

  private List<Asking> asking() {
    return Stream.concat(
            cluster
                .policies()
                .values()
                .filter(each -> each.getSpec() != null && !each.getSpec().appConfig().isEmpty())
                .map(each -> asking(each, PolicyFacts.of(each))),
            cluster
                .clusterPolicies()
                .values()
                .filter(each -> each.getSpec() != null && !each.getSpec().appConfig().isEmpty())
                .map(each -> asking(each, PolicyFacts.of(each))))
        .sorted(Comparator.comparing(Asking::uid))
        .toList();
  }

  private Asking asking(Policy<?> policy, PolicyFacts facts) {
    var annotations =
        requireNonNullElse(policy.getMetadata().getAnnotations(), Map.<String, String>of());
    String uid = facts.reference().uid();
    return new Asking(
        facts,
        "true".equals(annotations.get(AnnotationKeys.PAUSED)),
        policy.getStatus(),
        new GovernedPods(uid, cluster.nodesOf(uid)));
  }

  /** Which workloads they ask for something, by the pods that they govern. */
  private void resolve(
      List<Asking> asking,
      Map<WorkloadId, List<Wish>> wishes,
      Map<String, String> notGranted,
      Map<String, List<AppConfigStatus>> others) {
    var governed = new HashMap<Asking, List<Governed>>();
    var uids = new HashSet<String>();
    var unknown = new TreeSet<String>();
    for (Asking policy : asking) {
      var granted = new ArrayList<Governed>();
      for (Governed pod : policy.pods().all()) {
        String missing = missing(pod.namespace());
        if (!missing.isEmpty()) {
          notGranted.putIfAbsent(policy.uid(), missing);
          continue;
        }
        granted.add(pod);
        uids.add(pod.uid());
        if (!owned.containsKey(pod.uid())) unknown.add(pod.namespace());
      }
      governed.put(policy, granted);
    }
    owned.keySet().retainAll(uids);
    for (String namespace : unknown) {
      for (OwnedPod each : workloads.pods(namespace)) {
        if (uids.contains(each.uid())) owned.put(each.uid(), each);
      }
    }
    for (Asking policy : asking) {
      Map<WorkloadId, List<Governed>> byWorkload = new HashMap<>();
      Map<String, Governed> foreign = new TreeMap<>();
      for (Governed pod : governed.getOrDefault(policy, List.of())) {
        OwnedPod of = owned.get(pod.uid());
        if (of == null) continue; // It is gone by now, or newer than what was read.
        if (of.owner() != null) {
          byWorkload.computeIfAbsent(of.owner(), _ -> new ArrayList<>()).add(pod);
        } else {
          foreign.putIfAbsent(of.other(), pod);
        }
      }
      byWorkload.forEach(
          (id, pods) ->
              wishes.computeIfAbsent(id, _ -> new ArrayList<>()).add(new Wish(policy, pods)));
      others.put(policy.uid(), foreign(policy, foreign));
    }
  }

  private String missing(String namespace) {
    if (!settings.covers(namespace)) {
      return "changes of workloads in namespace %s (appConfig.namespaces)".formatted(namespace);
    }
    List<String> missing = workloads.missingRights(namespace);
    return missing.isEmpty()
        ? ""
        : "%s in namespace %s".formatted(String.join(", ", missing), namespace);
  }

  /** What would be changed of pods that nothing is the owner of which the operator can change. */
  private List<AppConfigStatus> foreign(Asking policy, Map<String, Governed> pods) {
    var all = new ArrayList<AppConfigStatus>();
    pods.entrySet().stream()
        .limit(AppConfigView.MOST_ENTRIES)
        .forEach(
            each -> {
              Governed pod = each.getValue();
              PodTemplate template = requireNonNull(owned.get(pod.uid())).template();
              Proposal proposal = proposal(policy, pod.namespace(), template, pod.backlog());
              if (proposal == null) return;
              var why =
                  new Said(
                      AppConfigPhase.PROPOSED, Reason.OWNER_UNKNOWN, Reason.OWNER_UNKNOWN.text());
              String prefix = policy.facts().isClusterWide() ? pod.namespace() + "/" : "";
              all.addAll(
                  StatusEntries.of(
                      prefix + each.getKey(), proposal, why, previous(policy), clock.instant()));
            });
    return all;
  }

  private @Nullable Proposal proposal(
      Asking policy, String namespace, PodTemplate base, int backlog) {
    if (backlog < 1) return null;
    List<AppConfigRule> rules = policy.facts().spec().appConfig();
    var configMaps = new HashMap<String, ConfigMapFacts>();
    for (String name : Proposals.configMaps(rules, base)) {
      workloads.configMap(namespace, name).ifPresent(each -> configMaps.put(name, each));
    }
    return Proposals.of(rules, base, configMaps, backlog);
  }

  /** Those whose mark somebody took away are looked at like the others that have one. */
  private void addUnmarked(Map<WorkloadId, LiveWorkload> marked) {
    for (WorkloadId each : Set.copyOf(left.keySet())) {
      if (marked.containsKey(each)) continue;
      String uid = requireNonNull(left.get(each)).uid();
      Optional<LiveWorkload> found = workloads.get(each).filter(live -> live.uid().equals(uid));
      if (found.isPresent()) marked.put(each, found.get());
      else left.remove(each);
    }
  }

  /** Those that have no mark of ours: some each pass, the ones that were read longest ago. */
  private void readOthers(Set<WorkloadId> wanted, Map<WorkloadId, LiveWorkload> live) {
    Instant now = clock.instant();
    read.keySet()
        .retainAll(
            Stream.concat(wanted.stream(), live.keySet().stream()).collect(Collectors.toSet()));
    live.keySet().forEach(each -> read.put(each, now));
    wanted.stream()
        .filter(each -> !live.containsKey(each))
        .sorted(
            Comparator.comparing((WorkloadId each) -> read.getOrDefault(each, Instant.EPOCH))
                .thenComparing(WorkloadId::longName))
        .limit(MOST_READ)
        .toList()
        .forEach(
            each -> {
              read.put(each, now);
              workloads.get(each).ifPresent(found -> live.put(each, found));
            });
  }

  /** What is under way goes on before anything else begins. */
  private List<LiveWorkload> byUrgency(Iterable<LiveWorkload> all) {
    var ordered = new ArrayList<LiveWorkload>();
    all.forEach(ordered::add);
    ordered.sort(
        Comparator.comparing((LiveWorkload each) -> !isUnderWay(memory(each)))
            .thenComparing(each -> each.id().longName()));
    return ordered;
  }

  private static boolean isUnderWay(@Nullable Memory memory) {
    return memory != null && memory.isUnderWay();
  }

  /** What stands on it; or what we know to have left there, if somebody took that away. */
  private @Nullable Memory memory(LiveWorkload live) {
    if (live.memory() != null) return live.memory();
    Left known = left.get(live.id());
    return known != null && known.uid().equals(live.uid()) ? known.memory() : null;
  }

  private void look(LiveWorkload live, List<Wish> wishes, List<Asking> asking, Turns turns) {
    Memory memory = memory(live);
    Wish wish = wish(wishes, memory);
    if (wish == null && memory == null) return;
    if (wish == null && isOnlyWithoutPods(live, requireNonNull(memory), asking)) return;
    PodTemplate base =
        memory == null ? live.facts() : Change.undone(memory.changes(), live.facts());
    Proposal proposal = wish == null ? null : proposal(wish, live, base);
    Situation situation = situation(live, wish, memory, base, proposal, turns);
    Decision decision = Plan.of(situation);
    Outcome outcome = carryOut(live, decision, situation);
    Said what = outcome.said();
    Memory now = outcome.memory();
    turns.now(live, now);
    if (now == null) {
      left.remove(live.id());
    } else {
      left.put(live.id(), new Left(live.uid(), now));
      tell(live, now);
    }
    // Of what was just put back there is more to say in the next pass.
    if (wish == null || what == null) return;
    List<AppConfigStatus> entries =
        StatusEntries.of(
            wish.policy().facts().isClusterWide() ? live.id().longName() : live.id().shortName(),
            proposal,
            what,
            previous(wish.policy()),
            clock.instant());
    said.computeIfAbsent(wish.policy().uid(), _ -> new HashMap<>()).put(live.id(), entries);
    if (what.phase() == AppConfigPhase.PROPOSED && proposal != null) {
      news.proposed(
          new News.Subject(live.id(), live.uid()),
          wish.policy().facts().reference(),
          entries.stream()
              .map(each -> "%s: %s".formatted(each.what(), each.to()))
              .collect(Collectors.joining(", ")),
          what.said(),
          clock.instant());
    }
  }

  private static @Nullable Wish wish(List<Wish> wishes, @Nullable Memory memory) {
    if (wishes.isEmpty()) return null;
    return wishes.stream()
        .filter(each -> memory != null && each.policy().uid().equals(memory.policy().uid()))
        .findFirst()
        .orElse(wishes.getFirst());
  }

  /**
   * Whether its policy would still ask, had it any pod: then it is scaled to nought, or its pods
   * are being replaced, and what works there stays.
   */
  private static boolean isOnlyWithoutPods(LiveWorkload live, Memory memory, List<Asking> asking) {
    if (memory.isUnderWay() && live.replicas() == 0) return false;
    Map<String, String> labels =
        live.raw().getMetadata() == null
            ? Map.of()
            : requireNonNullElse(live.raw().getMetadata().getLabels(), Map.of());
    return asking.stream()
        .filter(each -> each.uid().equals(memory.policy().uid()))
        .map(each -> each.facts())
        .anyMatch(
            each ->
                LabelMatch.of(each.spec().selector()).matches(labels)
                    && (each.isClusterWide()
                        || live.id().namespace().equals(each.reference().namespace())));
  }

  private @Nullable Proposal proposal(Wish wish, LiveWorkload live, PodTemplate base) {
    int backlog = wish.pods().stream().mapToInt(Governed::backlog).max().orElse(0);
    return proposal(wish.policy(), live.id().namespace(), base, backlog);
  }

  private Situation situation(
      LiveWorkload live,
      @Nullable Wish wish,
      @Nullable Memory memory,
      PodTemplate base,
      @Nullable Proposal proposal,
      Turns turns) {
    Intent intent = wish == null ? new Situation.Nothing() : intent(wish, proposal);
    boolean mayWrite = memory != null || intent instanceof Situation.Write;
    List<Situation.Pod> pods = mayWrite ? workloads.pods(live) : List.of();
    return new Situation(
        intent,
        new Workload(
            live.id().shortName(),
            live.facts(),
            TemplateHash.of(Templates.render(live.raw(), base)),
            live.replicas(),
            live.updated(),
            live.pods(),
            live.available(),
            live.seen(),
            live.paused(),
            live.deadlineExceeded(),
            live.deadline(),
            live.strategy(),
            live.writers(),
            mayWrite ? workloads.blockedBy(live) : List.of()),
        pods,
        wish == null ? new Situation.Unseen("nobody asks") : listeners(wish, live, proposal),
        memory,
        turns.of(
            live,
            wish == null ? null : wish.policy().facts().reference(),
            settings.maxConcurrent()),
        clock.instant());
  }

  private static Intent intent(Wish wish, @Nullable Proposal proposal) {
    PolicyFacts policy = wish.policy().facts();
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
            wish.policy().paused(),
            rollout.maxUnavailablePods(),
            rollout.minReplicas(),
            rollout.observation(),
            rollout.onConflict() == OnConflict.FORCE,
            policy.spec().onDelete() == OnDelete.RESTORE);
    if (wish.pods().stream().anyMatch(each -> each.mode() == Mode.OBSERVE)) {
      return new Situation.Show(asked, Reason.OBSERVE_MODE);
    }
    if (!policy.spec().remedies().contains(Remedy.APP_CONFIG)) {
      return new Situation.Show(asked, Reason.NOT_A_REMEDY);
    }
    return new Situation.Write(asked);
  }

  private static Listeners listeners(Wish wish, LiveWorkload live, @Nullable Proposal proposal) {
    List<String> uids = wish.pods().stream().map(Governed::uid).toList();
    // A probe may know of fewer pods than there are: those that are not yet on a node, say.
    if (uids.size() < live.replicas()) {
      return new Situation.Unseen(
          "%d of its %d pods are governed so far".formatted(uids.size(), live.replicas()));
    }
    return wish.policy().pods().listeners(uids, containers(proposal, live.facts()));
  }

  /** Whose listeners count: of a file those of the containers that see it. */
  private static Set<String> containers(@Nullable Proposal proposal, PodTemplate template) {
    var containers = new HashSet<String>();
    if (proposal == null) return containers;
    for (Proposal.Edit each : proposal.edits()) {
      if (!each.container().isEmpty()) containers.add(each.container());
    }
    var volumes = new HashSet<String>();
    for (Change each : proposal.changes()) {
      if (each instanceof Change.Reference(String volume, _, _, _)) volumes.add(volume);
    }
    for (PodTemplate.Container each : template.containers()) {
      if (each.mounts().stream().anyMatch(mount -> volumes.contains(mount.volume()))) {
        containers.add(each.name());
      }
    }
    return containers;
  }

  /**
   * What came of a decision.
   *
   * @param said null: nothing is to be said
   * @param memory null: nothing is left on the workload
   */
  private record Outcome(@Nullable Said said, @Nullable Memory memory) {}

  private Outcome carryOut(LiveWorkload live, Decision decision, Situation situation) {
    Memory before = situation.memory();
    return switch (decision) {
      case Decision.Leave(Said what) -> new Outcome(what, before);
      case Decision.Ignore _ -> new Outcome(null, before);
      case Decision.Forget _ -> {
        workloads.remember(live, null);
        yield new Outcome(null, null);
      }
      case Decision.Remember(Said what, Memory memory) -> {
        workloads.remember(live, memory);
        counted(before, memory);
        yield new Outcome(what, memory);
      }
      case Decision.Undo(Said what, Memory memory) -> {
        workloads.undo(live, Change.undone(memory.changes(), live.facts()), memory);
        log.atInfo()
            .addKeyValue(LogKeys.OBJECT, live.id().longName())
            .addKeyValue(LogKeys.REASON, what.reason().word())
            .log("took a change of an application's configuration back");
        counted(before, memory);
        yield new Outcome(what, memory);
      }
      case Decision.Apply apply -> apply(live, apply, situation);
    };
  }

  private Outcome apply(LiveWorkload live, Decision.Apply apply, Situation situation) {
    Memory before = situation.memory();
    List<Change> changes = apply.proposal().changes();
    String template = situation.workload().templateHash();
    Rejection rejection = rejections.get(live.id());
    if (rejection != null && rejection.isOf(changes, template, clock.instant())) {
      return new Outcome(rejected(rejection.message()), before);
    }
    if (!Memories.fits(apply.memory())) {
      var tooLarge = new Said(AppConfigPhase.REFUSED, Reason.TOO_LARGE, Reason.TOO_LARGE.text());
      return new Outcome(tooLarge, before);
    }
    PodTemplate base = Change.undone(apply.undo(), live.facts());
    var touched = new ArrayList<>(apply.undo());
    touched.addAll(changes);
    try {
      workloads.apply(
          live,
          Change.applied(changes, base),
          touched,
          apply.proposal().configMaps(),
          apply.memory());
    } catch (KubernetesClientException e) {
      if (!isRejection(e)) throw e;
      String message = KubernetesWorkloads.said(e);
      rejections.put(live.id(), new Rejection(changes, template, message, clock.instant()));
      log.atWarn()
          .addKeyValue(LogKeys.OBJECT, live.id().longName())
          .addKeyValue(LogKeys.CAUSE, message)
          .log("a change of an application's configuration is not taken");
      return new Outcome(rejected(message), before);
    }
    rejections.remove(live.id());
    log.atInfo()
        .addKeyValue(LogKeys.OBJECT, live.id().longName())
        .addKeyValue(LogKeys.POLICY, apply.memory().policy().name())
        .log("changed an application's configuration");
    counted(before, apply.memory());
    return new Outcome(apply.said(), apply.memory());
  }

  /** What the API server says of the change itself, now and as long as both stay the same. */
  private static boolean isRejection(KubernetesClientException e) {
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_BAD_REQUEST,
          HttpURLConnection.HTTP_FORBIDDEN,
          HttpURLConnection.HTTP_ENTITY_TOO_LARGE,
          UNPROCESSABLE ->
          true;
      case 0 -> e.getCause() == null; // Ours: what was tried came back otherwise.
      default -> false;
    };
  }

  private static Said rejected(String message) {
    return new Said(AppConfigPhase.REFUSED, Reason.REJECTED, Reason.REJECTED.text(message));
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

  private List<AppConfigStatus> previous(Asking policy) {
    AppConfigView view = views.get(policy.uid());
    if (view != null) return view.entries();
    return policy.previous() == null ? List.of() : policy.previous().appConfig();
  }

  private AppConfigView view(Asking policy, String notGranted, List<AppConfigStatus> others) {
    var all = new ArrayList<>(others);
    var counts = new EnumMap<AppConfigPhase, Integer>(AppConfigPhase.class);
    others.stream()
        .collect(groupingBy(AppConfigStatus::workload))
        .values()
        .forEach(each -> counts.merge(worst(each), 1, Integer::sum));
    for (List<AppConfigStatus> each : said.getOrDefault(policy.uid(), Map.of()).values()) {
      if (each.isEmpty()) continue;
      all.addAll(each);
      counts.merge(worst(each), 1, Integer::sum);
    }
    all.sort(
        Comparator.comparingInt((AppConfigStatus each) -> FIRST.indexOf(each.phase()))
            .thenComparing(AppConfigStatus::workload)
            .thenComparing(AppConfigStatus::what));
    return new AppConfigView(
        all.stream().limit(AppConfigView.MOST_ENTRIES).toList(), counts, notGranted);
  }

  private static AppConfigPhase worst(List<AppConfigStatus> entries) {
    return entries.stream()
        .map(AppConfigStatus::phase)
        .min(Comparator.comparingInt(FIRST::indexOf))
        .orElseThrow();
  }

  private void show(Asking policy, AppConfigView view) {
    if (view.equals(views.put(policy.uid(), view))) return;
    PolicyReference reference = policy.facts().reference();
    changed.accept(new PolicyKey(reference.namespace(), reference.name()));
  }

  private void count() {
    var all = new EnumMap<AppConfigPhase, Integer>(AppConfigPhase.class);
    for (AppConfigView view : views.values()) {
      view.workloads().forEach((phase, count) -> all.merge(phase, count, Integer::sum));
    }
    for (AppConfigPhase each : AppConfigPhase.values()) {
      phases.put(each, all.getOrDefault(each, 0));
    }
  }

  /** A funnel: so many were written, so many of these worked, so many were taken back. */
  private void counted(@Nullable Memory before, Memory now) {
    if (before != null && before.stage() == now.stage() && before.began().equals(now.began()))
      return;
    String outcome =
        switch (now.stage()) {
          case APPLYING -> "written";
          case APPLIED -> "verified";
          case ROLLING_BACK -> "rolled_back";
          case CONTESTED -> "contested";
          case RESTORING -> "restored";
          case VERIFYING, ROLLED_BACK, SET_BACK -> "";
        };
    if (!outcome.isEmpty()) {
      metrics.counter(MetricNames.APP_CONFIG_CHANGES, "outcome", outcome).increment();
    }
  }
}
