package io.listenbacklog.probe.engine;

import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.probe.journal.Entry;
import io.listenbacklog.probe.journal.Raised;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds which process holds a socket, and tells what that process is. */
final class Owners {
  /** So many looks in a row, one a sweep; then more seldom, for the holder may be out of reach. */
  private static final int EAGER_LOOKS = 5;

  private static final long SELDOM_NANOS = Duration.ofSeconds(30).toNanos();

  private final Surroundings around;
  private final Processes processes;

  Owners(Surroundings around) {
    this.around = around;
    processes = around.kernel().processes();
  }

  /** Whether it is time to look for the owner of a listener that has none. */
  boolean due(WatchedListener listener) {
    return listener.owner == null && around.nanos() - listener.nextOwnerLookNanos >= 0;
  }

  /**
   * Looks for the owners of listeners of a namespace: among the processes in it that are of its
   * watched pods, the lowest pid first, and no others. A socket that only strangers hold stays
   * without an owner, and so is never touched.
   *
   * @param likelyPid where to look first; 0: nowhere
   */
  void look(WatchedNamespace namespace, Collection<WatchedListener> wanting, int likelyPid) {
    Map<Long, WatchedListener> byInode = new HashMap<>();
    for (var each : wanting) byInode.put(each.inode, each);
    if (likelyPid != 0) lookIn(likelyPid, namespace.pods, byInode);
    for (var member : around.discovery().members(namespace.inode).entrySet()) {
      if (byInode.isEmpty()) return;
      if (!namespace.pods.contains(member.getValue())) continue;
      lookIn(member.getKey(), namespace.pods, byInode);
    }
    long now = around.nanos();
    for (var missed : byInode.values()) {
      missed.ownerLooks++;
      missed.nextOwnerLookNanos = missed.ownerLooks < EAGER_LOOKS ? now : now + SELDOM_NANOS;
    }
  }

  private void lookIn(int pid, Set<String> pods, Map<Long, WatchedListener> byInode) {
    String what = "sockets of process " + pid;
    try {
      var sockets = processes.sockets(pid);
      List<Long> held = byInode.keySet().stream().filter(sockets::containsKey).toList();
      if (!held.isEmpty()) {
        // Asked again, for the pid may have become another pod's process since it was discovered.
        var container = processes.container(pid);
        if (container.isEmpty() || !pods.contains(container.get().podUid())) return;
        for (long inode : held) {
          var listener = byInode.remove(inode);
          if (listener == null) continue;
          listener.owner = new Owner(pid, sockets.getOrDefault(inode, -1));
          listener.cgroupUid = container.get().podUid();
          listener.ownerLooks = 0;
        }
      }
      around.troubles().over(what);
    } catch (IOException e) {
      around.troubles().failed(what, e);
    }
  }

  /** Says of listeners with an owner what that owner is. */
  void attribute(Collection<WatchedListener> listeners) {
    var byPid = new HashMap<Integer, List<WatchedListener>>();
    for (var each : listeners) {
      if (each.owner != null && each.attribution.pid() != each.owner.pid()) {
        byPid.computeIfAbsent(each.owner.pid(), _ -> new ArrayList<>()).add(each);
      }
    }
    byPid.forEach(this::attribute);
  }

  private void attribute(int pid, List<WatchedListener> listeners) {
    try {
      var facts = processes.facts(pid);
      for (var each : listeners) {
        if (facts.isEmpty()) {
          each.loseOwner(around.nanos());
          continue;
        }
        var is = facts.get();
        int requested =
            around
                .journal()
                .backlog(each.id.cookie())
                .map(Entry::raised)
                .filter(raised -> !raised.onlyContested())
                .map(Raised::original)
                .orElse(each.backlog);
        var application = around.recogniser().recognise(is, requested).orElse(null);
        each.attribution = new Attribution(is.containerName(), is.command(), pid, application);
      }
    } catch (IOException e) {
      around.troubles().failed("facts of process " + pid, e);
    }
  }

  /** Forgets owners that are gone: another process may hold the socket now. */
  void forgetGone(Collection<WatchedListener> listeners) {
    for (var each : listeners) {
      var owner = each.owner;
      String pod = each.cgroupUid;
      if (owner == null || pod == null || around.discovery().pids(pod).contains(owner.pid())) {
        continue;
      }
      each.loseOwner(around.nanos());
    }
  }
}
