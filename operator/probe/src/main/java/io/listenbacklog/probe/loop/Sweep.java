package io.listenbacklog.probe.loop;

import io.listenbacklog.probe.capability.Capabilities;
import io.listenbacklog.probe.discover.HostNamespaces;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.discover.ProcessScan;
import io.listenbacklog.probe.observe.SocketOwners;
import io.listenbacklog.probe.observe.VisitScope;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.NodeState;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Passes over all namespaces: scans the processes, visits each namespace, ends. While pods are
 * about to start, the processes are scanned between sweeps too, and what is new is visited.
 */
final class Sweep {
  /** Processes read in one step: some 1 ms, for which a birth may have to wait. */
  private static final int PROCESSES_A_STEP = 16;

  private static final long LONGEST_REST_NANOS = Duration.ofSeconds(1).toNanos();

  private final Clocks clocks;
  private final Engine.Intervals intervals;
  private final NodeState node;
  private final ProcessIndex processIndex;
  private final HostNamespaces hostNamespaces;
  private final StartingPods startingPods;
  private final Visits visits;
  private final SweepEdges edges;
  private final Capabilities capabilities;
  private final Counters counters;
  private final RecurringErrors errors;

  private final ArrayDeque<NamespaceState> toVisit = new ArrayDeque<>();
  private @Nullable ProcessScan scan;
  private NodeSpec.@Nullable Version begunWith;
  private boolean sweeping;
  private boolean listing;
  private long begunNanos;
  private long nextNanos;
  private long nextListingNanos;

  /** Until then none begins because of a new spec: half of the time is for other things. */
  private long restedNanos;

  Sweep(
      Clocks clocks,
      Engine.Intervals intervals,
      NodeState node,
      ProcessIndex processIndex,
      HostNamespaces hostNamespaces,
      Visits visits,
      SweepEdges edges,
      Capabilities capabilities,
      Counters counters,
      RecurringErrors errors) {
    this.clocks = clocks;
    this.intervals = intervals;
    this.node = node;
    this.processIndex = processIndex;
    this.hostNamespaces = hostNamespaces;
    this.visits = visits;
    this.edges = edges;
    this.capabilities = capabilities;
    this.counters = counters;
    this.errors = errors;
    startingPods = new StartingPods(clocks);
    nextNanos = clocks.nanos();
    restedNanos = clocks.nanos();
    nextListingNanos = clocks.nanos();
  }

  /** The next one begins now. */
  void hurry() {
    nextNanos = clocks.nanos();
  }

  /** The next one lists all listeners: some may have been missed. */
  void listNext() {
    nextListingNanos = clocks.nanos();
  }

  /** The kernel lost events, or more births came than can wait. */
  void eventsLost() {
    counters.eventsLost.incrementAndGet();
    listNext();
  }

  /** The kernel made a cgroup: perhaps that of a pod that is about to start. */
  void cgroupMade(String path) {
    startingPods.cgroupMade(path, clocks.nanos());
  }

  /**
   * A spec came. A sweep that is under way goes on with it: who changes the spec all the time ends
   * none.
   */
  void specArrived(NodeSpec arrived, @Nullable NodeSpec before, long now) {
    startingPods.arrived(arrived, before, now);
    nextNanos = Math.max(now, restedNanos);
    nextListingNanos = now;
  }

  /** Until when there is nothing to do. */
  long idleNanos(long now) {
    if (scan != null || !toVisit.isEmpty()) return 0;
    return Math.min(nextNanos - now, startingPods.idleNanos(now));
  }

  /** Does the next part that is due; false: none is. */
  boolean step(long now) {
    if (scan != null) {
      stepScan(scan, now);
    } else if (!toVisit.isEmpty()) {
      visitNext();
    } else if (now - nextNanos >= 0) {
      begin(now);
    } else if (startingPods.idleNanos(now) <= 0) {
      startingPods.looked(now);
      beginScan(now);
    } else {
      return false;
    }
    return true;
  }

  private void begin(long now) {
    sweeping = true;
    begunNanos = now;
    var spec = node.spec();
    begunWith = spec == null ? null : spec.version();
    listing = !capabilities.birthsTold() || now - nextListingNanos >= 0;
    if (listing) nextListingNanos = now + intervals.listing().toNanos();
    nextNanos = now + intervals.sweep().toNanos();
    edges.begin();
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
    if (!sweeping) startingPods.took(clocks.nanos() - begun, now);
  }

  private void stepScan(ProcessScan scan, long now) {
    long begun = clocks.nanos();
    boolean over = scan.step(PROCESSES_A_STEP, now);
    if (!sweeping) startingPods.took(clocks.nanos() - begun, now);
    if (!over) return;
    scan.failure()
        .ifPresentOrElse(e -> errors.failed("processes", e), () -> errors.over("processes"));
    this.scan = null;
    refresh();
    if (!sweeping) {
      toVisit.addAll(node.unreached());
      return;
    }
    toVisit.addAll(node.namespaces());
    if (toVisit.isEmpty()) end();
  }

  private void refresh() {
    boolean changed = node.refresh();
    if (changed) visits.refreshed();
    var spec = node.spec();
    if (spec != null && (changed || startingPods.any())) {
      startingPods.found(spec, processIndex, hostNamespaces, node::wasReached);
    }
  }

  private void visitNext() {
    var namespace = toVisit.remove();
    boolean all = listing || !namespace.listed();
    boolean changed =
        visits.visit(namespace, all ? new VisitScope.Listing() : new VisitScope.Known());
    if (changed || all || SocketOwners.isSought(namespace)) visits.attributeLater(namespace);
    if (sweeping) edges.visited(namespace, clocks.nanos());
    else edges.visitedBetween();
    if (toVisit.isEmpty() && sweeping) end();
  }

  private void end() {
    sweeping = false;
    long now = clocks.nanos();
    long took = now - begunNanos;
    restedNanos = now + Math.min(took, LONGEST_REST_NANOS);
    nextNanos = Math.max(nextNanos, restedNanos);
    edges.end(begunWith, begunNanos, now);
  }
}
