package io.listenbacklog.probe.symptom;

import io.listenbacklog.api.DescriptorUse;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.api.WaitingSeen;
import io.listenbacklog.kernel.socket.AcceptQueue;
import io.listenbacklog.kernel.socket.ConnectionTable;
import io.listenbacklog.kernel.socket.Listener;
import io.listenbacklog.kernel.socket.UnixListenerId;
import io.listenbacklog.policy.assess.QueueSnapshot;
import io.listenbacklog.policy.assess.StallAssessment;
import io.listenbacklog.policy.assess.WaitingConnection;
import io.listenbacklog.probe.budget.Allowance;
import io.listenbacklog.probe.observe.NamespaceEntry;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.state.ListenerState;
import io.listenbacklog.probe.state.NamespaceState;
import io.listenbacklog.probe.symptom.PendingLooks.Look;
import io.listenbacklog.probe.telemetry.Counters;
import io.listenbacklog.probe.telemetry.LogKeys;
import io.listenbacklog.probe.telemetry.RecurringErrors;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds applications that have stopped accepting. A sweep shows, for nothing, at which listeners
 * somebody waits; at those it looks who waits, which costs a dump each, and only when a stall is
 * proven what the application does.
 */
public final class StallDetector {
  private static final Logger log = LoggerFactory.getLogger(StallDetector.class);

  /**
   * So many listeners at which somebody waits get a look after a sweep, in turn. Each is a dump,
   * for which the kernel walks the connections of the whole node: milliseconds where its table is
   * large (7 ms were measured with the size that Linux chooses by itself).
   */
  private static final int LOOKS_A_SWEEP = 16;

  /** While a stall lasts each sweep sees whether the queue shrinks; the rest is looked at so. */
  private static final long LASTING_NANOS = Duration.ofSeconds(10).toNanos();

  /** Numbers of a stall that lasts are told anew no sooner than this. */
  private static final long TELL_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

  /**
   * Who holds a listener may not be found in the time of one step: then it is told a little later.
   */
  private static final int MOST_SEARCHES = 10;

  private static final long SEARCH_AGAIN_NANOS = Duration.ofMillis(150).toNanos();

  /** How often a queue of which only the length shows is seen, at most and at least. */
  private static final long MOST_OFTEN_NANOS = Duration.ofMillis(100).toNanos();

  private static final long MOST_SELDOM_NANOS = Duration.ofSeconds(2).toNanos();

  private final Clocks clocks;
  private final Counters counters;
  private final RecurringErrors errors;
  private final NamespaceEntry entry;
  private final StallDiagnosis diagnosis;
  private final DescriptorWatch descriptors;
  private final PendingLooks looks;

  /** Listeners at which this sweep saw somebody wait. */
  private final List<Look> candidates = new ArrayList<>();

  /** What the pods were called in the last sweep. */
  private @Nullable NodeSpec sweptWith;

  /**
   * @param time in which it is looked who waits, in nanoseconds
   */
  public StallDetector(
      Clocks clocks,
      Counters counters,
      RecurringErrors errors,
      NamespaceEntry entry,
      StallDiagnosis diagnosis,
      DescriptorWatch descriptors,
      Allowance time) {
    this.clocks = clocks;
    this.counters = counters;
    this.errors = errors;
    this.entry = entry;
    this.diagnosis = diagnosis;
    this.descriptors = descriptors;
    looks = new PendingLooks(time);
  }

  /** Until when there is nothing to look at. */
  public long idleNanos(long now) {
    return looks.idleNanos(now);
  }

  /** A sweep begins. */
  public void beginSweep() {
    candidates.clear();
  }

  /** A sweep has come by a listener: its queue is known. */
  public void sweptBy(
      NamespaceState namespace, ListenerState listener, @Nullable NodeSpec spec, long now) {
    sweptWith = spec;
    if (isUnix(listener)) {
      sweptByUnix(namespace, listener, now);
      return;
    }
    var watch = listener.queueWatch;
    watch.see(listener.queue(), now);
    // Nearly all queues are empty nearly always: who asks for what is not looked up for them.
    var after = listener.queue() == 0 ? null : patience(listener, spec);
    if (after == null) {
      over(listener);
      return;
    }
    var vigil = watch.vigil();
    if (vigil != null && vigil.isRefutedBy(listener.queue())) {
      over(listener);
    } else if (vigil != null) {
      watch.watch(vigil.seen(listener.queue()));
    }
    // One that waits for its pod's turn keeps its place.
    boolean overdue = watch.dueNanos() != 0 && watch.dueNanos() - now <= 0;
    if (!overdue && (!watch.stalled() || watch.vigil() == null)) {
      candidates.add(new Look(now, namespace, listener, after));
    }
  }

  /** Its visit has looked who waits, if anybody does. */
  private void sweptByUnix(NamespaceState namespace, ListenerState listener, long now) {
    var watch = listener.queueWatch;
    var after = patience(listener, sweptWith);
    var vigil = watch.unixVigil();
    if (after == null || listener.queue() == 0 || vigil == null) {
      over(listener);
      return;
    }
    var at = Duration.ofNanos(now);
    if (!vigil.isProven(at, after)) return;
    // Each look would be one of its episode; it is told no more often than that of another.
    if (watch.stalled() && now - watch.toldNanos() < TELL_AGAIN_NANOS) return;
    long millis = at.minus(vigil.begun()).toMillis();
    stalled(new Look(now, namespace, listener, after), new WaitingConnection(0, millis, 0), now);
  }

  /** A sweep has ended: it is looked at some of the listeners at which it saw somebody wait. */
  public void swept() {
    long now = clocks.nanos();
    for (var each : inTurn(candidates).limit(LOOKS_A_SWEEP).toList()) {
      seeDescriptors(each, now);
      looks.add(new Look(now, each.namespace(), each.listener(), each.after()));
    }
    candidates.clear();
  }

  private static boolean isUnix(ListenerState listener) {
    return listener.id instanceof UnixListenerId;
  }

  /** A queue that moves tells of no stall; that its holder can open no more files may be one. */
  private void seeDescriptors(Look look, long now) {
    var listener = look.listener();
    var watch = listener.queueWatch;
    var stall = listener.symptoms.stall();
    if (watch.stalled()) return;
    var holder = descriptors.see(look.namespace(), listener, look.after(), now);
    if (holder == null || holder.since() == null) return;
    var before = stall != null && stall.until() == null ? stall : null;
    if (before != null && now - watch.toldNanos() < TELL_AGAIN_NANOS) return;
    watch.told(now);
    var at = clocks.now();
    var begun = before != null ? before.since() : holder.since();
    listener.symptoms.tell(
        new Stall(
            listener.queue(),
            Duration.between(begun, at).toMillis(),
            0,
            listener.backlog(),
            1,
            1,
            List.of(),
            (stall == null ? 0 : stall.times()) + 1,
            stall == null ? begun : stall.episode(),
            begun,
            at,
            null,
            null,
            new DescriptorUse(
                holder.pid(), holder.open(), holder.limit(), begun, holder.reopened()),
            null,
            listener.age.bornAt(),
            null,
            false),
        at,
        now);
    if (before == null) logged(listener, Duration.between(begun, at).toMillis());
  }

  private void logged(ListenerState listener, long oldestMillis) {
    counters.stalls.incrementAndGet();
    log.atWarn()
        .addKeyValue(LogKeys.POD, listener.podName(sweptWith))
        .addKeyValue(LogKeys.LISTENER, listener.id.text())
        .addKeyValue(LogKeys.PID, listener.ownership.attribution().pid())
        .addKeyValue(LogKeys.QUEUE, listener.queue())
        .addKeyValue(LogKeys.MILLIS, oldestMillis)
        .log("the application has stopped accepting");
  }

  /**
   * The ones that were looked at longest ago first, but no pod's second before each other's first:
   * one that makes new listeners all the time keeps nobody else's from being looked at.
   */
  private static Stream<Look> inTurn(List<Look> candidates) {
    candidates.sort(Comparator.comparingLong(look -> look.listener().queueWatch.lookedNanos()));
    var ofPod = new HashMap<String, Integer>();
    var rounds = new TreeMap<Integer, List<Look>>();
    for (var each : candidates) {
      int round = ofPod.merge(each.pod(), 1, Integer::sum);
      rounds.computeIfAbsent(round, _ -> new ArrayList<>()).add(each);
    }
    return rounds.values().stream().flatMap(List::stream);
  }

  /** How long nothing must be accepted here until it is a stall; null: it is not watched. */
  static @Nullable Duration patience(ListenerState listener, @Nullable NodeSpec spec) {
    // A backlog that went to 0 is a door that the application has closed itself.
    if (spec == null || listener.ownership.isNobodysOfPod() || listener.isClosed()) return null;
    var pod = listener.podThatAsks(spec);
    if (pod == null || (isUnix(listener) && pod.requirement().unix() == UnixListeners.IGNORE)) {
      return null;
    }
    return pod.requirement().stallAfter();
  }

  /** Makes the next look that is due. True if there is something to tell. */
  public boolean step(long now) {
    var next = looks.next(now);
    if (next.isEmpty()) return false;
    long begun = clocks.nanos();
    boolean told = look(next.get(), now);
    long ended = clocks.nanos();
    looks.spent(next.get(), ended - begun, ended);
    return told;
  }

  private boolean look(Look look, long now) {
    var listener = look.listener();
    var what = "queue of " + listener.id.text() + " in network namespace " + look.namespace().inode;
    listener.queueWatch.look(now);
    try {
      boolean told = isEarlyForLength(look, now) ? glance(look, now) : lookWell(look, now);
      errors.over(what);
      return told;
    } catch (IOException | RuntimeException e) {
      errors.failed(what, e);
      // Sweeps leave a stall to these looks: without a next one it might never be over.
      if (listener.queueWatch.stalled()) again(look, now + LASTING_NANOS);
      return false;
    }
  }

  private boolean lookWell(Look look, long now) throws IOException {
    var listener = look.listener();
    var found = entry.visit(look.namespace(), there -> QueueGlance.take(there, listener.tcp()));
    if (found.isEmpty()) return over(listener);
    var glance = found.get();
    var uncounted = glance.uncounted();
    if (uncounted != null) return unclear(uncounted, look, now);
    for (var queue : glance.queues()) {
      for (var member : queue.listeners()) {
        var known = look.namespace().listeners.get(member.id().cookie());
        if (known != null) known.queueWatch.see(member.queue(), now);
      }
    }
    for (var queue : glance.queues()) {
      for (var member : queue.listeners()) {
        if (member.id().cookie() == listener.id.cookie()) {
          return see(glance, queue, member, look, now);
        }
      }
    }
    return over(listener);
  }

  /**
   * So many wait that it cannot be told whether they do here: that proves nothing, and only a queue
   * that is shorter refutes anything.
   */
  private boolean unclear(Listener seen, Look look, long now) {
    var listener = look.listener();
    var watch = listener.queueWatch;
    listener.see(seen, look.namespace().somaxconn.value());
    watch.see(listener.queue(), now);
    var vigil = watch.vigil();
    if (listener.queue() == 0 || (vigil != null && vigil.isRefutedBy(listener.queue()))) {
      return over(listener);
    }
    if (vigil != null) watch.watch(vigil.seen(listener.queue()));
    again(look, now + LASTING_NANOS);
    return false;
  }

  /** Whether only the length of the queue can prove something, and it is too early for that. */
  private static boolean isEarlyForLength(Look look, long now) {
    var vigil = look.listener().queueWatch.vigil();
    return vigil != null
        && vigil.isOfLengthAlone()
        && now - vigil.begun().plus(look.after()).toNanos() < 0;
  }

  /** Sees how long the queue is, and nothing else. */
  private boolean glance(Look look, long now) throws IOException {
    var listener = look.listener();
    var watch = listener.queueWatch;
    var found =
        entry
            .visit(look.namespace(), there -> there.listeners().known(List.of(listener.tcp())))
            .orElse(List.of());
    if (found.isEmpty()) return over(listener);
    listener.see(found.getFirst(), look.namespace().somaxconn.value());
    watch.see(listener.queue(), now);
    var vigil = watch.vigil();
    if (vigil == null || vigil.isRefutedBy(listener.queue())) return over(listener);
    watch.watch(vigil.seen(listener.queue()));
    again(look, nextGlance(look, now));
    return false;
  }

  private static long nextGlance(Look look, long now) {
    long pace = look.after().toNanos() / (StallAssessment.GLANCES + 2);
    return now + Math.clamp(pace, MOST_OFTEN_NANOS, MOST_SELDOM_NANOS);
  }

  /** What a dump shows of one listener's queue. */
  private boolean see(QueueGlance glance, AcceptQueue queue, Listener member, Look look, long now) {
    look.listener().see(member, look.namespace().somaxconn.value());
    if (member.queue() > 0 && queue.waiting().isEmpty()) {
      return judge(look, strays(glance, member, look, now), now);
    }
    var vigil = look.listener().queueWatch.vigil();
    long begun = vigil == null ? now : vigil.begun().toNanos();
    boolean alone =
        queue.listeners().stream()
            .filter(each -> each.id().cookie() != member.id().cookie())
            .allMatch(each -> hasMoved(look.namespace().listeners.get(each.id().cookie()), begun));
    // Of a group all that wait must be seen to prove anything.
    if (!alone && queue.waiting().size() >= ConnectionTable.MOST_WAITING) {
      return unclear(member, look, now);
    }
    var waiting =
        queue.waiting().stream()
            .filter(_ -> member.queue() > 0)
            .map(it -> new WaitingConnection(it.cookie(), it.idleMillis(), it.unreadBytes()))
            .toList();
    look.listener().queueWatch.seesWhoWaits();
    return judge(
        look, new QueueSnapshot(Duration.ofNanos(now), member.queue(), alone, waiting, false), now);
  }

  /** The queue of a listener in which nobody of its own address waits. */
  private static QueueSnapshot strays(QueueGlance glance, Listener listener, Look look, long now) {
    var watch = look.listener().queueWatch;
    // Some were accepted, though as many came: so the length alone would not tell.
    if (watch.accepted() >= 0 && glance.accepted() > watch.accepted()) watch.watch(null);
    long begun = watch.vigil() == null ? now : watch.vigil().begun().toNanos();
    var strays = glance.strays();
    boolean alone =
        glance.hidden().stream()
            .allMatch(each -> hasMoved(look.namespace().listeners.get(each.id().cookie()), begun));
    var waiting =
        strays.stream()
            .map(it -> new WaitingConnection(it.cookie(), it.idleMillis(), it.unreadBytes()))
            .toList();
    watch.missesWhoWaits(
        strays.isEmpty() ? WaitingSeen.NOWHERE : WaitingSeen.ELSEWHERE, glance.accepted());
    return new QueueSnapshot(
        Duration.ofNanos(now), listener.queue(), alone, waiting, strays.isEmpty());
  }

  private static boolean hasMoved(@Nullable ListenerState other, long sinceNanos) {
    return other != null && other.queueWatch.hasMovedSince(sinceNanos);
  }

  private boolean judge(Look look, QueueSnapshot seen, long now) {
    var listener = look.listener();
    var watch = listener.queueWatch;
    var before = watch.vigil();
    var acceptance =
        watch.stalled() && before != null
            ? StallAssessment.judgeStalled(before, seen, look.after())
            : StallAssessment.judge(before, seen, look.after());
    return switch (acceptance) {
      case StallAssessment.NobodyWaits() -> over(listener);
      case StallAssessment.Moving(var vigil) -> {
        // A stall of which only the status told is not over because it is looked at first.
        boolean told = (before != null || !watch.stalled()) && over(listener);
        watch.watch(vigil);
        long due = vigil.begun().plus(look.after()).toNanos();
        again(look, vigil.isOfLengthAlone() ? Math.min(due, nextGlance(look, now)) : due);
        yield told;
      }
      case StallAssessment.Unproven(var vigil) -> {
        watch.watch(vigil);
        long due = vigil.begun().plus(look.after()).toNanos();
        if (due > now) again(look, due);
        else if (vigil.isOfLengthAlone()) again(look, nextGlance(look, now));
        // Sweeps leave a stall to these looks.
        else if (watch.stalled()) again(look, now + LASTING_NANOS);
        yield false;
      }
      case StallAssessment.Stalled(var vigil, var oldest) -> {
        watch.watch(vigil);
        boolean told = stalled(look, oldest, now);
        again(look, Math.min(now + LASTING_NANOS, watch.toldNanos() + TELL_AGAIN_NANOS));
        yield told;
      }
    };
  }

  private void again(Look look, long dueNanos) {
    looks.add(new Look(dueNanos, look.namespace(), look.listener(), look.after()));
  }

  private boolean stalled(Look look, WaitingConnection oldest, long now) {
    var listener = look.listener();
    var watch = listener.queueWatch;
    var before = listener.symptoms.stall();
    var since = watch.stalled() && before != null && before.until() == null ? before.since() : null;
    // One that began again before the last was forgotten is of the same episode.
    watch.seenStalled(before == null ? 0 : before.times());
    if (since != null && now - watch.toldNanos() < TELL_AGAIN_NANOS) return false;
    watch.told(now);
    var findings = diagnosis.of(look.namespace(), listener);
    if (!findings.whole() && watch.searchAgain(MOST_SEARCHES)) {
      watch.told(now - TELL_AGAIN_NANOS + SEARCH_AGAIN_NANOS);
      return false;
    }
    watch.searched();
    var at = clocks.now();
    var begun = since != null ? since : at.minusMillis(oldest.ageMillis());
    listener.symptoms.tell(
        new Stall(
            listener.queue(),
            oldest.ageMillis(),
            oldest.unreadBytes(),
            listener.backlog(),
            findings.processes(),
            findings.workers(),
            findings.threads(),
            watch.times(),
            before != null ? before.episode() : begun,
            begun,
            at,
            null,
            watch.waitingSeen(),
            findings.descriptors(),
            findings.inheritedFrom(),
            listener.age.bornAt(),
            // Those that it accepts keep other addresses: not counted by its own.
            watch.waitingSeen() == null ? findings.open() : null,
            (before != null && since != null)
                ? before.neverAccepted()
                : !isUnix(listener) && nothingWasAccepted(look.namespace())),
        at,
        now);
    if (since == null) logged(listener, oldest.ageMillis());
    return true;
  }

  /**
   * Whether it is proven that no listener of a namespace ever accepted anything: all connections
   * that were ever made to one still wait.
   */
  private boolean nothingWasAccepted(NamespaceState namespace) {
    var what = "connections ever made in network namespace " + namespace.inode;
    try {
      boolean nothing =
          entry
              .visit(
                  namespace,
                  there -> {
                    long opens = there.passiveOpens();
                    long wait = there.listeners().all().stream().mapToLong(Listener::queue).sum();
                    return opens == wait && there.passiveOpens() == opens;
                  })
              .orElse(false);
      errors.over(what);
      return nothing;
    } catch (IOException e) {
      errors.failed(what, e);
      return false;
    }
  }

  private boolean over(ListenerState listener) {
    listener.queueWatch.forget();
    var stall = listener.symptoms.stall();
    if (stall == null || stall.until() != null) return false;
    // What was told of its holder's limit was told of a queue that moves.
    if (stall.provenByDescriptorsAlone() && descriptors.lasts(stall)) return false;
    var at = clocks.now();
    listener.symptoms.tell(stall.endedAt(at), at, clocks.nanos());
    log.atInfo()
        .addKeyValue(LogKeys.POD, listener.podName(sweptWith))
        .addKeyValue(LogKeys.LISTENER, listener.id.text())
        .addKeyValue(LogKeys.PID, listener.ownership.attribution().pid())
        .log("the application accepts again");
    return true;
  }
}
