package io.listenbacklog.policy.assess;

import static java.util.Objects.requireNonNullElse;

import io.listenbacklog.api.Contention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often a value that we raised was set anew by somebody else, and when it may be raised again.
 * It is never given up for good: a rare set-back is answered at once, a lasting contest at growing
 * intervals, and after a quiet hour all is forgotten. An hour of the worst costs 13 raises, each
 * hour after it 6.
 *
 * <p>A process that calls listen() as it starts (each worker of gunicorn with uvicorn workers does,
 * on the socket that all of them inherit) contests nothing: that is answered at once and not
 * counted. Which process did it cannot be seen, so each new process that holds the socket excuses
 * two set-backs, the oldest process first; and there is one in two seconds at most, after a burst
 * of 30.
 *
 * <p>Part of the journal: what earlier versions wrote is read.
 *
 * @param pid through which it was raised last: another process starts afresh; 0: whoever it is
 * @param setBack when it was set back in the last ten minutes, the last time at least, in uptimes
 *     of the node: they do not jump as the time of day may
 * @param lost from an earlier version, which then gave up; always false here
 * @param since when it was set back first, for people; null: never, or not known
 * @param times how often it was set back since then
 * @param last when it was set back last, for people; null: never, or not known
 * @param waits how many intervals were waited
 * @param notBefore uptime before which it is not raised again; null: at once
 * @param starts uptime until which the set-backs of starting processes use up their rate; null:
 *     none do
 * @param seen uptime when it was set back last, counted or not; null: never, or not known
 * @param applied what it had been raised to then; 0: not known
 * @param excused the youngest process whose start excused a set-back; null: none did
 */
public record Contest(
    int pid,
    List<Duration> setBack,
    boolean lost,
    @Nullable Instant since,
    int times,
    @Nullable Instant last,
    int waits,
    @Nullable Duration notBefore,
    @Nullable Duration starts,
    @Nullable Duration seen,
    int applied,
    @Nullable Excused excused) {

  /** Up to this many set-backs within ten minutes are answered at once. */
  public static final int AT_ONCE = 3;

  /**
   * How long a process that is new to a socket may take until it calls listen(): imports, models.
   */
  public static final Duration STARTING = Duration.ofMinutes(2);

  /** How often each process may call listen() as it starts: some do it again when all is loaded. */
  private static final int LISTENS_OF_A_START = 2;

  /**
   * A process that is new to a socket.
   *
   * @param ticks when it started, in clock ticks since boot: with its pid that names one process
   */
  public record Starting(int pid, long ticks) {
    private boolean isAfter(Excused other) {
      return ticks != other.ticks ? ticks > other.ticks : pid > other.pid;
    }

    private boolean is(Excused other) {
      return ticks == other.ticks && pid == other.pid;
    }

    private Excused excusedAfter(@Nullable Excused before) {
      return new Excused(pid, ticks, before != null && is(before) ? before.times + 1 : 1);
    }
  }

  /**
   * A process whose start excused set-backs; all older ones are used up.
   *
   * @param times how many set-backs were
   */
  public record Excused(int pid, long ticks, int times) {}

  /** Nobody set it back. */
  public static final Contest NONE =
      new Contest(0, List.of(), false, null, 0, null, 0, null, null, null, 0, null);

  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final Duration PEACE = Duration.ofHours(1);

  /** The waiting times, one after the other; the last is repeated. */
  private static final List<Duration> INTERVALS =
      List.of(
          Duration.ofSeconds(30),
          Duration.ofMinutes(1),
          Duration.ofMinutes(2),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10));

  private static final Duration A_START = Duration.ofSeconds(2);
  private static final Duration BURST_OF_STARTS = A_START.multipliedBy(30);

  public Contest {
    setBack = List.copyOf(requireNonNullElse(setBack, List.of()));
    times = Math.max(times, setBack.size());
    if (lost) {
      waits = Math.max(1, waits);
      times = Math.max(AT_ONCE + 1, times);
    }
    lost = false;
  }

  /**
   * One of which only the status is left.
   *
   * @param pid of the process that it is about; 0: whoever it is
   */
  public static Contest recalled(int pid, Contention reported, Duration uptime, Instant now) {
    int waits = Math.clamp(reported.times() - (long) AT_ONCE, 1, INTERVALS.size());
    // The time of day may have been set since: never wait longer than the interval from now.
    var interval = INTERVALS.get(waits - 1);
    var passed = Duration.between(reported.last(), now);
    var left = passed.isNegative() ? interval : interval.minus(passed);
    var notBefore = left.isNegative() ? null : uptime.plus(left);
    return new Contest(
        pid,
        List.of(),
        false,
        reported.since(),
        reported.times(),
        reported.last(),
        waits,
        notBefore,
        null,
        null,
        0,
        null);
  }

  /** One that a probe of an earlier version had lost. */
  public static Contest lostTo(int pid, Instant since) {
    return new Contest(pid, List.of(), true, since, 0, since, 0, null, null, null, 0, null);
  }

  /**
   * Somebody has set another value.
   *
   * @param uptime of the node
   * @param had what it had been raised to
   */
  public Contest setBackAt(Duration uptime, Instant now, int had) {
    var before = asOf(uptime);
    var lately = new ArrayList<Duration>();
    for (var each : before.setBack) {
      if (uptime.minus(each).compareTo(WINDOW) < 0) lately.add(each);
    }
    boolean atOnce = before.waits == 0 && lately.size() < AT_ONCE;
    if (lately.size() >= AT_ONCE) lately.removeFirst();
    lately.add(uptime);
    int waits = atOnce ? 0 : before.waits + 1;
    return new Contest(
        pid,
        lately,
        false,
        requireNonNullElse(before.since, now),
        before.times + 1,
        now,
        waits,
        atOnce ? null : uptime.plus(INTERVALS.get(Math.min(waits, INTERVALS.size()) - 1)),
        before.starts,
        uptime,
        had,
        before.excused);
  }

  /**
   * As {@link #setBackAt}, by a starting process: not counted, unless it is too often.
   *
   * @param who most likely; null: no process that is new to it, for it was opened anew
   */
  public Contest startedAt(Duration uptime, Instant now, int had, @Nullable Starting who) {
    var before = asOf(uptime);
    var paid =
        before.starts == null || before.starts.compareTo(uptime) < 0 ? uptime : before.starts;
    var owed = paid.plus(A_START);
    if (owed.minus(uptime).compareTo(BURST_OF_STARTS) > 0) return setBackAt(uptime, now, had);
    return new Contest(
        pid,
        before.setBack,
        false,
        before.since,
        before.times,
        before.last,
        before.waits,
        before.notBefore,
        owed,
        uptime,
        had,
        who == null ? before.excused : who.excusedAfter(before.excused));
  }

  /** What of it still counts: nothing, an hour after the last set-back. */
  public Contest asOf(Duration uptime) {
    boolean over = !setBack.isEmpty() && uptime.minus(setBack.getLast()).compareTo(PEACE) >= 0;
    return over ? ofAnotherProcess() : this;
  }

  /** What is left of it once the listener is raised through another process: only the used rate. */
  public Contest ofAnotherProcess() {
    return starts == null
        ? NONE
        : new Contest(0, List.of(), false, null, 0, null, 0, null, starts, seen, applied, excused);
  }

  /** Whether it may be raised again. */
  public boolean mayRaise(Duration uptime) {
    return notBefore == null || uptime.compareTo(notBefore) >= 0;
  }

  /**
   * From which uptime on a process that holds the socket is new to it: since it was raised, or
   * since somebody set it back last of whom that could not be said; or it still starts.
   *
   * @param raised how long ago it was raised first
   */
  public Duration newHoldersFrom(Duration uptime, Duration raised) {
    var last = setBack.isEmpty() ? uptime.minus(raised) : setBack.getLast();
    var starting = uptime.minus(STARTING);
    return last.compareTo(starting) < 0 ? last : starting;
  }

  /** Whether the start of a process that is new to the socket may excuse a set-back. */
  public boolean mayExcuse(Starting process) {
    if (excused == null || process.isAfter(excused)) return true;
    return process.is(excused) && excused.times < LISTENS_OF_A_START;
  }

  /**
   * As the status reports it; null: too little to report, or over.
   *
   * @param holders how many processes hold the socket; 0: not known, or there is none
   */
  public @Nullable Contention told(Instant now, int holders) {
    if (waits == 0 || since == null || last == null) return null;
    return last.plus(PEACE).isAfter(now) ? new Contention(since, times, last, holders) : null;
  }

  /** As before, and the next raise goes through this process. */
  public Contest with(int raisedThrough) {
    if (equals(NONE)) return NONE;
    return new Contest(
        raisedThrough,
        setBack,
        false,
        since,
        times,
        last,
        waits,
        notBefore,
        starts,
        seen,
        applied,
        excused);
  }
}
