package io.listenbacklog.probe.loop;

import io.listenbacklog.kernel.process.Processes;
import io.listenbacklog.probe.budget.Account;
import io.listenbacklog.probe.budget.Budgets;
import io.listenbacklog.probe.discover.KnownProcess;
import io.listenbacklog.probe.discover.ProcessIndex;
import io.listenbacklog.probe.spec.NodeSpec;
import io.listenbacklog.probe.time.Clocks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Births that are still to be looked at. The kernel tells of one just before a look-up finds the
 * socket, so one that shows nothing is looked at again, at first soon and then less so.
 */
final class PendingBirths {
  private static final long FIRST_AGAIN_NANOS = Duration.ofMillis(1).toNanos() / 5;

  /**
   * The last look is 51 ms after the first; by then listen() has failed, or a sweep must find it.
   */
  private static final int AGAIN = 8;

  /** 100 bytes each. */
  private static final int MOST_WAITING = 10_000;

  private static final int MOST_POSTPONED = 1_000;

  /** What was read of a process so lately is believed, if it is no governed pod's. */
  private static final long BELIEVED_NANOS = Duration.ofSeconds(5).toNanos();

  /** Who listens again within this time is who it was. */
  private static final long SAME_NANOS = Duration.ofMillis(100).toNanos();

  private final Clocks clocks;
  private final Processes processes;
  private final ProcessIndex processIndex;
  private final PriorityQueue<Birth> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Birth::dueNanos));

  private final ArrayDeque<Birth> postponed = new ArrayDeque<>();

  /** For those that were postponed. */
  private final Account time;

  private int lastThread;
  private @Nullable KnownProcess lastProcess;
  private long lastNanos;

  /**
   * @param ofPostponed time, in nanoseconds, in which births are looked at that were postponed
   */
  PendingBirths(
      Clocks clocks, Processes processes, ProcessIndex processIndex, Budgets.Rate ofPostponed) {
    this.clocks = clocks;
    this.processes = processes;
    this.processIndex = processIndex;
    time = new Account(ofPostponed, clocks.nanos());
  }

  /**
   * A listener that was born.
   *
   * @param process whose thread called listen(); null before the first look
   */
  record Birth(int thread, int port, int looks, long dueNanos, @Nullable KnownProcess process) {}

  /** Returns false if there are too many: then a listing must find it. */
  boolean add(int thread, int port, long now) {
    if (waiting.size() >= MOST_WAITING) return false;
    waiting.add(new Birth(thread, port, 0, now, null));
    return true;
  }

  /**
   * It is of a pod that has used up its share: it is looked at when no other is due, in the time
   * that there is for such. Returns false if too many wait so: then a sweep must find it.
   */
  boolean postpone(Birth birth, KnownProcess process) {
    if (postponed.size() >= MOST_POSTPONED) return false;
    postponed.add(new Birth(birth.thread, birth.port, birth.looks, birth.dueNanos, process));
    return true;
  }

  /** Takes one that was postponed; empty while any other is due, or there is no time for such. */
  Optional<Birth> nextPostponed(long now) {
    var first = waiting.peek();
    if (first != null && first.dueNanos - now <= 0) return Optional.empty();
    if (time.waitNanos(now) > 0) return Optional.empty();
    return Optional.ofNullable(postponed.poll());
  }

  /** A look at one that was postponed took so long. */
  void spentOnPostponed(long nanos, long now) {
    time.spend(nanos, now);
  }

  /** It could not be seen yet. */
  void again(Birth birth, KnownProcess process, long now) {
    if (birth.looks == AGAIN) return;
    long due = now + (FIRST_AGAIN_NANOS << birth.looks);
    waiting.add(new Birth(birth.thread, birth.port, birth.looks + 1, due, process));
  }

  /** Takes the next one that is due. */
  Optional<Birth> next(long now) {
    var first = waiting.peek();
    return first == null || first.dueNanos - now > 0
        ? Optional.empty()
        : Optional.ofNullable(waiting.poll());
  }

  /** Until when there is nothing to do. */
  long idleNanos(long now) {
    long idle = postponed.isEmpty() ? Long.MAX_VALUE : time.waitNanos(now);
    var first = waiting.peek();
    return first == null ? idle : Math.min(idle, first.dueNanos - now);
  }

  /**
   * Whose it was, if the last one that was looked at was of the same thread: what /proc says of a
   * process is read for some 0.3 ms. Null: not known without a look.
   */
  @Nullable KnownProcess asLast(Birth birth, long now) {
    return birth.thread == lastThread && now - lastNanos < SAME_NANOS ? lastProcess : null;
  }

  /** Who it was; null if it is gone, or outside of all pods. */
  @Nullable KnownProcess process(Birth birth, NodeSpec spec) throws IOException {
    if (birth.process != null) return birth.process;
    // Its first thread mostly: that of one that is not governed costs nothing.
    var known = processIndex.known(birth.thread, clocks.nanos(), BELIEVED_NANOS);
    if (known != null && !spec.pods().containsKey(String.valueOf(known.cgroupUid()))) return null;
    OptionalInt pid = processes.threadGroup(birth.thread);
    if (pid.isEmpty()) return null;
    var process = processIndex.read(pid.getAsInt(), clocks.nanos());
    lastThread = birth.thread;
    lastProcess = process;
    lastNanos = clocks.nanos();
    return process;
  }
}
