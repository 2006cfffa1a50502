package io.listenbacklog.probe.symptom;

import io.listenbacklog.api.DescriptorUse;
import io.listenbacklog.api.FormerServer;
import io.listenbacklog.api.StalledThread;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.socket.Connection;
import io.listenbacklog.kernel.socket.ConnectionTable;
import io.listenbacklog.kernel.socket.ListenerId;
import io.listenbacklog.kernel.threads.ThreadFacts;
import io.listenbacklog.kernel.threads.Threads;
import io.listenbacklog.policy.assess.ThreadRanking;
import io.listenbacklog.probe.observe.NamespaceEntry;
import io.listenbacklog.probe.observe.OwnerIdentification;
import io.listenbacklog.probe.observe.SocketHolders;
import io.listenbacklog.probe.observe.SocketOwners;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.SocketOwner;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks what the processes do that hold a listener and do not accept: which threads wait in which
 * system calls, and for whom. Reads procfs alone, and so disturbs nobody.
 */
public final class StallDiagnosis {
  /** So many threads are looked at, each some 50 µs; first threads of processes come first. */
  private static final int MOST_THREADS = 128;

  /** Threads that are counted, of all processes together; at least the first of each. */
  private static final int MOST_COUNTED = 10_000;

  /** Of so many processes it is asked whether they are at their limit of open files. */
  private static final int MOST_LIMITS = 128;

  /** As many as a Stall may name. */
  private static final int MOST_REPORTED = 8;

  private final Clocks clocks;
  private final Processes processes;
  private final RecurringErrors errors;
  private final SocketOwners owners;
  private final SocketHolders socketHolders;
  private final OwnerIdentification identification;
  private final NamespaceEntry entry;
  private final InheritedListeners heirs;
  private final Threads threads;

  public StallDiagnosis(
      Clocks clocks,
      Processes processes,
      Threads threads,
      RecurringErrors errors,
      SocketOwners owners,
      SocketHolders socketHolders,
      OwnerIdentification identification,
      NamespaceEntry entry) {
    this.clocks = clocks;
    this.processes = processes;
    this.errors = errors;
    this.owners = owners;
    this.socketHolders = socketHolders;
    this.identification = identification;
    this.entry = entry;
    heirs = new InheritedListeners(processes, entry);
    this.threads = threads;
  }

  /**
   * What was found.
   *
   * @param processes that hold the listener
   * @param workers threads of those
   * @param threads the ones that say most first; one stands for all that do the same
   * @param descriptors of a process among them that can open no more; null: each can
   * @param inheritedFrom whose it was, where they are no servers; null: they may be
   * @param open connections that were accepted here and are not closed; null: not known
   * @param whole whether all who hold it were found; else asking again may tell more
   */
  record Findings(
      int processes,
      int workers,
      List<StalledThread> threads,
      @Nullable DescriptorUse descriptors,
      @Nullable FormerServer inheritedFrom,
      @Nullable Integer open,
      boolean whole) {
    static final Findings NONE = new Findings(0, 0, List.of(), null, null, null, true);
  }

  Findings of(NamespaceState namespace, ListenerState listener) {
    var what = "threads of " + listener.id.text() + " in network namespace " + namespace.inode;
    try {
      var found = socketHolders.of(listener);
      var holders = holders(namespace, listener, found);
      var ids = new LinkedHashMap<Integer, int[]>();
      int workers = 0;
      for (int pid : holders) {
        var of = threads.of(pid, Math.max(1, MOST_COUNTED - workers));
        ids.put(pid, of);
        workers += of.length;
      }
      var facts = GoMonitor.leftOut(threads.lookAgain(facts(ids)), processes);
      var connections = connections(namespace, listener, facts);
      var threadsSeen =
          facts.stream()
              .map(each -> ThreadReading.of(each, listener.inode, connections.peers))
              .toList();
      var chosen = ThreadRanking.choose(threadsSeen, MOST_REPORTED);
      errors.over(what);
      var former = found.whole() ? heirs.inheritedFrom(namespace, listener, holders) : null;
      var limit = atLimit(holders);
      return new Findings(
          holders.size(), workers, chosen, limit, former, connections.open, found.whole());
    } catch (IOException e) {
      errors.failed(what, e);
      return Findings.NONE;
    }
  }

  private List<Integer> holders(
      NamespaceState namespace, ListenerState listener, SocketHolders.Holders holders) {
    var pids = holders.owners().stream().map(SocketOwner::pid).toList();
    var owner = listener.owner();
    if (owner != null && !pids.contains(owner.pid()) && holders.whole()) {
      listener.ownership.lose(clocks.nanos());
    }
    if (listener.owner() == null && !pids.isEmpty()) {
      owners.find(namespace, listener, pids.getFirst());
      identification.identify(listener);
    }
    return pids;
  }

  /** The first holder that cannot accept, for it may not open another file. */
  private @Nullable DescriptorUse atLimit(List<Integer> holders) throws IOException {
    int asked = 0;
    for (int pid : holders) {
      if (asked++ == MOST_LIMITS) break;
      var files = processes.atLimitOfFiles(pid);
      if (files.isPresent()) {
        return new DescriptorUse(pid, files.get().open(), files.get().limit());
      }
    }
    return null;
  }

  /** What the first threads of all do, and then what the others do, as far as the bound allows. */
  private List<ThreadFacts> facts(Map<Integer, int[]> ids) throws IOException {
    var facts = new ArrayList<ThreadFacts>();
    int asked = 0;
    for (boolean first : new boolean[] {true, false}) {
      for (var process : ids.entrySet()) {
        for (int thread : process.getValue()) {
          if ((thread == process.getKey()) != first) continue;
          if (asked++ == MOST_THREADS) return facts;
          threads.facts(process.getKey(), thread).ifPresent(facts::add);
        }
      }
    }
    return facts;
  }

  /**
   * Of the connections in a namespace.
   *
   * @param peers the ones that threads wait for, by inode
   * @param open how many were accepted at the listener and are not closed; null: not known
   */
  private record Connections(Map<Long, Connection> peers, @Nullable Integer open) {
    static final Connections NONE = new Connections(Map.of(), null);
  }

  /** All that is asked of connections is asked in one visit. */
  private Connections connections(
      NamespaceState namespace, ListenerState listener, List<ThreadFacts> facts)
      throws IOException {
    var inodes = waitedFor(facts);
    if (inodes.isEmpty() && !(listener.id instanceof ListenerId)) return Connections.NONE;
    return entry
        .visit(
            namespace,
            there -> {
              var table = there.connections();
              var peers = inodes.isEmpty() ? Map.<Long, Connection>of() : table.accepted(inodes);
              return new Connections(peers, open(table, listener));
            })
        .orElse(Connections.NONE);
  }

  /** Of UNIX connections nothing tells at which listener they were made. */
  private static @Nullable Integer open(ConnectionTable table, ListenerState listener)
      throws IOException {
    if (!(listener.id instanceof ListenerId id)) return null;
    var open = table.open(id);
    return open.isEmpty() ? null : open.getAsInt();
  }

  /** The sockets that threads wait for, by inode. */
  private static Set<Long> waitedFor(List<ThreadFacts> facts) {
    var inodes = new HashSet<Long>();
    for (var each : facts) {
      var target = each.call() == null ? null : each.call().target();
      if (target != null && target.socket() != 0) inodes.add(target.socket());
    }
    return inodes;
  }
}
