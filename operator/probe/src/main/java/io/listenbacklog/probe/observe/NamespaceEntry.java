package io.listenbacklog.probe.observe;

import io.listenbacklog.kernel.netns.NamespaceGoneException;
import io.listenbacklog.kernel.netns.NetworkNamespaces;
import io.listenbacklog.probe.discover.HostNamespaces;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.state.NamespaceState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The way into a network namespace: a process that is in it. */
public record NamespaceEntry(
    ProcessIndex processIndex, NetworkNamespaces networks, HostNamespaces hostNamespaces) {
  /** Processes to try: any of them may have exited. */
  private static final int WAYS_IN = 3;

  /**
   * Enters a namespace through a process of one of its watched pods.
   *
   * @return empty where none of them leads there any more
   */
  public <T> Optional<T> visit(NamespaceState namespace, NetworkNamespaces.Visit<T> visit)
      throws IOException {
    var ways = new ArrayList<Integer>(WAYS_IN);
    addPods(ways, namespace);
    return tryEach(ways, namespace, visit);
  }

  /**
   * The same, but through other processes too: what was raised for the node may outlive all pods
   * for which it was.
   *
   * @param likelyPid tried first; 0: none
   */
  public <T> Optional<T> visitThroughAny(
      NamespaceState namespace, int likelyPid, NetworkNamespaces.Visit<T> visit)
      throws IOException {
    var ways = new ArrayList<Integer>(WAYS_IN);
    if (likelyPid != 0) ways.add(likelyPid);
    addPods(ways, namespace);
    hostNamespaces.wayIn(namespace.inode).ifPresent(ways::add);
    return tryEach(ways, namespace, visit);
  }

  private void addPods(List<Integer> ways, NamespaceState namespace) {
    for (var member : processIndex.members(namespace.inode).entrySet()) {
      if (ways.size() == WAYS_IN) return;
      if (namespace.pods().contains(member.getValue())) ways.add(member.getKey());
    }
  }

  private <T> Optional<T> tryEach(
      List<Integer> ways, NamespaceState namespace, NetworkNamespaces.Visit<T> visit)
      throws IOException {
    for (int pid : ways) {
      try {
        return Optional.of(networks.visit(pid, namespace.inode, visit));
      } catch (NamespaceGoneException e) {
        // It has exited: the next one leads there, or the next scan forgets the namespace.
      }
    }
    return Optional.empty();
  }
}
