package io.listenbacklog.probe.loop;

import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.probe.budget.Allowance;
import io.listenbacklog.probe.budget.Budgets;
import io.listenbacklog.probe.budget.StepBudget;
import io.listenbacklog.probe.capability.Capabilities;
import io.listenbacklog.probe.capability.CapabilityCheck;
import io.listenbacklog.probe.discover.ApplicationRecognizer;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.RecentRestorations;
import io.listenbacklog.probe.observe.Departures;
import io.listenbacklog.probe.observe.DescriptorReader;
import io.listenbacklog.probe.observe.ListenerIntake;
import io.listenbacklog.probe.observe.NamespaceEntry;
import io.listenbacklog.probe.observe.OwnerIdentification;
import io.listenbacklog.probe.observe.PodAttribution;
import io.listenbacklog.probe.observe.PreviousStatus;
import io.listenbacklog.probe.observe.SandboxDetector;
import io.listenbacklog.probe.observe.SocketHolders;
import io.listenbacklog.probe.observe.SocketOwners;
import io.listenbacklog.probe.observe.UnixListing;
import io.listenbacklog.probe.observe.WatchShares;
import io.listenbacklog.probe.remedy.BacklogRemedy;
import io.listenbacklog.probe.remedy.ContestTracker;
import io.listenbacklog.probe.remedy.ListenerRemediation;
import io.listenbacklog.probe.remedy.NamespaceRemediation;
import io.listenbacklog.probe.remedy.RaisePermit;
import io.listenbacklog.probe.remedy.RaiseShares;
import io.listenbacklog.probe.remedy.RemedyOutcomes;
import io.listenbacklog.probe.remedy.SysctlFloors;
import io.listenbacklog.probe.remedy.SysctlRemedy;
import io.listenbacklog.probe.report.StatusBuilder;
import io.listenbacklog.probe.state.NamespaceSysctl;
import io.listenbacklog.probe.state.NodeState;
import io.listenbacklog.probe.symptom.DescriptorWatch;
import io.listenbacklog.probe.symptom.FullUnixQueues;
import io.listenbacklog.probe.symptom.OverflowDetector;
import io.listenbacklog.probe.symptom.QueuePeaks;
import io.listenbacklog.probe.symptom.StallDetector;
import io.listenbacklog.probe.symptom.StallDiagnosis;
import io.listenbacklog.probe.symptom.SynFloodDetector;
import io.listenbacklog.probe.symptom.UnixQueueLooks;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.util.List;
import java.util.function.Consumer;

/** Puts an engine together: makes each part once, and hands it to those that need it. */
final class Assembly {
  private final NodeAccess access;
  private final NodeKernel kernel;
  private final Journal journal;
  private final Budgets budgets;
  private final Clocks clocks;
  private final Counters counters;
  private final RecurringErrors errors;
  private final ProcessIndex processIndex;
  private final StepBudget step;
  private final RecentRestorations restorations = new RecentRestorations();
  private final NamespaceEntry entry;
  private final SocketHolders holders;
  private final SocketOwners owners;
  private final OwnerIdentification identification;
  private final PreviousStatus previous;
  private final NodeState node;
  private final RaisePermit permit;
  private final Capabilities capabilities;
  private final SynFloodDetector synFloods;
  private final StallDetector stalls;
  private final QueuePeaks peaks;

  private Assembly(
      NodeAccess access,
      Journal journal,
      ApplicationRecognizer recogniser,
      Budgets budgets,
      Clocks clocks,
      Counters counters) {
    this.access = access;
    this.journal = journal;
    this.budgets = budgets;
    this.clocks = clocks;
    this.counters = counters;
    kernel = access.kernel();
    var processes = kernel.processes();
    errors = new RecurringErrors(counters);
    processIndex = new ProcessIndex(processes, access.socketsOutliveOwners());
    step = new StepBudget(clocks.ticker(), budgets.step());
    entry = new NamespaceEntry(processIndex, kernel.namespaces(), access.hostNamespaces());
    var descriptors =
        new DescriptorReader(
            clocks,
            processes,
            new Allowance(budgets.descriptorsOfPod(), budgets.descriptors(), clocks.nanos()));
    holders = new SocketHolders(processes, processIndex, errors, step, descriptors);
    owners = new SocketOwners(clocks, processes, processIndex, errors, step, descriptors, holders);
    identification = new OwnerIdentification(clocks, step, processes, journal, recogniser, errors);
    previous =
        new PreviousStatus(
            clocks,
            kernel,
            journal,
            restorations,
            errors,
            access.hostNamespaces(),
            access.bootId());
    node =
        new NodeState(
            clocks, processIndex, journal, access.hostNamespaces(), budgets, previous::recall);
    permit = new RaisePermit(clocks);
    capabilities = new Capabilities(clocks);
    synFloods =
        new SynFloodDetector(clocks, kernel.relisten(), errors, kernel.log(), owners, capabilities);
    stalls = stalls();
    peaks = new QueuePeaks(entry);
  }

  private StallDetector stalls() {
    var diagnosis =
        new StallDiagnosis(
            clocks,
            kernel.processes(),
            kernel.threads(),
            errors,
            owners,
            holders,
            identification,
            entry);
    var descriptors =
        new DescriptorWatch(clocks, kernel.processes(), processIndex, errors, holders);
    var time = new Allowance(budgets.queueNanosOfPod(), budgets.queueNanos(), clocks.nanos());
    return new StallDetector(clocks, counters, errors, entry, diagnosis, descriptors, time);
  }

  /**
   * Makes an engine.
   *
   * @param publisher takes each status that differs from the one before; must not wait
   */
  static Engine engine(
      NodeAccess access,
      Journal journal,
      ApplicationRecognizer recogniser,
      Engine.Intervals intervals,
      Budgets budgets,
      Clocks clocks,
      Counters counters,
      Consumer<NodeBacklogStatus> publisher) {
    return new Assembly(access, journal, recogniser, budgets, clocks, counters)
        .engine(intervals, publisher);
  }

  private Engine engine(Engine.Intervals intervals, Consumer<NodeBacklogStatus> publisher) {
    var builder =
        new StatusBuilder(
            clocks, processIndex, journal, restorations, counters, access.bootId(), previous);
    var publication = new Publication(clocks, node, capabilities, builder, counters, publisher);
    var watchShares = new WatchShares(budgets, journal);
    var intake = new ListenerIntake(clocks, journal, watchShares, previous);
    var visits =
        new Visits(
            node, namespaceVisit(intake, watchShares), owners, identification, errors, publication);
    new CapabilityCheck(
            kernel.relisten(), kernel.namespaces(), kernel.processes(), access.hostNamespaces())
        .run(capabilities, access.ownPid());
    return new Engine(
        clocks,
        step,
        node,
        sweep(intervals, watchShares, visits, publication),
        births(visits, publication),
        new FollowUps(visits, peaks, stalls, publication),
        previous,
        permit,
        capabilities,
        publication);
  }

  private NamespaceVisit namespaceVisit(ListenerIntake intake, WatchShares watchShares) {
    var outcomes = new RemedyOutcomes(clocks, restorations, counters);
    var contests = new ContestTracker(clocks, kernel, processIndex, journal);
    var somaxconn = sysctl(NamespaceSysctl.SOMAXCONN, outcomes, contests);
    var synBacklog = sysctl(NamespaceSysctl.TCP_MAX_SYN_BACKLOG, outcomes, contests);
    var backlogs =
        new BacklogRemedy(
            clocks,
            kernel.relisten(),
            processIndex,
            journal,
            outcomes,
            new RaiseShares(budgets.raised(), journal),
            contests,
            owners,
            holders,
            identification);
    var remediation = new ListenerRemediation(clocks, journal, step, permit, backlogs, somaxconn);
    return new NamespaceVisit(
        clocks,
        errors,
        entry,
        new SandboxDetector(kernel.processes(), processIndex, errors),
        new SysctlFloors(permit, somaxconn, synBacklog),
        intake,
        new UnixListing(clocks, journal, errors, watchShares, previous),
        new PodAttribution(owners),
        List.of(
            new OverflowDetector(clocks, errors),
            synFloods,
            new FullUnixQueues(clocks),
            new UnixQueueLooks(clocks, errors)),
        new NamespaceRemediation(step, remediation));
  }

  private SysctlRemedy sysctl(
      NamespaceSysctl which, RemedyOutcomes outcomes, ContestTracker contests) {
    var shares = new RaiseShares(budgets.raised(), journal);
    return new SysctlRemedy(clocks, journal, counters, errors, outcomes, shares, contests, which);
  }

  private Sweep sweep(
      Engine.Intervals intervals, WatchShares watchShares, Visits visits, Publication publication) {
    var departures =
        new Departures(
            clocks,
            kernel.processes(),
            processIndex,
            journal,
            errors,
            step,
            access.hostNamespaces());
    var edges =
        new SweepEdges(
            node,
            watchShares,
            synFloods,
            stalls,
            peaks,
            departures,
            previous,
            publication,
            counters);
    return new Sweep(
        clocks,
        intervals,
        node,
        processIndex,
        access.hostNamespaces(),
        visits,
        edges,
        capabilities,
        counters,
        errors);
  }

  private BirthVisits births(Visits visits, Publication publication) {
    return new BirthVisits(
        clocks,
        step,
        node,
        new PendingBirths(clocks, kernel.processes(), processIndex, budgets.postponedBirthNanos()),
        new Allowance(budgets.birthNanosOfPod(), budgets.birthNanos(), clocks.nanos()),
        visits,
        counters,
        errors,
        publication);
  }
}
