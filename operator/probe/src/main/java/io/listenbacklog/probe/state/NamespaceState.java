package io.listenbacklog.probe.state;

import io.listenbacklog.kernel.netns.NetCounters;
import io.listenbacklog.probe.discover.NamespaceOccupancy;
import io.listenbacklog.probe.journal.JournalEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A network namespace that processes of watched pods are in. */
public final class NamespaceState {
  public final long inode;

  /** By cookie, in the order in which they were first seen. */
  public final Map<Long, ListenerState> listeners = new LinkedHashMap<>();

  /** UNIX listeners, by cookie, in the order in which they were first seen. */
  public final Map<Long, ListenerState> unix = new LinkedHashMap<>();

  /** Whether all of them were seen at the last look. */
  public boolean unixListed;

  /** How often they were looked at. */
  public long unixVisits;

  /** What was true of those that are closed. */
  public final ClosedListeners closings = new ClosedListeners();

  /** How many more there are, and at least, than are watched: they are over its share. */
  public int listenersLeft;

  /** The watched pods in it, by the uid of their cgroups. */
  public Set<String> pods = Set.of();

  /**
   * The pod whose alone it is: all listeners in it are that pod's, and its sysctls may be written.
   * Null where it is the node's, a hostNetwork pod's, or where processes of several pods are.
   */
  public @Nullable String sole;

  /** With whom it is shared, for people; empty where it is not. */
  public String sharedWith = "";

  /** Whether it is the node's own: that of its host network pods. */
  public boolean nodes;

  public final SysctlState somaxconn;
  private final SysctlState tcpMaxSynBacklog;

  /** Whether a full listing was made since the current spec came. */
  public boolean listed;

  /** When that was made last. */
  public long listedNanos;

  /** When it was entered last. */
  public long visitedNanos;

  /** Its counters when it was last judged which listeners overflowed; null: never. */
  public @Nullable NetCounters counters;

  /** Whether others than the listeners known may have overflowed since then. */
  public boolean overflowsUnseen;

  /** What is kept of it to find out whose SYN queue overflowed. */
  public final SynQueueBaseline synFloods = new SynQueueBaseline();

  /** Listeners that were seen and are not judged since. */
  public final ArrayDeque<ListenerState> toJudge = new ArrayDeque<>();

  /** What was raised here and is not seen, by cookie. */
  public final Map<Long, Missing> missing = new HashMap<>();

  /** The search for owners that is under way; null: none is. */
  public @Nullable OwnerSearch ownerSearch;

  /** What sandbox its pod is in; null: none. */
  public @Nullable String sandbox;

  /** {@code ProcessIndex.changes()} when that was found out. */
  public long sandboxAsOf = -1;

  /** Why its listeners cannot be seen, or the last visit failed; null: they can. */
  public @Nullable String unobservable;

  /**
   * A listener that was raised and is not seen.
   *
   * @param looks how often it was looked for by its cookie, in vain
   */
  public record Missing(int port, int looks) {
    /** A dump misses a live listener of a busy group now and then: not twice in a row. */
    private static final int ENOUGH = 2;

    public Missing lookedInVain() {
      return new Missing(port, looks + 1);
    }
  }

  /**
   * It may be another one by now, under the same number: its sysctls and its listeners are read
   * anew before anything is believed of it. Listeners that are still there are known by their
   * cookies.
   */
  public void doubt() {
    listed = false;
    unixListed = false;
    counters = null;
    synFloods.counters = null;
  }

  /** Listeners of all families. */
  public Collection<ListenerState> all() {
    if (unix.isEmpty()) return listeners.values();
    var all = new ArrayList<ListenerState>(listeners.size() + unix.size());
    all.addAll(listeners.values());
    all.addAll(unix.values());
    return all;
  }

  /** Whether it was there at the last look. */
  public boolean has(ListenerState listener) {
    long cookie = listener.id.cookie();
    return listeners.get(cookie) == listener || unix.get(cookie) == listener;
  }

  /** A listener was seen, and has to be judged: once, however often it is seen until then. */
  public void judgeLater(ListenerState listener) {
    if (listener.isToBeJudged) return;
    listener.isToBeJudged = true;
    toJudge.add(listener);
  }

  /** Whether a raised listener that is not seen is gone for sure; else it is looked for. */
  public boolean isGone(JournalEntry.Backlog raised) {
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

  public NamespaceState(long inode, long nanos) {
    this.inode = inode;
    somaxconn = new SysctlState(nanos);
    tcpMaxSynBacklog = new SysctlState(nanos);
  }

  public SysctlState sysctl(NamespaceSysctl which) {
    return switch (which) {
      case SOMAXCONN -> somaxconn;
      case TCP_MAX_SYN_BACKLOG -> tcpMaxSynBacklog;
    };
  }

  /** Who is in it now. */
  public void occupiedBy(NamespaceOccupancy now) {
    pods = now.pods();
    sole = now.sole();
    nodes = now.nodes();
    sharedWith = now.sharedWith();
  }

  /** Whether it was looked into, or why it cannot be is known. */
  public boolean wasReached() {
    return listed || unobservable != null;
  }

  /** Whether a pod may be judged by all that listens here, or only by what its processes hold. */
  public boolean shared() {
    return sole == null;
  }
}
