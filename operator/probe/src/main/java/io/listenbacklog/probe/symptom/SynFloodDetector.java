package io.listenbacklog.probe.symptom;

import io.listenbacklog.api.SynFlood;
import io.listenbacklog.kernel.log.KernelLog;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.netns.NetCounters;
import io.listenbacklog.kernel.relisten.Relisten;
import io.listenbacklog.policy.assess.SynFloodEvidence;
import io.listenbacklog.policy.assess.SynQueue;
import io.listenbacklog.policy.assess.SynQueueLimits;
import io.listenbacklog.policy.assess.SynQueueVerdict;
import io.listenbacklog.probe.capability.Capabilities;
import io.listenbacklog.probe.observe.SocketOwners;
import io.listenbacklog.probe.observe.VisitContext;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which listeners' SYN queues overflowed.
 *
 * <p>Where cookies are sent nothing of the listener moves, only counters of its namespace, which
 * cost as much to read as dozens of look-ups. So they are read when the kernel's log has a line
 * that may be about the namespace, when a listener dropped something, and else every ten seconds,
 * in another sweep for each namespace.
 */
public final class SynFloodDetector implements SymptomDetector {
  private static final Logger log = LoggerFactory.getLogger(SynFloodDetector.class);

  private static final long TURN_NANOS = Duration.ofSeconds(10).toNanos();

  /** Of more namespaces the turn takes longer: some 50 are read in one sweep, 3 ms. */
  private static final int NAMESPACES_A_TURN = 250;

  private static final Duration LOG_AGAIN = Duration.ofMinutes(5);

  private final Clocks clocks;
  private final Relisten relisten;
  private final RecurringErrors errors;
  private final SocketOwners owners;
  private final SynFloodLog floodLog;
  private long turnNanos = TURN_NANOS;

  public SynFloodDetector(
      Clocks clocks,
      Relisten relisten,
      RecurringErrors errors,
      KernelLog kernelLog,
      SocketOwners owners,
      Capabilities capabilities) {
    this.clocks = clocks;
    this.relisten = relisten;
    this.errors = errors;
    this.owners = owners;
    floodLog = new SynFloodLog(clocks, kernelLog, capabilities);
  }

  /** A sweep over so many namespaces begins. */
  public void beginSweep(int namespaces) {
    turnNanos = TURN_NANOS * Math.max(NAMESPACES_A_TURN, namespaces) / NAMESPACES_A_TURN;
    floodLog.lookIfDue();
  }

  @Override
  public void look(VisitContext visit) {
    var namespace = visit.namespace();
    var spec = visit.spec();
    var watch = namespace.synFloods;
    long now = clocks.nanos();
    if (watch.counters() != null && !watch.isDue(now) && !mayBeFlooded(namespace)) return;
    String what = "SYN queues of network namespace " + namespace.inode;
    try {
      var before = watch.counters();
      var counters = visit.view().counters();
      if (before != null && spec != null) prove(visit.view(), namespace, spec, before, counters);
      long next = now + (before == null ? firstTurn(namespace.inode) : turnNanos);
      watch.read(counters, now, next, namespace.listeners.values());
      errors.over(what);
    } catch (IOException e) {
      errors.failed(what, e);
    }
  }

  /** Namespaces that are first seen together are read one after the other from then on. */
  private long firstTurn(long inode) {
    return turnNanos * (1 + Math.floorMod(inode, 10)) / 10;
  }

  private boolean mayBeFlooded(NamespaceState namespace) {
    for (var each : namespace.listeners.values()) {
      if (each.cgroupUid() == null) continue;
      if (namespace.synFloods.dropsRose(each) > 0) return true;
      if (floodLog.mayName(each.tcp(), namespace.synFloods.readNanos())) return true;
    }
    return false;
  }

  private void prove(
      NamespaceView view,
      NamespaceState namespace,
      NodeSpec spec,
      NetCounters before,
      NetCounters now)
      throws IOException {
    long cookies = now.requestQueueFullCookies() - before.requestQueueFullCookies();
    long fullDrops = now.requestQueueFullDrops() - before.requestQueueFullDrops();
    long drops = now.listenDrops() - before.listenDrops();
    long overflows = now.listenOverflows() - before.listenOverflows();
    if (cookies <= 0 && fullDrops <= 0 && drops <= overflows) return;
    var limits = new SynQueueLimits(view.synCookies(), view.tcpMaxSynBacklog());
    var watch = namespace.synFloods;
    var listeners = List.copyOf(namespace.listeners.values());
    boolean seen = !namespace.shared() && watch.knewAll(listeners);
    var evidence = new SynFloodEvidence(limits, cookies, fullDrops, drops, overflows, seen);
    if (!evidence.any()) return;
    floodLog.lookNow();
    var received =
        view.listeners().synReceived(listeners.stream().map(ListenerState::tcp).toList());
    var queues = new ArrayList<SynQueue>(listeners.size());
    for (var each : listeners) {
      queues.add(
          new SynQueue(
              each.backlog(),
              received.getOrDefault(each.tcp(), 0),
              watch.dropsRose(each),
              floodLog.mayName(each.tcp(), watch.readNanos())));
    }
    var verdicts = evidence.judge(queues);
    boolean proven = false;
    for (int index = 0; index < verdicts.size(); index++) {
      if (!(verdicts.get(index) instanceof SynQueueVerdict.Overflowed overflowed)) continue;
      proven = true;
      var listener = listeners.get(index);
      if (listener.ownership.isNobodysOfPod() || listener.podThatAsks(spec) == null) continue;
      overflowed(view, namespace, listener, queues.get(index), overflowed, spec);
    }
    if (!proven && (cookies > 0 || fullDrops > 0)) logThatItIsNotKnownWhose(namespace, spec);
  }

  private void overflowed(
      NamespaceView view,
      NamespaceState namespace,
      ListenerState listener,
      SynQueue queue,
      SynQueueVerdict.Overflowed overflowed,
      NodeSpec spec) {
    var now = clocks.now();
    var before = listener.symptoms.synFloodSeen();
    listener.symptoms.see(
        new SynFlood(
            (before == null ? 0 : before.cookies()) + overflowed.cookies(),
            (before == null ? 0 : before.drops()) + overflowed.drops(),
            queue.synReceived(),
            overflowed.limit(),
            overflowed.limitedBy(),
            queue.logged() || (before != null && before.logged()),
            (before == null ? 0 : before.times()) + 1,
            before == null ? now : before.since(),
            now,
            before == null ? defers(view, namespace, listener) : before.deferred()),
        clocks.nanos());
    if (before != null) return;
    log.atInfo()
        .addKeyValue(LogKeys.POD, listener.podName(spec))
        .addKeyValue(LogKeys.LISTENER, listener.id.text())
        .addKeyValue(LogKeys.PID, listener.owner() == null ? 0 : listener.owner().pid())
        .addKeyValue(LogKeys.COUNT, overflowed.cookies() + overflowed.drops())
        .log("SYN queue overflowed: cookies sent, or requests dropped");
  }

  /** Asked once an episode; null: it cannot be told. */
  private @Nullable Boolean defers(
      NamespaceView view, NamespaceState namespace, ListenerState listener) {
    owners.find(namespace, listener, 0);
    var owner = listener.owner();
    if (owner == null) return null;
    return relisten
        .defersAccepting(view, owner.pid(), owner.fd(), listener.inode, listener.tcp())
        .orElse(null);
  }

  private void logThatItIsNotKnownWhose(NamespaceState namespace, NodeSpec spec) {
    var said = namespace.synFloods.saidUnknown();
    var now = clocks.now();
    namespace.synFloods.saidUnknown(now);
    if (said != null && now.isBefore(said.plus(LOG_AGAIN))) return;
    log.atInfo()
        .addKeyValue(LogKeys.POD, NodeSpec.name(spec, namespace.sole()))
        .addKeyValue(LogKeys.NETNS, namespace.inode)
        .log("a SYN queue overflowed, and nothing tells which listener's");
  }
}
