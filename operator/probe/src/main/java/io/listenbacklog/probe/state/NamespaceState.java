package io.listenbacklog.probe.state;

import io.listenbacklog.policy.assess.BacklogGrowth;
import io.listenbacklog.probe.discover.NamespaceOccupancy;
import io.listenbacklog.probe.journal.JournalEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A network namespace that processes of watched pods are in. */
public final class NamespaceState {
  public final long inode;

  private final Map<Long, ListenerState> byCookie = new LinkedHashMap<>();

  /** By cookie, in the order in which they were first seen; to be read only. */
  public final Map<Long, ListenerState> listeners = Collections.unmodifiableMap(byCookie);

  private final ListenersByPort byPort = new ListenersByPort();

  /** The TCP listeners that grew, which few do: at each visit it is asked to how much. */
  private final Set<ListenerState> grown = new HashSet<>();

  /** UNIX listeners, by cookie, in the order in which they were first seen. */
  public final Map<Long, ListenerState> unix = new LinkedHashMap<>();

  /** Whether all of them were seen at the last look. */
  private boolean unixListed;

  /** How often they were looked at. */
  private long unixVisits;

  /** What was true of those that are closed. */
  public final ClosedListeners closings = new ClosedListeners();

  /** How many more there are, and at least, than are watched: they are over its share. */
  private int listenersLeft;

  /** The same of UNIX listeners. */
  private int unixLeft;

  private NamespaceOccupancy occupancy = NamespaceOccupancy.NOBODY;

  public final SysctlState somaxconn;
  private final SysctlState tcpMaxSynBacklog;

  /** Whether a full listing was made since the current spec came. */
  private boolean listed;

  /** When that was made last. */
  private long listedNanos;

  /** When it was entered last. */
  private long visitedNanos;

  /** What is kept of it to find out which listeners overflowed. */
  public final OverflowBaseline overflows = new OverflowBaseline();

  /** What is kept of it to find out whose SYN queue overflowed. */
  public final SynQueueBaseline synFloods = new SynQueueBaseline();

  /** Listeners that were seen and are not judged since. */
  public final ArrayDeque<ListenerState> toJudge = new ArrayDeque<>();

  /** What was raised here and is not seen, by cookie. */
  public final Map<Long, Missing> missing = new HashMap<>();

  /** The search for owners that is under way; null: none is. */
  private @Nullable OwnerSearch ownerSearch;

  /** What sandbox its pod is in; null: none. */
  private @Nullable String sandbox;

  /** {@code ProcessIndex.changes()} when that was found out. */
  private long sandboxAsOf = -1;

  /** Why its listeners cannot be seen, or the last visit failed; null: they can. */
  private @Nullable String unobservable;

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
    overflows.forget();
    synFloods.forget();
  }

  /** Listeners of all families. */
  public Collection<ListenerState> all() {
    if (unix.isEmpty()) return listeners.values();
    var all = new ArrayList<ListenerState>(listeners.size() + unix.size());
    all.addAll(listeners.values());
    all.addAll(unix.values());
    return all;
  }

  /** A TCP listener was seen for the first time. */
  public void add(ListenerState listener) {
    byCookie.put(listener.id.cookie(), listener);
    byPort.add(listener);
  }

  /** A TCP listener is gone. */
  public void remove(ListenerState listener) {
    if (!byCookie.remove(listener.id.cookie(), listener)) return;
    byPort.remove(listener);
    grown.remove(listener);
  }

  /** Those TCP listeners that are on one port: found without a look at each of thousands. */
  public List<ListenerState> onPort(int port) {
    return byPort.on(port);
  }

  /** To what the TCP listeners of a pod grew at most; 0: none did. */
  public int grownTo(String cgroupUid) {
    int most = 0;
    for (var each : grown) {
      if (cgroupUid.equals(each.cgroupUid())) most = Math.max(most, each.growth().target());
    }
    return most;
  }

  /** How one of its listeners grows from now on. */
  public void grow(ListenerState listener, BacklogGrowth now) {
    listener.grow(now);
    if (now.target() == 0) grown.remove(listener);
    else if (byCookie.get(listener.id.cookie()) == listener) grown.add(listener);
  }

  /** Whether it was there at the last look. */
  public boolean has(ListenerState listener) {
    long cookie = listener.id.cookie();
    return listeners.get(cookie) == listener || unix.get(cookie) == listener;
  }

  /** A listener was seen, and has to be judged: once, however often it is seen until then. */
  public void judgeLater(ListenerState listener) {
    if (listener.judgement.becomesDue()) toJudge.add(listener);
  }

  /** The next one that has to be judged; null: none has. */
  public @Nullable ListenerState nextToJudge() {
    var next = toJudge.poll();
    if (next != null) next.judgement.taken();
    return next;
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
    occupancy = now;
  }

  /** The watched pods in it, by the uid of their cgroups. */
  public Set<String> pods() {
    return occupancy.pods();
  }

  /**
   * The pod whose alone it is: all listeners in it are that pod's, and its sysctls may be written.
   * Null where it is the node's, a hostNetwork pod's, or where processes of several pods are.
   */
  public @Nullable String sole() {
    return occupancy.sole();
  }

  /** With whom it is shared, for people; empty where it is not. */
  public String sharedWith() {
    return occupancy.sharedWith();
  }

  /** Whether it is the node's own: that of its host network pods. */
  public boolean nodes() {
    return occupancy.nodes();
  }

  /** Whether all UNIX listeners were seen at the last look. */
  public boolean unixListed() {
    return unixListed;
  }

  public void unixListed(boolean all) {
    unixListed = all;
  }

  /** The number of a look at its UNIX listeners that begins. */
  public long nextUnixVisit() {
    return ++unixVisits;
  }

  /** How many more listeners there are, and at least, than are watched. */
  public int listenersLeft() {
    return listenersLeft + unixLeft;
  }

  public void listenersLeft(int more) {
    listenersLeft = more;
  }

  /** How many more UNIX listeners there are, and at least, than are watched. */
  public void unixLeft(int more) {
    unixLeft = more;
  }

  /** How many are watched, of all families. */
  public int watched() {
    return listeners.size() + unix.size();
  }

  /** Whether a full listing was made since the current spec came. */
  public boolean listed() {
    return listed;
  }

  /** When that was made last. */
  public long listedNanos() {
    return listedNanos;
  }

  /** A full listing was made. */
  public void listedAt(long nanos) {
    listed = true;
    listedNanos = nanos;
  }

  /** A full listing has to be made. */
  public void listAnew() {
    listed = false;
  }

  /** When it was entered last. */
  public long visitedNanos() {
    return visitedNanos;
  }

  /**
   * It was entered.
   *
   * @param hiding why its listeners cannot be seen nevertheless; null: they can
   */
  public void visited(long nanos, @Nullable String hiding) {
    visitedNanos = nanos;
    unobservable = hiding;
  }

  /** It could not be entered. */
  public void notVisited(String why) {
    unobservable = why;
  }

  /** Why its listeners cannot be seen, or the last visit failed; null: they can. */
  public @Nullable String unobservable() {
    return unobservable;
  }

  /** The search for owners that is under way; null: none is. */
  public @Nullable OwnerSearch ownerSearch() {
    return ownerSearch;
  }

  public void search(@Nullable OwnerSearch underWay) {
    ownerSearch = underWay;
  }

  /** What sandbox its pod is in; null: none. */
  public @Nullable String sandbox() {
    return sandbox;
  }

  /** {@code ProcessIndex.changes()} when that was found out. */
  public long sandboxAsOf() {
    return sandboxAsOf;
  }

  public void sandboxed(@Nullable String in, long asOf) {
    sandbox = in;
    sandboxAsOf = asOf;
  }

  /** Whether it was looked into, or why it cannot be is known. */
  public boolean wasReached() {
    return listed || unobservable != null;
  }

  /** Whether a pod may be judged by all that listens here, or only by what its processes hold. */
  public boolean shared() {
    return occupancy.sole() == null;
  }
}
