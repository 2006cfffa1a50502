package io.listenbacklog.host;

import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.kernel.netns.NamespaceGoneException;
import io.listenbacklog.kernel.netns.NetworkNamespaces.Visit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The network namespaces of a machine, each with processes that lead into it. */
final class HostNetworks {
  /** So many processes are tried as the way in: any of them may have exited. */
  private static final int MOST_WAYS = 16;

  private final NodeKernel kernel;
  private final Map<Long, List<Integer>> waysIn;
  private final NotSeen notSeen;

  private HostNetworks(NodeKernel kernel, Map<Long, List<Integer>> waysIn, NotSeen notSeen) {
    this.kernel = kernel;
    this.waysIn = waysIn;
    this.notSeen = notSeen;
  }

  /**
   * Finds them.
   *
   * @param notSeen gets what cannot be looked at
   */
  static HostNetworks find(NodeKernel kernel, NotSeen notSeen) throws IOException {
    var processes = kernel.processes();
    var waysIn = new TreeMap<Long, List<Integer>>();
    processes.unlisted().ifPresent(notSeen::add);
    for (int pid : processes.pids()) {
      try {
        processes
            .networkNamespace(pid)
            .ifPresent(inode -> waysIn.computeIfAbsent(inode, _ -> new ArrayList<>()).add(pid));
      } catch (IOException e) {
        notSeen.add("process %d: %s".formatted(pid, e.getMessage()));
      }
    }
    return new HostNetworks(kernel, waysIn, notSeen);
  }

  /** Their inodes, ascending. */
  Set<Long> all() {
    return waysIn.keySet();
  }

  /**
   * Looks into one.
   *
   * @return empty where it is gone, or cannot be entered, which is noted
   */
  <T> Optional<T> visit(long inode, Visit<T> visit) {
    var ways = waysIn.getOrDefault(inode, List.of());
    try {
      for (int pid : ways.subList(0, Math.min(MOST_WAYS, ways.size()))) {
        var seen = visitBy(pid, inode, visit);
        if (seen.isPresent()) return seen;
      }
    } catch (IOException e) {
      notSeen.add("network namespace %d: %s".formatted(inode, e.getMessage()));
    }
    return Optional.empty();
  }

  private <T> Optional<T> visitBy(int pid, long inode, Visit<T> visit) throws IOException {
    try {
      return Optional.of(kernel.namespaces().visit(pid, inode, visit));
    } catch (NamespaceGoneException e) {
      return Optional.empty(); // this process has left it; others may be there
    }
  }
}
