package io.listenbacklog.host;

import io.listenbacklog.kernel.process.ProcessFacts;
import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.kernel.process.ServiceFacts;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The services of a machine, and which process is of which. Each is remembered for as long as a
 * process of it was asked about lately: the engine asks about each once a minute. Of any thread.
 */
final class Services {
  /** It holds the sockets of units that it starts at their first connection: nobody's service. */
  private static final String SYSTEMD = "systemd";

  /** So many ancestors are asked whether they are of the same program. */
  private static final int MOST_ANCESTORS = 8;

  /** So many of one container, or of one user outside of containers. */
  static final int MOST_OF_OWNER = 500;

  /** So many at all: as many programs run on a machine of a thousand containers. */
  static final int MOST = 5_000;

  /** So many owners of more are named. */
  private static final int MOST_NAMED = 100;

  private static final long REMEMBERED_NANOS = Duration.ofMinutes(10).toNanos();

  private final Processes processes;
  private final UserNames users;
  private final LongPredicate hostNetworks;
  private final LongSupplier ticker;
  private final Map<String, Known> known = new HashMap<>();

  /** How many of them each owner has. */
  private final Map<String, Integer> counts = new HashMap<>();

  /** Whose are more than there is room for, and whether that was asked for. */
  private final Map<String, Boolean> leftOut = new LinkedHashMap<>();

  private long changes;

  private record Known(HostService service, long seenNanos) {}

  /**
   * Knows none yet.
   *
   * @param hostNetworks whether a network namespace is the machine's own, by its inode
   * @param ticker monotonic nanoseconds
   */
  Services(Processes processes, UserNames users, LongPredicate hostNetworks, LongSupplier ticker) {
    this.processes = processes;
    this.users = users;
    this.hostNetworks = hostNetworks;
    this.ticker = ticker;
  }

  /** Grows whenever there is one more, or one less, or another name: else they are as before. */
  long changes() {
    synchronized (known) {
      long now = ticker.getAsLong();
      boolean gone =
          known
              .values()
              .removeIf(
                  each -> {
                    boolean old = now - each.seenNanos > REMEMBERED_NANOS;
                    if (old) counts.computeIfPresent(each.service.owner(), Services::oneLess);
                    return old;
                  });
      if (gone) changes++;
      return changes;
    }
  }

  /** All that are known, by their {@link HostService#uid uids}. */
  Map<String, HostService> all() {
    synchronized (known) {
      var all = new TreeMap<String, HostService>();
      known.forEach((uid, each) -> all.put(uid, each.service));
      return all;
    }
  }

  /**
   * Who has more services than are remembered, each once; those that are too many are no service.
   */
  List<String> leftOut() {
    synchronized (known) {
      var fresh =
          leftOut.entrySet().stream()
              .filter(each -> !each.getValue())
              .map(Map.Entry::getKey)
              .toList();
      fresh.forEach(each -> leftOut.put(each, true));
      return fresh;
    }
  }

  /** Asks about every process that there is; one that cannot be read the engine speaks of. */
  void find() throws IOException {
    for (int pid : processes.pids()) {
      try {
        of(pid);
      } catch (IOException e) {
        // Its service is known as soon as the engine can read it.
      }
    }
  }

  /** Which one a process is of; empty: it is gone, a thread of the kernel's, or systemd itself. */
  Optional<HostService> of(int pid) throws IOException {
    var facts = processes.facts(pid);
    var its = processes.service(pid);
    if (facts.isEmpty() || its.isEmpty() || !isService(facts.get())) return Optional.empty();
    String executable = ExecutablePath.of(facts.get());
    var first = first(pid, its.get(), executable);
    var service =
        new HostService(
            its.get().container(),
            its.get().unit(),
            executable,
            user(first),
            first.user(),
            isInHostNetwork(pid));
    synchronized (known) {
      String uid = service.uid();
      var before = known.get(uid);
      if (before == null) {
        if (!isRoomFor(service.owner())) {
          if (leftOut.size() < MOST_NAMED) leftOut.putIfAbsent(service.owner(), false);
          return Optional.empty();
        }
        counts.merge(service.owner(), 1, Integer::sum);
        changes++;
      } else if (!before.service.equals(service)) { // its user has another name now
        counts.computeIfPresent(before.service.owner(), Services::oneLess);
        counts.merge(service.owner(), 1, Integer::sum);
        changes++;
      }
      known.put(uid, new Known(service, ticker.getAsLong()));
    }
    return Optional.of(service);
  }

  private boolean isRoomFor(String owner) {
    return known.size() < MOST && counts.getOrDefault(owner, 0) < MOST_OF_OWNER;
  }

  private static @Nullable Integer oneLess(String owner, Integer count) {
    return count == 1 ? null : count - 1;
  }

  private static boolean isService(ProcessFacts process) {
    boolean ofKernel = process.executable().isEmpty() && process.arguments().isEmpty();
    return !ofKernel && !process.command().equals(SYSTEMD);
  }

  /**
   * Of a process and its ancestors the first that is of the same program and unit: the workers of
   * nginx or PHP-FPM have other users than their master, and serve with it.
   */
  private ServiceFacts first(int pid, ServiceFacts its, String executable) throws IOException {
    var first = its;
    int child = pid;
    for (int i = 0; i < MOST_ANCESTORS; i++) {
      var parent = processes.parent(child);
      if (parent.isEmpty()) return first;
      child = parent.getAsInt();
      var service = processes.service(child);
      boolean together =
          service.isPresent()
              && service.get().unit().equals(its.unit())
              && service.get().container().equals(its.container());
      if (!together) return first;
      var facts = processes.facts(child);
      if (facts.isEmpty() || !ExecutablePath.of(facts.get()).equals(executable)) return first;
      first = service.get();
    }
    return first;
  }

  /** A container has users of its own, so of these the machine knows no names. */
  private String user(ServiceFacts service) {
    return service.container().isEmpty()
        ? users.name(service.user())
        : String.valueOf(service.user());
  }

  /** Where that may not be seen the engine says why; the machine's is the more careful answer. */
  private boolean isInHostNetwork(int pid) {
    try {
      var inode = processes.networkNamespace(pid);
      return inode.isEmpty() || hostNetworks.test(inode.getAsLong());
    } catch (IOException e) {
      return true;
    }
  }
}
