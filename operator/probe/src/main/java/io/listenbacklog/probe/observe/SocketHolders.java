package io.listenbacklog.probe.observe;

import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.policy.assess.Contest;
import io.listenbacklog.probe.budget.StepBudget;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.state.SocketOwner;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds all processes of a pod that hold one socket, each time anew: for the listener of a stalled
 * or contested application, where its one owner does not say enough.
 */
public final class SocketHolders {
  /**
   * So many looks for the holders of a listener are made though the step's time is over: a busy
   * machine must not keep it from ever being known who holds one.
   */
  private static final int LEAST_LOOKS = 8;

  /** Ticks a second of the times in {@code /proc/PID/stat}; the same on every Linux. */
  private static final int USER_HZ = 100;

  /** So many processes are asked when they started; some 20 µs each. */
  private static final int MOST_STARTS = 512;

  /** Of a process that may hold a socket so many descriptors are looked at: some 2 µs each. */
  private static final int FIRST_DESCRIPTORS = 1_024;

  /** In so many processes holders of a socket are counted. */
  private static final int MOST_HOLDERS = 64;

  private final Processes processes;
  private final ProcessIndex processIndex;
  private final RecurringErrors errors;
  private final StepBudget step;
  private final DescriptorReader descriptors;

  public SocketHolders(
      Processes processes,
      ProcessIndex processIndex,
      RecurringErrors errors,
      StepBudget step,
      DescriptorReader descriptors) {
    this.processes = processes;
    this.processIndex = processIndex;
    this.errors = errors;
    this.step = step;
    this.descriptors = descriptors;
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
  public Holders of(ListenerState listener) {
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
      var held =
          owner == null
              ? null
              : held(pid, listener.inode, each -> processes.sockets(pid, owner.fd(), 1, each))
                  .owner;
      if (held != null) found.add(held);
      else others.add(pid);
    }
    for (int pid : others) {
      for (int from = 0; from >= 0; ) {
        if (looks++ >= LEAST_LOOKS && (step.spent() || descriptors.waitNanos(pod) > 0)) {
          return false;
        }
        int at = from;
        var part = held(pid, listener.inode, each -> descriptors.readPart(pid, at, pod, each));
        whole &= !part.failed;
        from = part.owner == null ? part.next : -1;
        if (part.owner != null) found.add(part.owner);
      }
    }
    return whole;
  }

  private record HeldPart(@Nullable SocketOwner owner, int next, boolean failed) {}

  private interface Part {
    int read(Processes.HeldSocket each) throws IOException;
  }

  private HeldPart held(int pid, long inode, Part part) {
    String what = "sockets of process " + pid;
    int[] fd = {-1};
    try {
      int next =
          part.read(
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

  /**
   * The oldest process of its pod that holds a listener, began after this uptime, and is accepted;
   * empty: none was seen. Of a pod with very many processes not all are looked at, those with the
   * highest pids first, and no more than this step has time for.
   */
  public Optional<Contest.Starting> oldestSince(
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
  public int count(NamespaceState namespace, ListenerState listener) {
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
   * Of processes that share a socket the one that opened it is the oldest, mostly. Pids do not show
   * that: they begin anew at kernel.pid_max, and a worker then has a lower one than its master. Of
   * very many, and where the step's time is over, the rest are taken by pid.
   */
  List<Integer> oldestFirst(Collection<Integer> pids) {
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
}
