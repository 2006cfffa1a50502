package io.listenbacklog.probe.engine;

import io.listenbacklog.api.Stall;
import io.listenbacklog.kernel.listeners.AcceptQueue;
import io.listenbacklog.kernel.listeners.ConnectionTable;
import io.listenbacklog.kernel.listeners.Listener;
import io.listenbacklog.policy.assess.Acceptance;
import io.listenbacklog.policy.assess.Demand;
import io.listenbacklog.policy.assess.QueueLook;
import io.listenbacklog.policy.assess.WaitingConnection;
import io.listenbacklog.probe.spec.GovernedPod;
import io.listenbacklog.probe.spec.NodeSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds applications that have stopped accepting. A sweep shows, for nothing, at which listeners
 * somebody waits; at those it looks who waits, which costs a dump each, and only when a stall is
 * proven what the application does.
 */
final class StallWatch {
  private static final Logger log = LoggerFactory.getLogger(StallWatch.class);

  /**
   * So many listeners at which somebody waits are looked at after a sweep, in turn: some 0.2 ms
   * each. Those whose proof is due are looked at besides.
   */
  private static final int LOOKS_A_SWEEP = 16;

  /** While a stall lasts each sweep sees whether the queue shrinks; the rest is looked at so. */
  private static final long LASTING_NANOS = Duration.ofSeconds(10).toNanos();

  /** Numbers of a stall that lasts are told anew no sooner than this. */
  private static final long TELL_AGAIN_NANOS = Duration.ofSeconds(30).toNanos();

  private final Surroundings around;
  private final Entrance entrance;
  private final StallInquiry inquiry;
  private final PriorityQueue<Look> looks =
      new PriorityQueue<>(Comparator.comparingLong(Look::dueNanos));

  StallWatch(Surroundings around, Owners owners) {
    this.around = around;
    entrance = new Entrance(around);
    inquiry = new StallInquiry(around, owners, entrance);
  }

  /** A look that is to be made, unless the listener's watch says otherwise by then. */
  private record Look(
      long dueNanos, WatchedNamespace namespace, WatchedListener listener, Duration after) {}

  /** Until when there is nothing to look at. */
  long idleNanos(long now) {
    var next = looks.peek();
    return next == null ? Long.MAX_VALUE : next.dueNanos - now;
  }

  /** A sweep was made: every listener's queue is known. True if a stall is over. */
  boolean swept(Collection<WatchedNamespace> namespaces, @Nullable NodeSpec spec) {
    boolean told = false;
    long now = around.nanos();
    var candidates = new ArrayList<Look>();
    for (var namespace : namespaces) {
      for (var listener : namespace.listeners.values()) {
        var watch = listener.queueWatch;
        watch.see(listener.queue, now);
        var after = patience(listener, spec);
        if (after == null || listener.queue == 0) {
          told |= over(listener);
          continue;
        }
        var vigil = watch.vigil;
        if (vigil != null && vigil.isRefutedBy(listener.queue)) {
          told |= over(listener);
        } else if (vigil != null) {
          watch.vigil = vigil.seen(listener.queue);
        }
        if (!watch.stalled || watch.vigil == null)
          candidates.add(new Look(now, namespace, listener, after));
      }
    }
    candidates.stream()
        .sorted(Comparator.comparingLong(look -> look.listener.queueWatch.lookedNanos))
        .limit(LOOKS_A_SWEEP)
        .forEach(this::schedule);
    return told;
  }

  /** How long nothing must be accepted here until it is a stall; null: it is not watched. */
  private static @Nullable Duration patience(WatchedListener listener, @Nullable NodeSpec spec) {
    if (spec == null || listener.cgroupUid == null) return null;
    GovernedPod pod = spec.pods().get(listener.cgroupUid);
    if (pod == null) return null;
    // A backlog of 0 is a door that the application has closed itself.
    if (listener.backlog == 0) return null;
    if (pod.requirement().on(listener.place()) instanceof Demand.Exempt) return null;
    return pod.requirement().stallAfter();
  }

  private void schedule(Look look) {
    look.listener.queueWatch.dueNanos = look.dueNanos;
    looks.add(look);
  }

  /** Makes the next look that is due. True if there is something to tell. */
  boolean step(long now) {
    while (idleNanos(now) <= 0) {
      var look = looks.remove();
      if (look.listener.queueWatch.dueNanos != look.dueNanos) continue; // another one came before
      if (look.namespace.listeners.get(look.listener.id.cookie()) != look.listener) continue;
      return look(look, now);
    }
    return false;
  }

  private boolean look(Look look, long now) {
    var listener = look.listener;
    var what = "queue of " + listener.id.text() + " in network namespace " + look.namespace.inode;
    listener.queueWatch.lookedNanos = now;
    listener.queueWatch.dueNanos = 0;
    try {
      int port = listener.id.port();
      var queues = entrance.visit(look.namespace, there -> there.connections().queues(port));
      var seen = queues.flatMap(found -> see(found, look, now));
      if (seen.isEmpty()) return over(listener);
      boolean told = judge(look, seen.get(), now);
      around.troubles().over(what);
      return told;
    } catch (IOException | RuntimeException e) {
      around.troubles().failed(what, e);
      // Sweeps leave a stall to these looks: without a next one it might never be over.
      if (listener.queueWatch.stalled) again(look, now + LASTING_NANOS);
      return false;
    }
  }

  /** What a dump shows of one listener's queue; empty if it is gone. */
  private static Optional<QueueLook> see(List<AcceptQueue> queues, Look look, long now) {
    var listener = look.listener;
    long cookie = listener.id.cookie();
    for (var queue : queues) {
      for (var member : queue.listeners()) {
        var known = look.namespace.listeners.get(member.id().cookie());
        if (known != null) known.queueWatch.see(member.queue(), now);
      }
      for (var member : queue.listeners()) {
        if (member.id().cookie() != cookie) continue;
        listener.see(member, look.namespace.somaxconn.value);
        return Optional.of(look(queue, member, look, now));
      }
    }
    return Optional.empty();
  }

  private static QueueLook look(AcceptQueue queue, Listener listener, Look look, long now) {
    var vigil = look.listener.queueWatch.vigil;
    long begun = vigil == null ? now : vigil.begun().toNanos();
    boolean alone =
        queue.listeners().stream()
            .filter(each -> each.id().cookie() != listener.id().cookie())
            .allMatch(each -> hasMoved(look.namespace.listeners.get(each.id().cookie()), begun));
    // Of a group all that wait must be seen to prove anything.
    boolean enough =
        listener.queue() > 0 && (alone || queue.waiting().size() < ConnectionTable.MOST_WAITING);
    var waiting =
        queue.waiting().stream()
            .filter(_ -> enough)
            .map(it -> new WaitingConnection(it.cookie(), it.idleMillis(), it.unreadBytes()))
            .toList();
    return new QueueLook(Duration.ofNanos(now), listener.queue(), alone, waiting);
  }

  private static boolean hasMoved(@Nullable WatchedListener other, long sinceNanos) {
    return other != null && other.queueWatch.hasMovedSince(sinceNanos);
  }

  private boolean judge(Look look, QueueLook seen, long now) {
    var listener = look.listener;
    var watch = listener.queueWatch;
    var before = watch.vigil;
    var acceptance =
        watch.stalled && before != null
            ? Acceptance.judgeStalled(before, seen, look.after)
            : Acceptance.judge(before, seen, look.after);
    return switch (acceptance) {
      case Acceptance.NobodyWaits() -> over(listener);
      case Acceptance.Moving(var vigil) -> {
        // A stall of which only the status told is not over because it is looked at first.
        boolean told = (before != null || !watch.stalled) && over(listener);
        watch.vigil = vigil;
        again(look, vigil.begun().plus(look.after).toNanos());
        yield told;
      }
      case Acceptance.Unproven(var vigil) -> {
        watch.vigil = vigil;
        long due = vigil.begun().plus(look.after).toNanos();
        if (due > now) again(look, due);
        yield false;
      }
      case Acceptance.Stalled(var vigil, var oldest) -> {
        watch.vigil = vigil;
        boolean told = stalled(look, oldest, now);
        again(look, Math.min(now + LASTING_NANOS, watch.toldNanos + TELL_AGAIN_NANOS));
        yield told;
      }
    };
  }

  private void again(Look look, long dueNanos) {
    schedule(new Look(dueNanos, look.namespace, look.listener, look.after));
  }

  private boolean stalled(Look look, WaitingConnection oldest, long now) {
    var listener = look.listener;
    var watch = listener.queueWatch;
    var before = listener.symptoms.stall();
    var since = watch.stalled && before != null && before.until() == null ? before.since() : null;
    // One that began again before the last was forgotten is of the same episode.
    if (before != null) watch.times = Math.max(watch.times, before.times());
    watch.times++;
    watch.stalled = true;
    if (since != null && now - watch.toldNanos < TELL_AGAIN_NANOS) return false;
    watch.toldNanos = now;
    var findings = inquiry.ask(look.namespace, listener);
    var at = around.now();
    var begun = since != null ? since : at.minusMillis(oldest.ageMillis());
    listener.symptoms.tell(
        new Stall(
            listener.queue,
            oldest.ageMillis(),
            oldest.unreadBytes(),
            listener.backlog,
            findings.processes(),
            findings.workers(),
            findings.threads(),
            watch.times,
            before != null ? before.episode() : begun,
            begun,
            at,
            null,
            null,
            findings.descriptors(),
            null,
            null,
            false,
            0),
        at,
        now);
    if (since == null) {
      around.tally().stalls.incrementAndGet();
      log.atWarn()
          .addKeyValue(Keys.LISTENER, listener.id.text())
          .addKeyValue(Keys.PID, listener.attribution.pid())
          .addKeyValue(Keys.QUEUE, listener.queue)
          .addKeyValue(Keys.MILLIS, oldest.ageMillis())
          .log("the application has stopped accepting");
    }
    return true;
  }

  private boolean over(WatchedListener listener) {
    listener.queueWatch.forget();
    var stall = listener.symptoms.stall();
    if (stall == null || stall.until() != null) return false;
    var at = around.now();
    listener.symptoms.tell(stall.endedAt(at), at, around.nanos());
    log.atInfo()
        .addKeyValue(Keys.LISTENER, listener.id.text())
        .addKeyValue(Keys.PID, listener.attribution.pid())
        .log("the application accepts again");
    return true;
  }
}
