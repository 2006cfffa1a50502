package io.listenbacklog.probe.state;

import io.listenbacklog.probe.budget.Budgets;
import io.listenbacklog.probe.discover.HostNamespaces;
import io.listenbacklog.probe.discover.NamespaceOccupancy;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.time.Clocks;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The spec that holds, and the network namespaces of the pods that it, or the journal, names. */
public final class NodeState {
  /** For so long the watched pods are not looked up again for the sake of one birth. */
  private static final long WATCHED_NANOS = Duration.ofMillis(100).toNanos();

  /** After so many looks in vain among a listener's pod it is searched for elsewhere. */
  private static final int LOOKS_FOR_OWNER = 3;

  private final Clocks clocks;
  private final ProcessIndex processIndex;
  private final Journal journal;
  private final HostNamespaces hostNamespaces;
  private final Budgets budgets;
  private final Consumer<NamespaceState> onNew;

  private final Map<Long, NamespaceState> namespaces = new LinkedHashMap<>();
  private @Nullable NodeSpec spec;
  private long indexChanges = -1;
  private Set<String> watchedBefore = Set.of();
  private Set<String> watchedNow = Set.of();
  private @Nullable NodeSpec watchedFor;
  private long watchedNanos;

  /**
   * Nothing is known yet.
   *
   * @param onNew is handed each namespace that was not known before
   */
  public NodeState(
      Clocks clocks,
      ProcessIndex processIndex,
      Journal journal,
      HostNamespaces hostNamespaces,
      Budgets budgets,
      Consumer<NamespaceState> onNew) {
    this.clocks = clocks;
    this.processIndex = processIndex;
    this.journal = journal;
    this.hostNamespaces = hostNamespaces;
    this.budgets = budgets;
    this.onNew = onNew;
  }

  /** What the pods of the node need; null: not known yet. */
  public @Nullable NodeSpec spec() {
    return spec;
  }

  /** This spec holds from now on. */
  public void accept(NodeSpec arrived) {
    spec = arrived;
    for (var namespace : namespaces.values()) {
      for (var each : namespace.all()) each.askedAnew();
    }
    indexChanges = -1; // a pod may be on the node's network now, or not any more
  }

  /** In the order in which they were first seen. */
  public Collection<NamespaceState> namespaces() {
    return namespaces.values();
  }

  /** Those that nobody has looked into yet. */
  public List<NamespaceState> unreached() {
    return namespaces.values().stream().filter(each -> !each.wasReached()).toList();
  }

  /** Whether a namespace was looked into, or why it cannot be is known. */
  public boolean wasReached(long inode) {
    var namespace = namespaces.get(inode);
    return namespace != null && namespace.wasReached();
  }

  /** Null: it is not one of a watched pod. */
  public @Nullable NamespaceState namespace(long inode) {
    return namespaces.get(inode);
  }

  /** Whether it still is one of a watched pod. */
  public boolean has(NamespaceState namespace) {
    return namespaces.get(namespace.inode) == namespace;
  }

  /**
   * Takes over from a scan of all processes which namespaces there are, and who is in them.
   *
   * @return whether anything may have changed
   */
  public boolean refresh() {
    var watched = watchedPods();
    if (processIndex.changes() == indexChanges && watched.equals(watchedBefore)) return false;
    indexChanges = processIndex.changes();
    watchedBefore = watched;
    var inodes = new LinkedHashSet<Long>();
    for (String pod : watched) {
      processIndex.namespaces(pod).stream()
          .limit(budgets.namespacesOfPod(inodes.size()))
          .forEach(inodes::add);
    }
    for (var entry : journal.entries()) {
      long inode = entry.networkNamespace();
      if (entry.concernsNode() || (mayOutliveOwner(entry) && isEntered(inode))) inodes.add(inode);
    }
    namespaces.keySet().retainAll(inodes);
    for (long inode : inodes) occupied(inode, watched);
    return true;
  }

  /** The namespace of a process that listens in it just now. */
  public NamespaceState ofBirth(long inode) {
    return occupied(inode, watchedLately());
  }

  /** As of a moment ago: among thousands of births nothing is asked of the whole journal. */
  @SuppressWarnings("ReferenceEquality") // a spec that arrives is another object: quickly compared
  private Set<String> watchedLately() {
    long now = clocks.nanos();
    if (watchedFor != spec || now - watchedNanos > WATCHED_NANOS) {
      watchedNow = watchedPods();
      watchedFor = spec;
      watchedNanos = now;
    }
    return watchedNow;
  }

  /**
   * Pods that are governed, or of which something is raised; and where it may have become another
   * one's, all that may hold it.
   */
  private Set<String> watchedPods() {
    var pods = new LinkedHashSet<String>();
    if (spec != null) pods.addAll(spec.pods().keySet());
    var searched = new HashSet<Long>();
    for (var entry : journal.entries()) {
      if (entry.concernsNode()) continue;
      pods.add(entry.cgroupUid());
      if (mayOutliveOwner(entry) && isOwnerLost(entry)) searched.add(entry.networkNamespace());
    }
    for (long inode : searched) pods.addAll(processIndex.members(inode).values());
    return pods;
  }

  private boolean mayOutliveOwner(JournalEntry entry) {
    return processIndex.socketsOutliveOwners() && entry instanceof JournalEntry.Backlog;
  }

  /** Whether there is a way into a network namespace. */
  private boolean isEntered(long inode) {
    return hostNamespaces.contains(inode) || !processIndex.members(inode).isEmpty();
  }

  /** Whether who a raised listener belongs to is not there any more, or does not hold it. */
  private boolean isOwnerLost(JournalEntry entry) {
    if (!processIndex.isThere(entry.cgroupUid())) return true;
    var namespace = namespaces.get(entry.networkNamespace());
    if (namespace == null || !(entry instanceof JournalEntry.Backlog raised)) return false;
    var known = raised.isUnix() ? namespace.unix : namespace.listeners;
    var listener = known.get(raised.cookie());
    return listener != null
        && listener.owner() == null
        && listener.ownership.looks() >= LOOKS_FOR_OWNER;
  }

  private NamespaceState occupied(long inode, Set<String> watched) {
    var namespace = namespaces.get(inode);
    if (namespace != null && mayBeAnother(namespace)) namespace.doubt();
    if (namespace == null) {
      namespace = new NamespaceState(inode, clocks.nanos());
      namespaces.put(inode, namespace);
      onNew.accept(namespace);
    }
    var member = processIndex.members(inode).firstEntry();
    if (member != null) hostNamespaces.meet(inode, member.getKey());
    namespace.occupiedBy(NamespaceOccupancy.of(inode, processIndex, watched, spec, hostNamespaces));
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
}
