package io.listenbacklog.probe.engine;

import io.listenbacklog.kernel.netns.NetCounters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A network namespace that processes of watched pods are in. */
final class WatchedNamespace {
  final long inode;

  /** By cookie, in the order in which they were first seen. */
  final Map<Long, WatchedListener> listeners = new LinkedHashMap<>();

  /** The watched pods in it, by the uid of their cgroups. */
  Set<String> pods = Set.of();

  /**
   * The pod whose alone it is: all listeners in it are that pod's, and its sysctls may be written.
   * Null where it is the node's, a hostNetwork pod's, or where processes of several pods are.
   */
  @Nullable String sole;

  /** With whom it is shared, for people; empty where it is not. */
  String sharedWith = "";

  /** Whether it is the node's own: that of its host network pods. */
  boolean nodes;

  final WatchedSysctl somaxconn;
  private final WatchedSysctl tcpMaxSynBacklog;

  /** Whether a full listing was made since the current spec came. */
  boolean listed;

  /** Its counters when it was last judged which listeners overflowed; null: never. */
  @Nullable NetCounters counters;

  /** Whether others than the listeners known may have overflowed since then. */
  boolean overflowsUnseen;

  /** What is kept of it to find out whose SYN queue overflowed. */
  final SynFloodWatch synFloods = new SynFloodWatch();

  /** What sandbox its pod is in; null: none. */
  @Nullable String sandbox;

  /** {@code Discovery.changes()} when that was found out. */
  long sandboxAsOf = -1;

  /** Why its listeners cannot be seen, or the last visit failed; null: they can. */
  @Nullable String unobservable;

  WatchedNamespace(long inode, long nanos) {
    this.inode = inode;
    somaxconn = new WatchedSysctl(nanos);
    tcpMaxSynBacklog = new WatchedSysctl(nanos);
  }

  WatchedSysctl sysctl(FloorSysctl which) {
    return switch (which) {
      case SOMAXCONN -> somaxconn;
      case TCP_MAX_SYN_BACKLOG -> tcpMaxSynBacklog;
    };
  }

  /** Whether it was looked into, or why it cannot be is known. */
  boolean wasReached() {
    return listed || unobservable != null;
  }

  /** Whether a pod may be judged by all that listens here, or only by what its processes hold. */
  boolean shared() {
    return sole == null;
  }
}
