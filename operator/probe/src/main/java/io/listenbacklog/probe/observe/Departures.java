package io.listenbacklog.probe.observe;

import static java.util.stream.Collectors.toSet;

import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.probe.budget.StepBudget;
import io.listenbacklog.probe.discover.HostNamespaces;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.journal.EntryKey;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.state.NodeState;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Proves of what was raised and is not seen any more that it is gone, for what is needed to undo it
 * must not be forgotten before. Not to be seen is no proof: a security module may have begun to
 * hide a pod's processes, a pod may be between two of them in a network namespace that the runtime
 * keeps.
 *
 * <ul>
 *   <li>A socket lives as long as a process holds it. It is gone when its pod has no process, or
 *       when none that it has holds it.
 *   <li>Where sockets outlive their owners it is gone when a listing of its network namespace does
 *       not show its cookie any more; or, where nobody is in there, when no process at all holds
 *       it.
 *   <li>A network namespace lives as long as a process is in it or it is mounted. It is gone when
 *       none of the pod's processes is in it and the node has it mounted nowhere.
 * </ul>
 */
public final class Departures {
  /** So many processes, or parts of what they hold, are looked at in a sweep. */
  private static final int PARTS_A_SWEEP = 16;

  /** Of a process at a time; each costs some 2 µs. */
  private static final int DESCRIPTORS = 512;

  /** Stands for all processes where a pod's uid would. */
  private static final String ANYBODY = "";

  private final Clocks clocks;
  private final Processes processes;
  private final ProcessIndex processIndex;
  private final Journal journal;
  private final RecurringErrors errors;
  private final StepBudget step;
  private final HostNamespaces nodeNamespaces;

  /** By the key of an entry: since when it is missed. */
  private final Map<EntryKey, Long> missedSinceNanos = new HashMap<>();

  private @Nullable Search search;

  /** What the processes of one pod, or all, hold, read a few a sweep. */
  private static final class Search {
    final String cgroupUid;
    final ArrayDeque<Integer> left;

    /** The sockets that are searched for, by inode: a proxy holds a million others. */
    final Set<Long> wanted = new HashSet<>();

    /** Those of them that are held. */
    final Set<Long> held = new HashSet<>();

    final Set<Long> mounted = new HashSet<>();
    private boolean failed;

    /** Of the first process that is left: where to go on. */
    private int nextFd;

    Search(String cgroupUid, Collection<Integer> pids, Collection<JournalEntry> entries) {
      this.cgroupUid = cgroupUid;
      left = new ArrayDeque<>(pids);
      for (var each : entries) {
        if (each instanceof JournalEntry.Backlog it) wanted.add(it.inode());
      }
    }

    /** Whether it says something about an entry: what is missed since it began has to wait. */
    boolean isAbout(JournalEntry entry) {
      return !(entry instanceof JournalEntry.Backlog it) || wanted.contains(it.inode());
    }
  }

  public Departures(
      Clocks clocks,
      Processes processes,
      ProcessIndex processIndex,
      Journal journal,
      RecurringErrors errors,
      StepBudget step,
      HostNamespaces nodeNamespaces) {
    this.clocks = clocks;
    this.processes = processes;
    this.processIndex = processIndex;
    this.journal = journal;
    this.errors = errors;
    this.step = step;
    this.nodeNamespaces = nodeNamespaces;
  }

  /** Forgets what was raised and is gone: to be called once in each sweep. */
  public void forgetGone(NodeState node) {
    var gone = new ArrayList<JournalEntry>();
    var missed = new ArrayList<JournalEntry>();
    for (var entry : journal.entries()) {
      if (entry.concernsNode()) continue;
      var namespace = node.namespace(entry.networkNamespace());
      boolean shown =
          namespace != null
              && (namespace.pods().contains(entry.cgroupUid()) || mayHold(entry).equals(ANYBODY));
      if (namespace == null || !shown) {
        missed.add(entry);
      } else if (entry instanceof JournalEntry.Backlog it
          && namespace.listed()
          && namespace.unobservable() == null
          && namespace.isGone(it)) {
        gone.add(entry);
      }
    }
    gone.addAll(proven(missed));
    for (var entry : gone) {
      try {
        journal.forget(entry);
      } catch (IOException e) {
        errors.failed("journal", e);
      }
    }
  }

  /**
   * Proves departures.
   *
   * @param missed all entries whose pod is not seen in their network namespace
   * @return those that are proven to be gone
   */
  private List<JournalEntry> proven(Collection<JournalEntry> missed) {
    missedSinceNanos.keySet().retainAll(missed.stream().map(JournalEntry::key).collect(toSet()));
    var ripe = missed.stream().filter(this::isMissedForLong).toList();
    if (ripe.isEmpty()) {
      search = null;
      return List.of();
    }
    var ended = ripe.stream().filter(each -> !isThere(mayHold(each))).toList();
    var proven = new ArrayList<>(gone(ended, Set.of(), Set.of()));
    var byPod =
        ripe.stream()
            .filter(each -> isThere(mayHold(each)))
            .collect(Collectors.groupingBy(this::mayHold));
    proven.addAll(searched(byPod));
    return proven;
  }

  /** The pod whose processes have it, if any has; or {@link #ANYBODY}. */
  private String mayHold(JournalEntry entry) {
    boolean outlives = processIndex.socketsOutliveOwners() && entry instanceof JournalEntry.Backlog;
    return outlives ? ANYBODY : entry.cgroupUid();
  }

  private boolean isThere(String holder) {
    return holder.equals(ANYBODY) || processIndex.isThere(holder);
  }

  private boolean isMissedForLong(JournalEntry entry) {
    // Of a pod with more processes than are looked at, one of the others may have it.
    String holder = mayHold(entry);
    boolean any = holder.equals(ANYBODY);
    boolean notWhole = (any ? processIndex.left() : processIndex.left(holder)) > 0;
    var hidden = any ? processIndex.hidden() : processIndex.hidden(holder);
    if (notWhole || hidden.isPresent()) {
      missedSinceNanos.remove(entry.key());
      return false;
    }
    long since = missedSinceNanos.computeIfAbsent(entry.key(), _ -> clocks.nanos());
    return processIndex.isProvenSince(since);
  }

  /** Goes on with one pod that has processes, in other namespaces than that of the entry. */
  private List<JournalEntry> searched(Map<String, List<JournalEntry>> byPod) {
    if (search == null || !byPod.containsKey(search.cgroupUid)) search = next(byPod);
    if (search == null) return List.of();
    for (int read = 0; read < PARTS_A_SWEEP && !search.left.isEmpty(); read++) {
      if (read > 0 && step.spent()) break;
      read(search, search.left.element());
      if (search.nextFd < 0) {
        search.left.remove();
        search.nextFd = 0;
      }
    }
    if (!search.left.isEmpty()) return List.of();
    var done = search;
    search = null;
    var entries =
        byPod.getOrDefault(done.cgroupUid, List.of()).stream().filter(done::isAbout).toList();
    var gone = done.failed ? List.<JournalEntry>of() : gone(entries, done.held, done.mounted);
    // What is still there is searched for again after as long a time.
    for (var each : entries) missedSinceNanos.remove(each.key());
    return gone;
  }

  private @Nullable Search next(Map<String, List<JournalEntry>> byPod) {
    return byPod.entrySet().stream()
        .findFirst()
        .map(of -> new Search(of.getKey(), pids(of.getKey()), of.getValue()))
        .orElse(null);
  }

  private Collection<Integer> pids(String holder) {
    return holder.equals(ANYBODY) ? processIndex.pids() : processIndex.pids(holder);
  }

  private void read(Search search, int pid) {
    String what = "what process " + pid + " holds";
    int from = search.nextFd;
    try {
      // Of listeners alone it does not matter, and a process that has just ended has none to tell.
      boolean ofOnePod = !search.cgroupUid.equals(ANYBODY);
      if (from == 0 && ofOnePod) search.mounted.addAll(processes.mountedNamespaces(pid));
      search.nextFd =
          processes.sockets(
              pid,
              from,
              DESCRIPTORS,
              (inode, _) -> {
                if (search.wanted.contains(inode)) search.held.add(inode);
              });
      errors.over(what);
    } catch (IOException e) {
      search.failed = true;
      search.nextFd = -1;
      errors.failed(what, e);
    }
  }

  private List<JournalEntry> gone(List<JournalEntry> entries, Set<Long> held, Set<Long> mounted) {
    Set<Long> onTheNode = null;
    var gone = new ArrayList<JournalEntry>();
    for (var each : entries) {
      switch (each) {
        case JournalEntry.Backlog it -> {
          if (!held.contains(it.inode())) gone.add(it);
        }
        case JournalEntry.Sysctl it -> {
          long namespace = it.networkNamespace();
          if (mounted.contains(namespace)) continue;
          if (processIndex.namespaces(it.cgroupUid()).contains(namespace)) continue;
          if (onTheNode == null) {
            var read = mountedOnTheNode();
            if (read == null) continue; // for all we know it is
            onTheNode = read;
          }
          if (!onTheNode.contains(namespace)) gone.add(it);
        }
      }
    }
    return gone;
  }

  /** Null where it cannot be read. */
  private @Nullable Set<Long> mountedOnTheNode() {
    String what = "mounts of the node";
    var mounted = new HashSet<Long>();
    try {
      for (int pid : nodeNamespaces.pids()) {
        mounted.addAll(processes.mountedNamespaces(pid));
      }
      errors.over(what);
      return mounted;
    } catch (IOException e) {
      errors.failed(what, e);
      return null;
    }
  }
}
