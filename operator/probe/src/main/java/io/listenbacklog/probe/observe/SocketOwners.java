package io.listenbacklog.probe.observe;

import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.probe.budget.StepBudget;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.OwnerSearch;
import io.listenbacklog.probe.state.SocketOwner;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Searches for the process that holds each listener, and remembers it. One pass over the
 * descriptors of a process serves all listeners of its namespace that want an owner. Of a pod with
 * more descriptors than a step has time for, or than its share allows, a search goes on later.
 */
public final class SocketOwners {
  /** So many looks in a row, one a sweep; then more seldom, for the holder may be out of reach. */
  private static final int EAGER_LOOKS = 5;

  /** No sooner again, for what serves all was just done for another. */
  private static final long EAGER_NANOS = Duration.ofMillis(500).toNanos();

  /** So many looks find that nobody holds a listener, before that is believed. */
  private static final int LOOKS_FOR_NOBODY = 3;

  /** A socket may be handed to a process of the pod later: seldom enough to cost nothing. */
  private static final long NOBODYS_NANOS = Duration.ofMinutes(10).toNanos();

  private static final long SELDOM_NANOS = Duration.ofSeconds(30).toNanos();

  /**
   * So many descriptors from the last one that a process was found to listen on: who opens
   * listeners one after another gets numbers that follow each other, mostly, and who opens one anew
   * the same.
   */
  private static final int NEIGHBOURS = 64;

  private static final int MOST_REMEMBERED = 256;

  private final Clocks clocks;
  private final Processes processes;
  private final ProcessIndex processIndex;
  private final RecurringErrors errors;
  private final StepBudget step;
  private final DescriptorReader descriptors;
  private final SocketHolders holders;
  private final Set<NamespaceState> unfinished = new LinkedHashSet<>();

  /** The fd of the listener that was found last, by process. */
  private final Map<Integer, Integer> lastFds =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Integer> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  public SocketOwners(
      Clocks clocks,
      Processes processes,
      ProcessIndex processIndex,
      RecurringErrors errors,
      StepBudget step,
      DescriptorReader descriptors,
      SocketHolders holders) {
    this.clocks = clocks;
    this.processes = processes;
    this.processIndex = processIndex;
    this.errors = errors;
    this.step = step;
    this.descriptors = descriptors;
    this.holders = holders;
  }

  /** Whether it is time to look for the owner of a listener that has none. */
  public boolean due(ListenerState listener) {
    return listener.ownership.isLookDue(clocks.nanos());
  }

  /**
   * Looks for the owner of one listener, and with it for those of all others of its namespace that
   * want one: what the next ones ask is answered then.
   *
   * @param likelyPid the process that most likely holds it, where to look first; 0: not known
   */
  public void find(NamespaceState namespace, ListenerState listener, int likelyPid) {
    if (!due(listener)) return;
    if (likelyPid != 0) lookBesideTheLast(likelyPid, namespace, listener);
    if (listener.owner() != null) return;
    var search = namespace.ownerSearch();
    if (search != null && mustWait(search)) return;
    look(namespace, namespace.all().stream().filter(this::due).toList(), likelyPid);
  }

  /**
   * Looks for the owners of listeners of a namespace: among the processes in it that are of its
   * watched pods, the oldest first, and no others. A socket that only strangers hold stays without
   * an owner, and so is never touched.
   *
   * @param likelyPid where to look first; 0: nowhere
   */
  public void look(NamespaceState namespace, Collection<ListenerState> wanting, int likelyPid) {
    var search = namespace.ownerSearch();
    if (search == null) {
      search = new OwnerSearch(mayHold(namespace, likelyPid), clocks.nanos());
      for (var each : wanting) search.wanted.put(each.inode, each);
    }
    goOn(namespace, search);
  }

  /** Until when there is nothing to go on with. */
  public long idleNanos(long now) {
    long idle = Long.MAX_VALUE;
    if (unfinished.isEmpty()) return idle;
    for (var each : unfinished) {
      if (each.ownerSearch() != null) idle = Math.min(idle, each.ownerSearch().dueNanos() - now);
    }
    return idle;
  }

  /**
   * Goes on with a search that is due, in turn.
   *
   * @return the namespace whose listeners can be judged anew, for owners were found; null: none
   */
  public @Nullable NamespaceState step(long now) {
    for (var namespace : unfinished) {
      var search = namespace.ownerSearch();
      if (search != null && search.dueNanos() - now > 0) continue;
      unfinished.remove(namespace);
      if (search == null) return null;
      goOn(namespace, search);
      if (namespace.ownerSearch() != null || !search.found()) return null;
      return namespace;
    }
    return null;
  }

  /** What is searched in namespaces that are gone is not searched any more. */
  public void forgetNamespaces(Predicate<NamespaceState> gone) {
    unfinished.removeIf(gone);
  }

  private List<Map.Entry<Integer, String>> mayHold(NamespaceState namespace, int likelyPid) {
    var all = new ArrayList<Map.Entry<Integer, String>>();
    var members = processIndex.members(namespace.inode);
    if (likelyPid != 0) {
      all.add(Map.entry(likelyPid, members.getOrDefault(likelyPid, "")));
    }
    var others = new ArrayList<Integer>();
    for (var member : members.entrySet()) {
      if (member.getKey() != likelyPid && namespace.pods().contains(member.getValue())) {
        others.add(member.getKey());
      }
    }
    for (int pid : holders.oldestFirst(others))
      all.add(Map.entry(pid, members.getOrDefault(pid, "")));
    return all;
  }

  private boolean mustWait(OwnerSearch search) {
    return step.spent() || search.dueNanos() - clocks.nanos() > 0;
  }

  private void goOn(NamespaceState namespace, OwnerSearch search) {
    while (!search.isOver()) {
      if (step.spent()) {
        search.goOnAt(clocks.nanos());
        later(namespace, search);
        return;
      }
      long wait = descriptors.waitNanos(search.pod());
      if (wait > 0) {
        search.goOnAt(clocks.nanos() + wait);
        later(namespace, search);
        return;
      }
      lookInPart(namespace, search);
    }
    namespace.search(null);
    unfinished.remove(namespace);
    long now = clocks.nanos();
    for (var missed : search.wanted.values()) {
      missed.ownership.missed();
      if (isNobodysOfPod(namespace, missed)) {
        missed.isNobodys();
        missed.ownership.lookAt(now + NOBODYS_NANOS);
        continue;
      }
      missed.ownership.lookAt(
          now + (missed.ownership.looks() < EAGER_LOOKS ? EAGER_NANOS : SELDOM_NANOS));
    }
  }

  /**
   * Whether a listener in a pod's own network namespace is no process's of that pod: ztunnel of an
   * ambient mesh, or another process of the node, opened it there, or the kernel did (NFS, NVMe).
   * Each process of the pod must have been seen with all that it holds, and more than once.
   */
  private boolean isNobodysOfPod(NamespaceState namespace, ListenerState listener) {
    var pod = namespace.sole();
    if (pod == null || listener.ownership.looks() < LOOKS_FOR_NOBODY) return false;
    if (processIndex.hidden(pod).isPresent()) return false;
    if (processIndex.pids(pod).isEmpty()) return false;
    var found = holders.of(listener);
    return found.whole() && found.owners().isEmpty();
  }

  /** An earlier probe found that no process of its pod holds it: that holds until one is found. */
  public static void recall(ListenerState listener) {
    listener.recallNobodys(LOOKS_FOR_NOBODY);
  }

  /** Whether it is not known yet of a listener of a namespace whether anybody holds it. */
  public static boolean isSought(NamespaceState namespace) {
    for (var each : namespace.listeners.values()) if (isSought(namespace, each)) return true;
    return false;
  }

  /** Whether it is not known yet whether anybody holds a listener. */
  public static boolean isSought(NamespaceState namespace, ListenerState listener) {
    return namespace.sole() != null
        && listener.owner() == null
        && !listener.ownership.isNobodysOfPod()
        && listener.ownership.looks() < LOOKS_FOR_NOBODY;
  }

  private void later(NamespaceState namespace, OwnerSearch search) {
    namespace.search(search);
    unfinished.add(namespace);
  }

  private void lookInPart(NamespaceState namespace, OwnerSearch search) {
    int pid = search.pid();
    String what = "sockets of process " + pid;
    var held = new ArrayList<Held>();
    try {
      int next =
          descriptors.readPart(
              pid,
              search.descriptor(),
              search.pod(),
              (inode, fd) -> {
                var listener = search.wanted.get(inode);
                if (listener != null) held.add(new Held(listener, fd));
              });
      search.goOnFrom(next);
      for (var each : take(pid, namespace, held)) {
        search.wanted.remove(each.inode);
        search.foundSome();
      }
      errors.over(what);
    } catch (IOException e) {
      search.skipProcess();
      errors.failed(what, e);
    }
  }

  private void lookBesideTheLast(int pid, NamespaceState namespace, ListenerState listener) {
    String what = "sockets of process " + pid;
    var held = new ArrayList<Held>();
    try {
      processes.sockets(
          pid,
          lastFds.getOrDefault(pid, 0),
          NEIGHBOURS,
          (inode, fd) -> {
            if (inode == listener.inode) held.add(new Held(listener, fd));
          });
      take(pid, namespace, held);
    } catch (IOException e) {
      errors.failed(what, e);
    }
  }

  private record Held(ListenerState listener, int fd) {}

  /** Of descriptors of one process: its lowest for each listener counts. */
  private List<ListenerState> take(int pid, NamespaceState namespace, List<Held> held)
      throws IOException {
    if (held.isEmpty()) return List.of();
    // Asked again, for the pid may have become another pod's process since it was discovered.
    var container = processes.container(pid);
    if (container.isEmpty() || !namespace.pods().contains(container.get().podUid()))
      return List.of();
    var taken = new ArrayList<ListenerState>();
    for (var each : held) {
      var listener = each.listener;
      lastFds.put(pid, each.fd);
      if (listener.owner() != null) continue;
      listener.found(new SocketOwner(pid, each.fd), container.get().podUid());
      taken.add(listener);
    }
    return taken;
  }

  /** Forgets owners that are gone: another process may hold the socket now. */
  public void forgetGone(Collection<ListenerState> listeners) {
    for (var each : listeners) {
      var owner = each.owner();
      String pod = each.cgroupUid();
      if (owner == null || pod == null || processIndex.pids(pod).contains(owner.pid())) {
        continue;
      }
      each.ownership.lose(clocks.nanos());
    }
  }
}
