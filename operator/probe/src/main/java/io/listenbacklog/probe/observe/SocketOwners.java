package io.listenbacklog.probe.observe;

import io.listenbacklog.catalogue.Listened;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.policy.assess.Contest;
import io.listenbacklog.policy.assess.Place;
import io.listenbacklog.probe.budget.Allowance;
import io.listenbacklog.probe.budget.Budgets;
import io.listenbacklog.probe.budget.StepBudget;
import io.listenbacklog.probe.discover.ApplicationRecognizer;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.journal.Journal;
import io.listenbacklog.probe.journal.JournalEntry;
import io.listenbacklog.probe.journal.RaisedValue;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.OwnerSearch;
import io.listenbacklog.probe.state.ProcessIdentity;
import io.listenbacklog.probe.state.SocketOwner;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds which process holds a socket, and tells what that process is. One pass over the descriptors
 * of a process serves all listeners of its namespace that want an owner. Of a pod with more
 * descriptors than a step has time for, or than its share allows, a search goes on later.
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

  /** So many descriptors are looked at between two looks at the clock: some 1 ms. */
  private static final int PART = 512;

  /**
   * So many descriptors from the last one that a process was found to listen on: who opens
   * listeners one after another gets numbers that follow each other, mostly, and who opens one anew
   * the same.
   */
  private static final int NEIGHBOURS = 64;

  /**
   * So many looks for the holders of a listener are made though the step's time is over: a busy
   * machine must not keep it from ever being known who holds one.
   */
  private static final int LEAST_LOOKS = 8;

  private static final int MOST_REMEMBERED = 256;

  /** No program has this one: it is a place on a stack. */
  private static final long UNKNOWN_IMAGE = -1;

  /** Ticks a second of the times in {@code /proc/PID/stat}; the same on every Linux. */
  private static final int USER_HZ = 100;

  /** So many processes are asked when they started; some 20 µs each. */
  private static final int MOST_STARTS = 512;

  /** Of a process that may hold a socket so many descriptors are looked at: some 2 µs each. */
  private static final int FIRST_DESCRIPTORS = 1_024;

  /** In so many processes holders of a socket are counted. */
  private static final int MOST_HOLDERS = 64;

  private final Clocks clocks;
  private final Processes processes;
  private final ProcessIndex processIndex;
  private final Journal journal;
  private final ApplicationRecognizer recogniser;
  private final RecurringErrors errors;
  private final StepBudget step;
  private final Allowance descriptors;
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
      Journal journal,
      ApplicationRecognizer recogniser,
      RecurringErrors errors,
      StepBudget step,
      Budgets budgets) {
    this.clocks = clocks;
    this.processes = processes;
    this.processIndex = processIndex;
    this.journal = journal;
    this.recogniser = recogniser;
    this.errors = errors;
    this.step = step;
    descriptors = new Allowance(budgets.descriptorsOfPod(), budgets.descriptors(), clocks.nanos());
  }

  /** Whether it is time to look for the owner of a listener that has none. */
  public boolean due(ListenerState listener) {
    return listener.isOwnerLookDue(clocks.nanos());
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

  /**
   * Who holds a socket.
   *
   * @param owners the processes that do, the oldest first, each with its lowest fd for it
   * @param whole whether all processes of the pod were looked at; else there may be more
   */
  public record Holders(List<SocketOwner> owners, boolean whole) {}

  /**
   * Looks for all processes of a listener's pod that hold it, in whatever network namespace they
   * are, as far as this step has time and the pod's share allows. Those that inherited it have it
   * under the same number: they are found first.
   */
  public Holders holdersOf(ListenerState listener) {
    String pod = listener.cgroupUid();
    if (pod == null) return new Holders(List.of(), true);
    var pids = oldestFirst(processIndex.pids(pod));
    var found = new ArrayList<SocketOwner>();
    boolean whole = findHolders(listener, pod, pids, found);
    var places = new HashMap<Integer, Integer>();
    for (int pid : pids) places.put(pid, places.size());
    found.sort(Comparator.comparingInt(each -> places.getOrDefault(each.pid(), 0)));
    return new Holders(found, whole);
  }

  private boolean findHolders(
      ListenerState listener, String pod, List<Integer> pids, List<SocketOwner> found) {
    var others = new ArrayList<Integer>();
    boolean whole = true;
    var owner = listener.owner();
    int looks = 0;
    for (int pid : pids) {
      if (looks++ >= LEAST_LOOKS && step.spent()) return false;
      var held = owner == null ? null : held(pid, owner.fd(), 1, listener.inode).owner;
      if (held != null) found.add(held);
      else others.add(pid);
    }
    for (int pid : others) {
      for (int from = 0; from >= 0; ) {
        if (looks++ >= LEAST_LOOKS
            && (step.spent() || descriptors.waitNanos(pod, clocks.nanos()) > 0)) {
          return false;
        }
        var part = held(pid, from, PART, listener.inode);
        whole &= !part.failed;
        descriptors.spend(pod, part.next < 0 ? PART / 2 : part.next - from, clocks.nanos());
        from = part.owner == null ? part.next : -1;
        if (part.owner != null) found.add(part.owner);
      }
    }
    return whole;
  }

  private record HeldPart(@Nullable SocketOwner owner, int next, boolean failed) {}

  private HeldPart held(int pid, int from, int most, long inode) {
    String what = "sockets of process " + pid;
    int[] fd = {-1};
    try {
      int next =
          processes.sockets(
              pid,
              from,
              most,
              (socket, at) -> {
                if (socket == inode && fd[0] < 0) fd[0] = at;
              });
      errors.over(what);
      return new HeldPart(fd[0] < 0 ? null : new SocketOwner(pid, fd[0]), next, false);
    } catch (IOException e) {
      errors.failed(what, e);
      return new HeldPart(null, -1, true);
    }
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
    for (int pid : oldestFirst(others)) all.add(Map.entry(pid, members.getOrDefault(pid, "")));
    return all;
  }

  /**
   * Of processes that share a socket the one that opened it is the oldest, mostly. Pids do not show
   * that: they begin anew at kernel.pid_max, and a worker then has a lower one than its master. Of
   * very many, and where the step's time is over, the rest are taken by pid.
   */
  private List<Integer> oldestFirst(Collection<Integer> pids) {
    var aged = new ArrayList<Aged>();
    var rest = new ArrayList<Integer>();
    for (int pid : pids) {
      if (aged.size() >= MOST_STARTS || (aged.size() >= LEAST_LOOKS && step.spent())) rest.add(pid);
      else aged.add(new Aged(pid, startOf(pid)));
    }
    aged.sort(Comparator.comparingLong(Aged::ticks).thenComparingInt(Aged::pid));
    var all = new ArrayList<Integer>(pids.size());
    for (var each : aged) all.add(each.pid);
    all.addAll(rest);
    return all;
  }

  private record Aged(int pid, long ticks) {}

  /** One of which it cannot be told counts as the youngest. */
  private long startOf(int pid) {
    String what = "start of process " + pid;
    try {
      var started = processes.startTicks(pid);
      errors.over(what);
      return started.orElse(Long.MAX_VALUE);
    } catch (IOException e) {
      errors.failed(what, e);
      return Long.MAX_VALUE;
    }
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
      long wait = descriptors.waitNanos(search.pod(), clocks.nanos());
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
      missed.missed();
      if (isNobodysOfPod(namespace, missed)) {
        missed.isNobodys();
        missed.lookForOwnerAt(now + NOBODYS_NANOS);
        continue;
      }
      missed.lookForOwnerAt(now + (missed.ownerLooks() < EAGER_LOOKS ? EAGER_NANOS : SELDOM_NANOS));
    }
  }

  /**
   * Whether a listener in a pod's own network namespace is no process's of that pod: ztunnel of an
   * ambient mesh, or another process of the node, opened it there, or the kernel did (NFS, NVMe).
   * Each process of the pod must have been seen with all that it holds, and more than once.
   */
  private boolean isNobodysOfPod(NamespaceState namespace, ListenerState listener) {
    var pod = namespace.sole();
    if (pod == null || listener.ownerLooks() < LOOKS_FOR_NOBODY) return false;
    if (processIndex.hidden(pod).isPresent()) return false;
    if (processIndex.pids(pod).isEmpty()) return false;
    var holders = holdersOf(listener);
    return holders.whole && holders.owners.isEmpty();
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
        && !listener.isNobodysOfPod()
        && listener.ownerLooks() < LOOKS_FOR_NOBODY;
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
      int from = search.descriptor();
      int next =
          processes.sockets(
              pid,
              from,
              PART,
              (inode, fd) -> {
                var listener = search.wanted.get(inode);
                if (listener != null) held.add(new Held(listener, fd));
              });
      descriptors.spend(search.pod(), next < 0 ? PART / 2 : next - from, clocks.nanos());
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

  /**
   * The oldest process of its pod that holds a listener, began after this uptime, and is accepted;
   * empty: none was seen. Of a pod with very many processes not all are looked at, those with the
   * highest pids first, and no more than this step has time for.
   */
  public Optional<Contest.Starting> oldestHolderSince(
      Duration uptime,
      NamespaceState namespace,
      ListenerState listener,
      Predicate<Contest.Starting> accepted)
      throws IOException {
    long ticks = uptime.toMillis() * USER_HZ / 1_000;
    var starting = new ArrayList<Contest.Starting>();
    int looks = 0;
    for (int pid : members(namespace, listener).reversed()) {
      if (looks++ == MOST_STARTS) break;
      var started = processes.startTicks(pid);
      if (started.isEmpty() || started.getAsLong() <= ticks) continue;
      var process = new Contest.Starting(pid, started.getAsLong());
      if (accepted.test(process)) starting.add(process);
    }
    starting.sort(
        Comparator.comparingLong(Contest.Starting::ticks).thenComparingInt(Contest.Starting::pid));
    looks = 0;
    for (var each : starting) {
      if (looks++ >= LEAST_LOOKS && step.spent()) break;
      if (holds(each.pid(), listener)) return Optional.of(each);
    }
    return Optional.empty();
  }

  /** How many processes of its pod hold a listener; 0: none, or too many to be looked at. */
  public int holders(NamespaceState namespace, ListenerState listener) {
    var members = members(namespace, listener);
    if (members.size() > MOST_HOLDERS) return 0;
    int holders = 0;
    for (int pid : members) {
      String what = "sockets of process " + pid;
      try {
        if (holds(pid, listener)) holders++;
        errors.over(what);
      } catch (IOException e) {
        errors.failed(what, e);
        return 0;
      }
    }
    return holders;
  }

  /** Among its first descriptors: a process that has just started has no others. */
  private boolean holds(int pid, ListenerState listener) throws IOException {
    var held = new boolean[1];
    processes.sockets(pid, 0, FIRST_DESCRIPTORS, (inode, _) -> held[0] |= inode == listener.inode);
    return held[0];
  }

  /** The processes of a listener's pod in its namespace, the lowest pid first. */
  private List<Integer> members(NamespaceState namespace, ListenerState listener) {
    String pod = listener.cgroupUid();
    var members = new ArrayList<Integer>();
    processIndex
        .members(namespace.inode)
        .forEach(
            (pid, uid) -> {
              if (uid.equals(pod)) members.add(pid);
            });
    return members;
  }

  /**
   * Says of listeners with an owner what that owner is; again where it became another program since
   * (systemd's socket activation listens, and then executes the server).
   */
  public void attribute(Collection<ListenerState> listeners) {
    var byPid = new HashMap<Integer, List<ListenerState>>();
    for (var each : listeners) {
      if (each.owner() != null) {
        byPid.computeIfAbsent(each.owner().pid(), _ -> new ArrayList<>()).add(each);
      }
    }
    byPid.forEach(this::attribute);
  }

  private void attribute(int pid, List<ListenerState> listeners) {
    String what = "facts of process " + pid;
    try {
      var image = processes.programImage(pid);
      var wanting =
          listeners.stream()
              .filter(each -> !each.attribution().isOf(pid, image.orElse(0)))
              .toList();
      if (wanting.isEmpty()) return;
      var facts = processes.facts(pid);
      if (image.isEmpty() || facts.isEmpty()) {
        wanting.forEach(each -> each.loseOwner(clocks.nanos()));
        return;
      }
      var is = facts.get();
      var recognised = recogniser.recognise(is);
      // One whose command line could not be read, for its memory is locked, is asked again.
      long known = is.arguments().isEmpty() ? UNKNOWN_IMAGE : image.getAsLong();
      for (var each : wanting) {
        var owner = Objects.requireNonNull(each.owner());
        var application = recognised.application(asked(each), owner.fd()).orElse(null);
        each.identified(
            new ProcessIdentity(is.containerName(), is.command(), pid, known, application),
            is.executable().isEmpty() ? 0 : is.executable().hashCode());
      }
      errors.over(what);
    } catch (IOException e) {
      errors.failed(what, e);
    }
  }

  private Listened asked(ListenerState listener) {
    int backlog =
        journal
            .backlog(listener.id.cookie())
            .map(JournalEntry::raised)
            .filter(raised -> !raised.onlyContested())
            .map(RaisedValue::original)
            .orElse(listener.backlog());
    int port = listener.place() instanceof Place.Port(int number, _) ? number : 0;
    return new Listened(backlog, port, listener.heardSomaxconn());
  }

  /** Forgets owners that are gone: another process may hold the socket now. */
  public void forgetGone(Collection<ListenerState> listeners) {
    for (var each : listeners) {
      var owner = each.owner();
      String pod = each.cgroupUid();
      if (owner == null || pod == null || processIndex.pids(pod).contains(owner.pid())) {
        continue;
      }
      each.loseOwner(clocks.nanos());
    }
  }
}
