package io.listenbacklog.host;

import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.catalogue.Listened;
import io.listenbacklog.kernel.NodeKernel;
import io.listenbacklog.kernel.netns.NamespaceView;
import io.listenbacklog.kernel.netns.NetCounters;
import io.listenbacklog.kernel.socket.ListenerTable;
import io.listenbacklog.kernel.socket.UnixListener;
import io.listenbacklog.kernel.socket.UnixListenerTable;
import io.listenbacklog.policy.assess.Ceiling;
import io.listenbacklog.policy.assess.OverflowEvidence;
import io.listenbacklog.policy.assess.Place;
import io.listenbacklog.policy.assess.StallAssessment;
import io.listenbacklog.probe.discover.ApplicationRecognizer;
import io.listenbacklog.probe.discover.ApplicationRecognizer.Recognised;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Looks at all listeners of a machine, and again a while later: which have less than is asked,
 * which dropped connection attempts meanwhile, and from which nothing was accepted. Reads only.
 */
final class HostAudit {
  /**
   * How often queues are looked at: where nobody can be seen to wait, so many looks prove a stall
   * (the first one begins, and {@link StallAssessment#GLANCES} must follow).
   */
  private static final int LOOKS = StallAssessment.GLANCES + 2;

  /**
   * At so many UNIX listeners of a network namespace it is looked who waits. For each the kernel
   * walks all UNIX sockets there are: among 9,000 that took 0.6 ms.
   */
  private static final int MOST_UNIX_QUEUES = 256;

  private final NodeKernel kernel;
  private final ApplicationRecognizer recognizer;
  private final Catalogue catalogue;
  private final Clocks clocks;
  private final Pause pause;

  /** Lets time pass. */
  @FunctionalInterface
  interface Pause {
    void take(Duration time) throws InterruptedException;
  }

  HostAudit(
      NodeKernel kernel,
      ApplicationRecognizer recognizer,
      Catalogue catalogue,
      Clocks clocks,
      Pause pause) {
    this.kernel = kernel;
    this.recognizer = recognizer;
    this.catalogue = catalogue;
    this.clocks = clocks;
    this.pause = pause;
  }

  /**
   * What was made in one network namespace.
   *
   * @param listeners of TCP, by their cookies
   * @param counters of the namespace, read after these
   * @param unix UNIX listeners, by their cookies
   */
  private record Room(
      Map<Long, WatchedTcp> listeners, NetCounters counters, Map<Long, WatchedUnix> unix) {

    List<Watched> all() {
      var all = new ArrayList<Watched>(listeners.values());
      all.addAll(unix.values());
      return all;
    }
  }

  /**
   * Takes as long as it is asked to watch, and some milliseconds for each thousand processes.
   *
   * @throws IOException where procfs cannot be read at all
   */
  AuditReport of(Asked asked) throws IOException, InterruptedException {
    var notSeen = new NotSeen();
    var networks = HostNetworks.find(kernel, notSeen);
    var rooms = new TreeMap<Long, Room>();
    for (long inode : networks.all()) {
      networks
          .visit(inode, there -> list(inode, there, asked, notSeen))
          .ifPresent(room -> rooms.put(inode, room));
    }
    watch(networks, rooms, asked.watched(), notSeen);
    var attempts = new HashMap<Long, Long>();
    for (var each : rooms.entrySet()) {
      networks
          .visit(each.getKey(), there -> overflows(there, each.getValue()))
          .ifPresent(attempts::putAll);
    }
    var all =
        rooms.values().stream()
            .flatMap(room -> room.all().stream())
            .filter(each -> !each.isGone())
            .toList();
    return AuditReport.of(
        clocks.now(), asked, judged(all, attempts, asked, networks, notSeen), notSeen.all());
  }

  private static Room list(long inode, NamespaceView there, Asked asked, NotSeen notSeen)
      throws IOException {
    int somaxconn = there.somaxconn();
    var unix = unix(inode, there, somaxconn, asked, notSeen);
    var listeners = new LinkedHashMap<Long, WatchedTcp>();
    var all = there.listeners().all();
    for (var each : all) {
      listeners.put(each.id().cookie(), new WatchedTcp(inode, somaxconn, each));
    }
    if (all.size() >= ListenerTable.MOST) {
      notSeen.add(
          "network namespace %d has more than %d listeners".formatted(inode, ListenerTable.MOST));
    }
    // The counters after the listeners, as overflows() needs it.
    return new Room(listeners, there.counters(), unix);
  }

  private static Map<Long, WatchedUnix> unix(
      long inode, NamespaceView there, int somaxconn, Asked asked, NotSeen notSeen) {
    if (!asked.concernsUnix()) return Map.of();
    var unix = new LinkedHashMap<Long, WatchedUnix>();
    try {
      var all = there.unixListeners().unix();
      for (var each : all) {
        var watched = new WatchedUnix(inode, somaxconn, each);
        if (asked.concerns(watched.place())) unix.put(each.id().cookie(), watched);
      }
      if (all.size() >= UnixListenerTable.MOST) {
        notSeen.add(
            "network namespace %d has %d UNIX listeners or more: only so many are looked at"
                .formatted(inode, UnixListenerTable.MOST));
      }
    } catch (IOException e) {
      notSeen.add("UNIX listeners of network namespace %d: %s".formatted(inode, e.getMessage()));
    }
    return unix;
  }

  /** Looks at the queues in which somebody waits, again and again. */
  private void watch(
      HostNetworks networks, Map<Long, Room> rooms, Duration watched, NotSeen notSeen)
      throws InterruptedException {
    if (watched.isZero()) return;
    var pace = watched.dividedBy(LOOKS).plusNanos(1); // rounded up: the last look is late enough
    for (int look = 0; look <= LOOKS; look++) {
      if (look > 0) pause.take(pace);
      for (var each : rooms.entrySet()) {
        watchUnix(networks, each.getKey(), each.getValue().unix(), watched, notSeen);
        var listeners = each.getValue().listeners();
        var waited = listeners.values().stream().filter(listener -> listener.queue() > 0).toList();
        if (waited.isEmpty()) continue;
        networks.visit(
            each.getKey(),
            there -> {
              for (var listener : waited) {
                listener.lookWhoWaits(there, Duration.ofNanos(clocks.nanos()), watched, listeners);
              }
              return true;
            });
      }
    }
  }

  /** The same of UNIX listeners, of which one dump shows who else has somebody wait by now. */
  private void watchUnix(
      HostNetworks networks,
      long inode,
      Map<Long, WatchedUnix> unix,
      Duration watched,
      NotSeen notSeen) {
    if (unix.isEmpty()) return;
    networks.visit(
        inode,
        there -> {
          var now = new HashMap<Long, UnixListener>();
          for (var each : there.unixListeners().unix()) now.put(each.id().cookie(), each);
          boolean whole = now.size() < UnixListenerTable.MOST;
          int looked = 0;
          for (var each : unix.entrySet()) {
            var listener = each.getValue();
            boolean waits = listener.see(now.get(each.getKey()));
            if (whole && !now.containsKey(each.getKey())) listener.end();
            if (waits && looked++ < MOST_UNIX_QUEUES) {
              listener.lookWhoWaits(there, Duration.ofNanos(clocks.nanos()), watched);
            } else {
              listener.lookAway();
            }
          }
          if (looked > MOST_UNIX_QUEUES) {
            notSeen.add(
                ("at more than %d UNIX listeners of network namespace %d somebody waits: whether"
                        + " anything is accepted from the others is not looked at")
                    .formatted(MOST_UNIX_QUEUES, inode));
          }
          return true;
        });
  }

  /**
   * Sees all again, and which of them overflowed meanwhile.
   *
   * @return how many attempts those dropped at most, by cookie
   */
  private static Map<Long, Long> overflows(NamespaceView there, Room room) throws IOException {
    var known = room.listeners();
    var unseen = new LinkedHashMap<>(known);
    boolean allKnown = true;
    for (var each : there.listeners().all()) {
      var listener = known.get(each.id().cookie());
      unseen.remove(each.id().cookie());
      if (listener == null) allKnown = false;
      else listener.see(each);
    }
    endClosed(there, unseen);
    long rose = there.counters().listenOverflows() - room.counters().listenOverflows();
    if (rose <= 0) return Map.of();
    // What overflowed after it was looked at and before the counters were read is in these alone.
    for (var each : there.listeners().all()) {
      var listener = known.get(each.id().cookie());
      allKnown &= listener != null && listener.isAsSeenLast(each);
    }
    long drops = known.values().stream().mapToLong(each -> each.dropped().rose()).sum();
    var evidence = new OverflowEvidence(rose, drops, allKnown);
    var attempts = new HashMap<Long, Long>();
    known.forEach(
        (cookie, listener) ->
            evidence.attempts(listener.dropped()).ifPresent(count -> attempts.put(cookie, count)));
    return attempts;
  }

  /** A dump may miss one that lives, while others come and go; an exact look-up does not. */
  private static void endClosed(NamespaceView there, Map<Long, WatchedTcp> unseen)
      throws IOException {
    if (unseen.isEmpty()) return;
    var closed = new HashMap<>(unseen);
    for (var each :
        there.listeners().known(unseen.values().stream().map(WatchedTcp::id).toList())) {
      closed.remove(each.id().cookie());
    }
    closed.values().forEach(WatchedTcp::end);
  }

  private List<AuditedListener> judged(
      Collection<Watched> all,
      Map<Long, Long> attempts,
      Asked asked,
      HostNetworks networks,
      NotSeen notSeen)
      throws IOException {
    var inodes = new HashSet<Long>();
    all.forEach(each -> inodes.add(each.inode()));
    var owners = new Owners(kernel.processes(), notSeen).of(inodes);
    var recognised = new HashMap<Integer, Recognised>();
    var judgement = new Judgement(kernel, catalogue, networks, clocks, asked);
    var listeners = new ArrayList<AuditedListener>();
    for (var each : all) {
      var owner = owners.getOrDefault(each.inode(), Owner.NOBODY);
      if (!asked.concerns(each.place()) || !asked.concerns(owner)) continue;
      Long dropped = attempts.get(each.id().cookie());
      listeners.add(
          judgement.of(
              each,
              owner,
              application(each, owner, recognised).orElse(null),
              dropped == null ? OptionalLong.empty() : OptionalLong.of(dropped)));
    }
    return listeners;
  }

  /** A process is looked at once, for it may have many listeners. */
  private Optional<String> application(
      Watched listener, Owner owner, Map<Integer, Recognised> recognised) throws IOException {
    var process = owner.process();
    if (process == null) return Optional.empty();
    var known = recognised.get(process.pid());
    if (known == null) {
      known = recognizer.recognise(process);
      recognised.put(process.pid(), known);
    }
    int backlog = listener.backlog();
    int capped = Ceiling.of(backlog, false, listener.somaxconn(), 0);
    int port = listener.place() instanceof Place.Port(int number, _) ? number : 0;
    return known.application(new Listened(backlog, port, capped), owner.fd());
  }
}
