package io.listenbacklog.probe.engine;

import io.listenbacklog.kernel.netns.NetCounters;
import io.listenbacklog.probe.journal.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A network namespace that processes of watched pods are in. */
final class WatchedNamespace {
  final long inode;

  /** By cookie, in the order in which they were first seen. */
  final Map<Long, WatchedListener> listeners = new LinkedHashMap<>();

  /** UNIX listeners, by cookie, in the order in which they were first seen. */
  final Map<Long, WatchedListener> unix = new LinkedHashMap<>();

  /** Whether all of them were seen at the last look. */
  boolean unixListed;

  /** How often they were looked at. */
  long unixVisits;

  /** What was true of those that are closed. */
  final Closings closings = new Closings();

  /** How many more there are, and at least, than are watched: they are over its share. */
  int listenersLeft;

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

  /** When that was made last. */
  long listedNanos;

  /** When it was entered last. */
  long visitedNanos;

  /** Its counters when it was last judged which listeners overflowed; null: never. */
  @Nullable NetCounters counters;

  /** Whether others than the listeners known may have overflowed since then. */
  boolean overflowsUnseen;

  /** What is kept of it to find out whose SYN queue overflowed. */
  final SynFloodWatch synFloods = new SynFloodWatch();

  /** Listeners that were seen and are not judged since. */
  final ArrayDeque<WatchedListener> toJudge = new ArrayDeque<>();

  /** What was raised here and is not seen, by cookie. */
  final Map<Long, Missing> missing = new HashMap<>();

  /** The search for owners that is under way; null: none is. */
  @Nullable OwnerSearch ownerSearch;

  /** What sandbox its pod is in; null: none. */
  @Nullable String sandbox;

  /** {@code Discovery.changes()} when that was found out. */
  long sandboxAsOf = -1;

  /** Why its listeners cannot be seen, or the last visit failed; null: they can. */
  @Nullable String unobservable;

  /**
   * A listener that was raised and is not seen.
   *
   * @param looks how often it was looked for by its cookie, in vain
   */
  record Missing(int port, int looks) {
    /** A dump misses a live listener of a busy group now and then: not twice in a row. */
    private static final int ENOUGH = 2;

    Missing lookedInVain() {
      return new Missing(port, looks + 1);
    }
  }

  /**
   * It may be another one by now, under the same number: its sysctls and its listeners are read
   * anew before anything is believed of it. Listeners that are still there are known by their
   * cookies.
   */
  void doubt() {
    listed = false;
    unixListed = false;
    counters = null;
    synFloods.counters = null;
  }

  /** Listeners of all families. */
  Collection<WatchedListener> all() {
    if (unix.isEmpty()) return listeners.values();
    var all = new ArrayList<WatchedListener>(listeners.size() + unix.size());
    all.addAll(listeners.values());
    all.addAll(unix.values());
    return all;
  }

  /** Whether it was there at the last look. */
  boolean has(WatchedListener listener) {
    long cookie = listener.id.cookie();
    return listeners.get(cookie) == listener || unix.get(cookie) == listener;
  }

  /** A listener was seen, and has to be judged: once, however often it is seen until then. */
  void judgeLater(WatchedListener listener) {
    if (listener.isToBeJudged) return;
    listener.isToBeJudged = true;
    toJudge.add(listener);
  }

  /** Whether a raised listener that is not seen is gone for sure; else it is looked for. */
  boolean isGone(Entry.Backlog raised) {
    long cookie = raised.cookie();
    if (raised.isUnix()) return unixListed && !unix.containsKey(cookie);
    if (listeners.containsKey(cookie)) {
      missing.remove(cookie);
      return false;
    }
    var looked = missing.computeIfAbsent(cookie, _ -> new Missing(raised.port(), 0));
    if (looked.looks < Missing.ENOUGH) return false;
    missing.remove(cookie);
    return true;
  }

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
