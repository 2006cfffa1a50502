package io.listenbacklog.host;

import io.listenbacklog.kernel.process.Processes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds out who holds sockets: reads the descriptors of all processes, some 2 µs each. */
final class Owners {
  /** It holds the sockets of units that it starts at their first connection. */
  private static final String SYSTEMD = "systemd";

  private final Processes processes;
  private final NotSeen notSeen;

  /**
   * Nothing is read yet.
   *
   * @param notSeen gets which processes cannot be looked into
   */
  Owners(Processes processes, NotSeen notSeen) {
    this.processes = processes;
    this.notSeen = notSeen;
  }

  private record Holder(int pid, int fd, long startTicks) {}

  /**
   * The owners of sockets, by inode; one that nobody holds is left out.
   *
   * @param inodes of the sockets
   */
  Map<Long, Owner> of(Set<Long> inodes) throws IOException {
    var holders = new HashMap<Long, List<Holder>>();
    for (int pid : processes.pids()) {
      try {
        var held = processes.sockets(pid);
        held.keySet().retainAll(inodes);
        if (held.isEmpty()) continue;
        long started = processes.startTicks(pid).orElse(Long.MAX_VALUE);
        held.forEach(
            (inode, fd) ->
                holders
                    .computeIfAbsent(inode, _ -> new ArrayList<>())
                    .add(new Holder(pid, fd, started)));
      } catch (IOException e) {
        notSeen.add("descriptors of process %d: %s".formatted(pid, e.getMessage()));
      }
    }
    var owners = new HashMap<Long, Owner>();
    for (var each : holders.entrySet()) owners.put(each.getKey(), owner(each.getValue()));
    return owners;
  }

  /** The oldest that holds it, for workers are younger; systemd only where nobody else does. */
  private Owner owner(List<Holder> holders) {
    holders.sort(Comparator.comparingLong(Holder::startTicks).thenComparingInt(Holder::pid));
    var pids = holders.stream().map(Holder::pid).toList();
    Owner systemds = Owner.NOBODY;
    for (var each : holders) {
      try {
        var facts = processes.facts(each.pid());
        var service = processes.service(each.pid());
        if (facts.isEmpty() || service.isEmpty()) continue; // it has just exited
        var owner = new Owner(facts.get(), service.get(), each.fd(), pids);
        if (!facts.get().command().equals(SYSTEMD)) return owner;
        if (systemds.process() == null) systemds = owner;
      } catch (IOException e) {
        notSeen.add("process %d: %s".formatted(each.pid(), e.getMessage()));
      }
    }
    return systemds;
  }
}
