package io.listenbacklog.probe.loop;

import io.listenbacklog.api.Condition;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.kernel.events.KernelEvent;
import io.listenbacklog.probe.budget.Allowance;
import io.listenbacklog.probe.budget.Budgets;
import io.listenbacklog.probe.budget.StepBudget;
import io.listenbacklog.probe.capability.Capabilities;
import io.listenbacklog.probe.capability.CapabilityCheck;
import io.listenbacklog.probe.discover.ApplicationRecognizer;
import io.listenbacklog.probe.discover.HostNamespaces;
import io.listenbacklog.probe.discover.NamespaceOccupancy;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.journal.RecentRestorations;
import io.listenbacklog.probe.observe.Departures;
import io.listenbacklog.probe.observe.NamespaceEntry;
import io.listenbacklog.probe.observe.SandboxDetector;
import io.listenbacklog.probe.observe.SocketOwners;
import io.listenbacklog.probe.observe.VisitScope;
import io.listenbacklog.probe.remedy.BacklogRemedy;
import io.listenbacklog.probe.remedy.ContestTracker;
import io.listenbacklog.probe.remedy.ListenerRemediation;
import io.listenbacklog.probe.remedy.RaisePermit;
import io.listenbacklog.probe.remedy.RemedyOutcomes;
import io.listenbacklog.probe.remedy.SysctlRemedy;
import io.listenbacklog.probe.report.ListenerSamples;
import io.listenbacklog.probe.report.PreviousStatus;
import io.listenbacklog.probe.report.StatusBuilder;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.NamespaceSysctl;
import io.listenbacklog.probe.symptom.OverflowDetector;
import io.listenbacklog.probe.symptom.QueuePeaks;
import io.listenbacklog.probe.symptom.StallDetector;
import io.listenbacklog.probe.symptom.SynFloodDetector;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that the probe knows and does, in small steps, so that a birth never waits for the end of a
 * sweep. Owned by one thread; nothing here waits, and nothing here calls the API.
 */
public final class Engine {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);

  /** Processes read in one step: some 1 ms, for which a birth may have to wait. */
  private static final int PROCESSES_A_STEP = 16;

  private static final long PUBLISH_NANOS = Duration.ofMillis(100).toNanos();

  /** When it is told what is new though there is always something else to do. */
  private static final long OVERDUE_NANOS = Duration.ofMillis(500).toNanos();

  /**
   * When it is told what was found though a newer spec is not swept yet: for one that changes all
   * the time. Else the status tells of one spec at a time.
   */
  private static final long LONGEST_HOLD_NANOS = Duration.ofSeconds(1).toNanos();

  private static final long LONGEST_REST_NANOS = Duration.ofSeconds(1).toNanos();

  private static final long WATCHED_NANOS = Duration.ofMillis(100).toNanos();

  /** So many kinds of things are done between the steps of sweeps. */
  private static final int BETWEEN = 5;

  private final Clocks clocks;
  private final ProcessIndex processIndex;
  private final Journal journal;
  private final Counters counters;
  private final RecurringErrors errors;
  private final Intervals intervals;
  private final Consumer<NodeBacklogStatus> publisher;
  private final Budgets budgets;
  private final Allowance birthTime;
  private final RaisePermit permit;
  private final StepBudget step;
  private final SocketOwners owners;
  private final PreviousStatus memory;
  private final NamespaceVisit visit;
  private final SynFloodDetector synFloods;
  private final PendingBirths births;
  private final StartingPods newcomers;
  private final HostNamespaces nodeNamespaces;
  private final StallDetector stalls;
  private final QueuePeaks peaks;
  private final Capabilities capabilities;
  private final StatusBuilder report;
  private final Departures departures;

  private final Map<Long, NamespaceState> namespaces = new LinkedHashMap<>();
  private final Set<NamespaceState> unattributed = new LinkedHashSet<>();

  /** Namespaces with listeners that a visit had no time to judge. */
  private final Set<NamespaceState> unjudged = new LinkedHashSet<>();

  private int turns;
  private int between;
  private boolean lastWereBirths;

  private long discoveryChanges = -1;
  private Set<String> watchedBefore = Set.of();
  private Set<String> watchedNow = Set.of();
  private @Nullable NodeSpec watchedFor;
  private long watchedNanos;
  private @Nullable NodeSpec spec;
  private ProcessIndex.@Nullable Scan scan;
  private ArrayDeque<NamespaceState> toVisit = new ArrayDeque<>();
  private NodeSpec.@Nullable Version begunWith;
  private NodeSpec.@Nullable Version observed;
  private boolean ready;
  private boolean swept;
  private boolean sweeping;
  private boolean listing;
  private boolean statusTaken;
  private boolean apiRead;
  private boolean dirty;
  private long sweepBegunNanos;
  private long nextSweepNanos;
  private long nextListingNanos;
  private long nextPublishNanos;
  private long toldNanos;

  /** Until then no sweep begins because of a new spec: half of the time is for other things. */
  private long restedNanos;

  private @Nullable NodeBacklogStatus published;

  /**
   * How often things are looked at.
   *
   * @param sweep every known listener
   * @param listing every namespace in full, while births work; without them at each sweep
   */
  public record Intervals(Duration sweep, Duration listing) {}

  Engine(
      NodeAccess node,
      Journal journal,
      ApplicationRecognizer recogniser,
      Intervals intervals,
      Budgets budgets,
      Clocks clocks,
      Counters counters,
      Consumer<NodeBacklogStatus> publisher) {
    this.clocks = clocks;
    this.journal = journal;
    this.counters = counters;
    this.budgets = budgets;
    this.intervals = intervals;
    this.publisher = publisher;
    var kernel = node.kernel();
    var processes = kernel.processes();
    nodeNamespaces = node.hostNamespaces();
    processIndex = new ProcessIndex(processes);
    errors = new RecurringErrors(counters);
    var restorations = new RecentRestorations();
    birthTime = new Allowance(budgets.birthNanosOfPod(), budgets.birthNanos(), clocks.nanos());
    step = new StepBudget(clocks.ticker(), budgets.step());
    var entry = new NamespaceEntry(processIndex, kernel.namespaces(), nodeNamespaces);
    owners =
        new SocketOwners(
            clocks, processes, processIndex, journal, recogniser, errors, step, budgets);
    var outcomes = new RemedyOutcomes(clocks, restorations, counters);
    var contests = new ContestTracker(clocks, kernel, processIndex, journal);
    var somaxconns =
        new SysctlRemedy(
            clocks, journal, counters, errors, outcomes, contests, NamespaceSysctl.SOMAXCONN);
    var synBacklogs =
        new SysctlRemedy(
            clocks,
            journal,
            counters,
            errors,
            outcomes,
            contests,
            NamespaceSysctl.TCP_MAX_SYN_BACKLOG);
    permit = new RaisePermit(clocks);
    var backlogs =
        new BacklogRemedy(
            clocks, kernel.relisten(), processIndex, journal, counters, outcomes, contests, owners);
    var judge = new ListenerRemediation(clocks, journal, step, permit, backlogs, somaxconns);
    stalls = new StallDetector(clocks, counters, errors, kernel, processIndex, owners, entry);
    peaks = new QueuePeaks(clocks, entry);
    memory = new PreviousStatus(clocks, kernel, journal, restorations, errors, nodeNamespaces);
    births = new PendingBirths(clocks, processes, processIndex, budgets.postponedBirthNanos());
    newcomers = new StartingPods(clocks);
    capabilities = new Capabilities(clocks);
    synFloods =
        new SynFloodDetector(clocks, kernel.relisten(), errors, kernel.log(), owners, capabilities);
    visit =
        new NamespaceVisit(
            clocks,
            journal,
            errors,
            step,
            budgets,
            permit,
            entry,
            memory,
            owners,
            judge,
            somaxconns,
            List.of(somaxconns, synBacklogs),
            new OverflowDetector(clocks, errors),
            synFloods,
            new UnixVisit(clocks, journal, errors, memory),
            new SandboxDetector(processes, processIndex, errors));
    new CapabilityCheck(kernel.relisten(), kernel.namespaces(), processes, nodeNamespaces)
        .run(capabilities, node.ownPid());
    report =
        new StatusBuilder(
            clocks, processIndex, journal, restorations, counters, node.bootId(), memory);
    departures = new Departures(clocks, processes, processIndex, errors, step, nodeNamespaces);
    nextSweepNanos = clocks.nanos();
    restedNanos = clocks.nanos();
    nextListingNanos = clocks.nanos();
  }

  /** Whether a spec is known and a sweep with it is done. */
  public boolean ready() {
    return ready;
  }

  /**
   * A spec that an earlier probe had kept holds until the API says more. Nothing is published
   * before that: what was told of a listener, and since when, stands only in the status, which must
   * be read before it is written anew.
   */
  void goOnWith(NodeSpec kept) {
    if (spec == null) take(kept);
  }

  /**
   * A spec has come from the API.
   *
   * @param status of the same object, written by an earlier probe; null where there is none
   */
  void accept(NodeSpec arrived, @Nullable NodeBacklogStatus status) {
    if (!apiRead) {
      apiRead = true;
      dirty = true;
      permit.apiAnswered();
      nextSweepNanos = clocks.nanos(); // what waited for it is raised, be it the same spec
    }
    if (!statusTaken && status != null) {
      statusTaken = true;
      memory.take(status, arrived, report.bootId());
      namespaces.values().forEach(memory::recall);
      dirty = true;
    }
    if (spec == null || !spec.isSame(arrived)) take(arrived);
  }

  private void take(NodeSpec arrived) {
    log.atInfo()
        .addKeyValue(LogKeys.GENERATION, arrived.generation())
        .addKeyValue(LogKeys.COUNT, arrived.pods().size())
        .log("new spec");
    long now = clocks.nanos();
    newcomers.arrived(arrived, spec, now);
    spec = arrived;
    for (var namespace : namespaces.values()) {
      for (var each : namespace.all()) each.askedAnew();
    }
    discoveryChanges = -1; // a pod may be on the node's network now, or not any more
    swept = false;
    // A sweep that is under way goes on with it: who changes the spec all the time ends none.
    nextSweepNanos = Math.max(now, restedNanos);
    nextListingNanos = now;
  }

  /**
   * The kernel told something. Births of a pod that has used up its share are left to a step:
   * behind thousands of them a new spec would wait for a look at each.
   */
  void accept(KernelEvent event) {
    switch (event) {
      case KernelEvent.ListenerBorn(int thread, int port) -> {
        step.begin();
        counters.births.incrementAndGet();
        if (!births.add(thread, port, clocks.nanos())) {
          counters.eventsLost.incrementAndGet();
          nextListingNanos = clocks.nanos();
        }
        lookAtDueBirths();
      }
      case KernelEvent.CgroupMade(String path) -> newcomers.cgroupMade(path, clocks.nanos());
      case KernelEvent.EventsLost() -> {
        counters.eventsLost.incrementAndGet();
        nextListingNanos = clocks.nanos();
      }
    }
  }

  /** Births are told from now on. */
  void birthsWork() {
    dirty |= capabilities.birthsWork();
    nextListingNanos = clocks.nanos();
  }

  /** Births are not told: sweeps list everything. */
  void birthsFail(String why) {
    dirty |= capabilities.birthsFail(why);
  }

  /** The node's clock and the API server's differ; zero: they do not (any more). */
  void clockIsBehind(Duration by) {
    dirty |= capabilities.clockIsBehind(by);
  }

  /** What the probe can do on this node. */
  List<Condition> capabilities() {
    return capabilities.all();
  }

  /** Every listener of a watched pod, for metrics. */
  ListenerSamples samples(int most) {
    return report.samples(spec, namespaces.values(), most);
  }

  /** How long nothing has to be done; 0 or less: something is due now. */
  long idleNanos() {
    if (scan != null || !toVisit.isEmpty() || !unjudged.isEmpty()) return 0;
    long now = clocks.nanos();
    long idle = nextSweepNanos - now;
    idle = Math.min(idle, newcomers.idleNanos(now));
    idle = Math.min(idle, births.idleNanos(now));
    idle = Math.min(idle, stalls.idleNanos(now));
    idle = Math.min(idle, peaks.idleNanos(now));
    idle = Math.min(idle, owners.idleNanos(now));
    if (!unattributed.isEmpty()) return 0;
    return dirty ? Math.min(idle, nextPublishNanos - now) : idle;
  }

  /**
   * Does the next small thing that is due, if any is. Births come first, but not twice in a row;
   * what a sweep does and what comes of it take turns: so nothing waits for the end of another,
   * whatever there is of it.
   */
  void step() {
    step.begin();
    long now = clocks.nanos();
    boolean birthsFirst = births.idleNanos(now) <= 0 && !lastWereBirths;
    lastWereBirths = birthsFirst;
    turns++;
    if (birthsFirst) {
      lookAtBirths();
    } else if (dirty && now - nextPublishNanos > OVERDUE_NANOS) {
      publish(now);
    } else if (turns % 2 == 0
        ? !stepSweep(now) && !stepBetween(now)
        : !stepBetween(now) && !stepSweep(now)) {
      if (dirty && now - nextPublishNanos >= 0) publish(now);
    }
  }

  private boolean stepSweep(long now) {
    if (scan != null) {
      stepScan(scan, now);
    } else if (!toVisit.isEmpty()) {
      stepVisits();
    } else if (now - nextSweepNanos >= 0) {
      beginSweep(now);
    } else if (newcomers.idleNanos(now) <= 0) {
      newcomers.looked(now);
      beginScan(now);
    } else {
      return false;
    }
    return true;
  }

  /** One of the things that sweeps and births leave to be done, in turn. */
  private boolean stepBetween(long now) {
    for (int tried = 0; tried < BETWEEN; tried++) {
      boolean done =
          switch (Math.floorMod(between++, BETWEEN)) {
            case 0 -> goOnSearching(now);
            case 1 -> judgeMore();
            case 2 -> attribute();
            case 3 -> lookForPeaks(now);
            default -> lookAtQueues(now);
          };
      if (done) return true;
    }
    return false;
  }

  private boolean lookForPeaks(long now) {
    if (peaks.idleNanos(now) > 0) return false;
    peaks.step(now);
    return true;
  }

  private boolean lookAtQueues(long now) {
    if (stalls.idleNanos(now) > 0) return false;
    dirty |= stalls.step(now);
    return true;
  }

  private void beginSweep(long now) {
    sweeping = true;
    sweepBegunNanos = now;
    begunWith = spec == null ? null : spec.version();
    listing = !capabilities.birthsTold() || now - nextListingNanos >= 0;
    if (listing) nextListingNanos = now + intervals.listing().toNanos();
    nextSweepNanos = now + intervals.sweep().toNanos();
    synFloods.beginSweep(namespaces.size());
    visit.beginSweep(namespaces.values());
    beginScan(now);
  }

  private void beginScan(long now) {
    long begun = clocks.nanos();
    try {
      scan = processIndex.scan(now);
      errors.over("list of processes");
    } catch (IOException | RuntimeException e) {
      errors.failed("list of processes", e);
      sweeping = false;
    }
    if (!sweeping) newcomers.took(clocks.nanos() - begun, now);
  }

  private void stepScan(ProcessIndex.Scan scan, long now) {
    long begun = clocks.nanos();
    boolean over = scan.step(PROCESSES_A_STEP, now);
    if (!sweeping) newcomers.took(clocks.nanos() - begun, now);
    if (!over) return;
    scan.failure()
        .ifPresentOrElse(e -> errors.failed("processes", e), () -> errors.over("processes"));
    this.scan = null;
    var fresh = refreshNamespaces();
    if (sweeping) {
      toVisit.addAll(namespaces.values());
      if (toVisit.isEmpty()) endSweep();
    } else {
      toVisit.addAll(fresh);
    }
  }

  private void stepVisits() {
    var namespace = toVisit.remove();
    boolean all = listing || !namespace.listed();
    boolean changed = visit(namespace, all ? new VisitScope.Listing() : new VisitScope.Known());
    if (changed || all || SocketOwners.isSought(namespace)) unattributed.add(namespace);
    if (toVisit.isEmpty() && sweeping) endSweep();
    else if (!sweeping) dirty = true;
  }

  private boolean visit(NamespaceState namespace, VisitScope scope) {
    boolean changed = visit.run(namespace, scope, spec);
    if (namespace.toJudge.isEmpty()) unjudged.remove(namespace);
    else unjudged.add(namespace);
    return changed;
  }

  private void endSweep() {
    sweeping = false;
    long now = clocks.nanos();
    long took = now - sweepBegunNanos;
    restedNanos = now + Math.min(took, LONGEST_REST_NANOS);
    nextSweepNanos = Math.max(nextSweepNanos, restedNanos);
    forgetGone();
    forgetSymptoms();
    stalls.swept(namespaces.values(), spec);
    peaks.swept(namespaces.values(), spec);
    counters.sweeps.incrementAndGet();
    counters.sweepNanos.addAndGet(now - sweepBegunNanos);
    counters.lastSweepNanos.set(now - sweepBegunNanos);
    dirty = true;
    observed = begunWith;
    if (spec == null) return;
    memory.swept();
    if (swept || observed == null) return;
    ready = true;
    if (observed.equals(spec.version())) {
      swept = true;
      nextPublishNanos = now;
    } else if (observed.isEarlier(spec.version()) && now - toldNanos > LONGEST_HOLD_NANOS) {
      publishNow(now);
    }
  }

  private void forgetSymptoms() {
    long now = clocks.nanos();
    for (var namespace : namespaces.values()) {
      for (var each : namespace.all()) each.symptoms.forget(now);
    }
  }

  private void lookAtBirths() {
    lookAtDueBirths();
    while (!step.spent()) {
      var postponed = births.nextPostponed(clocks.nanos());
      if (postponed.isEmpty()) return;
      look(postponed.get(), true);
      lookAtDueBirths();
    }
  }

  private void lookAtDueBirths() {
    while (!step.spent()) {
      var due = births.next(clocks.nanos());
      if (due.isEmpty()) return;
      look(due.get(), false);
    }
  }

  private void look(PendingBirths.Birth birth, boolean wasPostponed) {
    if (spec == null) return;
    try {
      long now = clocks.nanos();
      if (!wasPostponed && isBeyondShare(birth, births.asLast(birth, now), now)) return;
      var process = births.process(birth, spec);
      if (process == null || process.cgroupUid() == null) return;
      if (!spec.pods().containsKey(process.cgroupUid())) return;
      now = clocks.nanos();
      if (!wasPostponed && isBeyondShare(birth, process, now)) return;
      var namespace = namespace(process.namespace(), watchedLately(now));
      counters.birthsOfPods.incrementAndGet();
      boolean seen = visit(namespace, new VisitScope.NewListener(birth.port(), process.pid()));
      long took = clocks.nanos() - now;
      if (wasPostponed) births.spentOnPostponed(took, clocks.nanos());
      else birthTime.spend(process.cgroupUid(), took, clocks.nanos());
      if (seen) {
        unattributed.add(namespace);
        dirty = true;
      } else {
        births.again(birth, process, clocks.nanos());
      }
      errors.over("births");
    } catch (IOException | RuntimeException e) {
      errors.failed("births", e);
    }
  }

  /** Whether its pod has used up its share of time: then it waits, or a sweep must find it. */
  private boolean isBeyondShare(
      PendingBirths.Birth birth, ProcessIndex.@Nullable KnownProcess process, long now) {
    if (process == null || process.cgroupUid() == null) return false;
    if (birthTime.waitNanos(process.cgroupUid(), now) == 0) return false;
    if (!births.postpone(birth, process)) leaveToSweep(process);
    return true;
  }

  /** A pod that has more births than its share of time lets one look at. */
  private void leaveToSweep(ProcessIndex.KnownProcess process) {
    counters.birthsLeft.incrementAndGet();
    var namespace = namespaces.get(process.namespace());
    if (namespace != null) namespace.listAnew();
  }

  /** As of a moment ago: among thousands of births nothing is asked of the whole journal. */
  @SuppressWarnings("ReferenceEquality") // a spec that arrives is another object, and quickly told
  private Set<String> watchedLately(long now) {
    if (watchedFor != spec || now - watchedNanos > WATCHED_NANOS) {
      watchedNow = watchedPods();
      watchedFor = spec;
      watchedNanos = now;
    }
    return watchedNow;
  }

  /** The namespaces of watched pods; returns those that nobody has looked into yet. */
  private List<NamespaceState> refreshNamespaces() {
    var watched = watchedPods();
    boolean changed = processIndex.changes() != discoveryChanges || !watched.equals(watchedBefore);
    if (changed) {
      discoveryChanges = processIndex.changes();
      watchedBefore = watched;
      var inodes = new LinkedHashSet<Long>();
      for (String pod : watched) {
        processIndex.namespaces(pod).stream()
            .limit(budgets.namespacesOfPod(inodes.size()))
            .forEach(inodes::add);
      }
      for (var entry : journal.entries()) {
        if (ofNode(entry)) inodes.add(entry.networkNamespace());
      }
      namespaces.keySet().retainAll(inodes);
      unattributed.removeIf(each -> !namespaces.containsKey(each.inode));
      unjudged.removeIf(each -> !namespaces.containsKey(each.inode));
      owners.forgetNamespaces(each -> !namespaces.containsKey(each.inode));
      for (long inode : inodes) {
        owners.forgetGone(namespace(inode, watched).all());
      }
    }
    if (spec != null && (changed || newcomers.any())) {
      newcomers.found(spec, processIndex, nodeNamespaces, this::wasReached);
    }
    return namespaces.values().stream().filter(each -> !each.wasReached()).toList();
  }

  private boolean wasReached(long inode) {
    var namespace = namespaces.get(inode);
    return namespace != null && namespace.wasReached();
  }

  /** Pods that are governed, or of which something is raised. */
  private Set<String> watchedPods() {
    var pods = new LinkedHashSet<String>();
    if (spec != null) pods.addAll(spec.pods().keySet());
    for (var entry : journal.entries()) {
      if (!ofNode(entry)) pods.add(entry.cgroupUid());
    }
    return pods;
  }

  /** Whether something was raised that is no pod's. */
  private static boolean ofNode(JournalEntry entry) {
    return entry.cgroupUid().equals(JournalEntry.Sysctl.NODE);
  }

  private NamespaceState namespace(long inode, Set<String> watched) {
    var namespace = namespaces.get(inode);
    if (namespace != null && mayBeAnother(namespace)) namespace.doubt();
    if (namespace == null) {
      namespace = new NamespaceState(inode, clocks.nanos());
      namespaces.put(inode, namespace);
      memory.recall(namespace);
    }
    var member = processIndex.members(inode).firstEntry();
    if (member != null) nodeNamespaces.meet(inode, member.getKey());
    namespace.occupiedBy(NamespaceOccupancy.of(inode, processIndex, watched, spec, nodeNamespaces));
    return namespace;
  }

  /**
   * Whether an inode number has become another namespace's, as the kernel gives out the lowest that
   * is free: of the processes that are in it none was known when it was entered last.
   */
  private boolean mayBeAnother(NamespaceState namespace) {
    return namespace.listed()
        && !namespace.nodes()
        && processIndex.areNewSince(namespace.inode, namespace.visitedNanos());
  }

  /** Forgets what was raised and is gone: the socket, the namespace, the pod. */
  private void forgetGone() {
    var gone = new ArrayList<JournalEntry>();
    var missed = new ArrayList<JournalEntry>();
    for (var entry : journal.entries()) {
      if (ofNode(entry)) continue;
      var namespace = namespaces.get(entry.networkNamespace());
      if (namespace == null || !namespace.pods().contains(entry.cgroupUid())) {
        missed.add(entry);
      } else if (entry instanceof JournalEntry.Backlog it
          && namespace.listed()
          && namespace.unobservable() == null
          && namespace.isGone(it)) {
        gone.add(entry);
      }
    }
    gone.addAll(departures.proven(missed));
    for (var entry : gone) {
      try {
        journal.forget(entry);
      } catch (IOException e) {
        errors.failed("journal", e);
      }
    }
  }

  /** Says what changed, now that nothing more urgent is to be done. */
  private void publish(long now) {
    nextPublishNanos = now + PUBLISH_NANOS;
    dirty = false;
    if (swept) publishNow(now);
  }

  private void publishNow(long now) {
    nextPublishNanos = now + PUBLISH_NANOS;
    if (spec == null || observed == null || !apiRead) return;
    toldNanos = now;
    if (counters.sysctlsRaised.get() > 0) capabilities.sysctlWorks();
    capabilities.podsSeen(report.hidden(spec, namespaces.values()));
    var status =
        report.status(spec, observed.generation(), namespaces.values(), capabilities.all());
    if (status.equals(published)) return;
    published = status;
    publisher.accept(status);
  }

  /** What was found late is judged, and raised, at once. */
  private boolean goOnSearching(long now) {
    if (owners.idleNanos(now) > 0) return false;
    var found = owners.step(now);
    if (found != null && namespaces.get(found.inode) == found) {
      unattributed.add(found);
      found.all().forEach(found::judgeLater);
      unjudged.add(found);
    }
    return true;
  }

  /** Goes on where a visit had no time to judge, raise or put back all listeners, in turn. */
  private boolean judgeMore() {
    if (unjudged.isEmpty()) return false;
    var namespace = unjudged.iterator().next();
    unjudged.remove(namespace);
    int before = namespace.toJudge.size();
    visit(namespace, new VisitScope.Rest());
    // It could not be entered: the next sweep will see.
    if (namespace.toJudge.size() >= before) unjudged.remove(namespace);
    dirty = true;
    return true;
  }

  /** Finds out whose the listeners of one namespace are: for people, so it may come last. */
  private boolean attribute() {
    if (unattributed.isEmpty()) return false;
    var namespace = unattributed.iterator().next();
    unattributed.remove(namespace);
    dirty = true;
    var listeners = namespace.all();
    try {
      var wanting = listeners.stream().filter(owners::due).toList();
      if (!wanting.isEmpty() && !namespace.shared()) owners.look(namespace, wanting, 0);
      owners.attribute(listeners);
      errors.over("owners");
    } catch (RuntimeException e) {
      errors.failed("owners", e);
    }
    return true;
  }
}
