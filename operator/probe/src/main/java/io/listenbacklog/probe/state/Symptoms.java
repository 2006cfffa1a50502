package io.listenbacklog.probe.state;

import io.listenbacklog.api.Overflow;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.SynFlood;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a listener besides its backlog, as the status tells it: while it lasts, and
 * for five minutes after it was seen last, so that Healthy means five quiet minutes. These are
 * measured by a clock that nobody sets, not by the time of day.
 */
public final class Symptoms {
  /** How long a symptom that is over is told. */
  static final Duration MEMORY = Duration.ofMinutes(5);

  private static final long MEMORY_NANOS = MEMORY.toNanos();

  /** Null: it has none, as most listeners have none of these. */
  private @Nullable Throttled<Overflow> overflow;

  private @Nullable Stall stall;
  private long stallEndedNanos;
  private @Nullable Throttled<SynFlood> synFlood;

  /** As it is told. */
  public @Nullable Overflow overflow() {
    return overflow == null ? null : overflow.told();
  }

  public @Nullable Stall stall() {
    return stall;
  }

  /** As it is told. */
  public @Nullable SynFlood synFlood() {
    return synFlood == null ? null : synFlood.told();
  }

  /** As it was seen last. */
  public @Nullable SynFlood synFloodSeen() {
    return synFlood == null ? null : synFlood.seen();
  }

  /**
   * Its queue overflowed (again), which is told when it is time.
   *
   * @param attempts connection attempts that were dropped since it was seen to do so before; 0: not
   *     known
   * @return whether it is the first time in this episode
   */
  public boolean overflowed(long attempts, int queue, int backlog, Instant now, long nanos) {
    if (overflow == null) overflow = new Throttled<>();
    var before = overflow.seen();
    var seen =
        before == null
            ? new Overflow(attempts, queue, backlog, 1, now, now)
            : new Overflow(
                before.attempts() + attempts,
                queue,
                backlog,
                before.times() + 1,
                before.since(),
                now);
    overflow.see(seen, nanos);
    return before == null;
  }

  /** An earlier probe told of it: the episode goes on. */
  public void recall(Overflow earlier, Instant now, long nanos) {
    if (overflow != null) return;
    overflow = new Throttled<>();
    overflow.recall(earlier, nanos - age(earlier.last(), now));
  }

  /** An earlier probe told of it: the episode goes on. */
  public void recall(SynFlood earlier, Instant now, long nanos) {
    if (synFlood != null) return;
    synFlood = new Throttled<>();
    synFlood.recall(earlier, nanos - age(earlier.last(), now));
  }

  public void tell(Stall seen, Instant now, long nanos) {
    stall = seen;
    if (seen.until() != null) stallEndedNanos = nanos - age(seen.until(), now);
  }

  /** How long ago something was; never less than nothing, nor longer than it matters. */
  private static long age(Instant then, Instant now) {
    var age = Duration.between(then, now);
    if (age.isNegative()) return 0;
    return age.compareTo(MEMORY) > 0 ? MEMORY_NANOS : age.toNanos();
  }

  /** It was seen, and is told when it is time. */
  public void see(SynFlood seen, long nanos) {
    if (synFlood == null) synFlood = new Throttled<>();
    synFlood.see(seen, nanos);
  }

  /** Whether there is any. */
  public boolean any() {
    return overflow != null || stall != null || synFlood != null;
  }

  /**
   * Tells the newest numbers where it is time, and forgets what has been over for five minutes: to
   * be called in each sweep. True if there was something to forget.
   */
  public boolean forget(long nanos) {
    if (!any()) return false;
    boolean forgot = false;
    if (isOver(overflow, nanos)) {
      overflow = null;
      forgot = true;
    }
    if (stall != null && stall.until() != null && nanos - stallEndedNanos > MEMORY_NANOS) {
      stall = null;
      forgot = true;
    }
    if (isOver(synFlood, nanos)) {
      synFlood = null;
      forgot = true;
    }
    return forgot;
  }

  /** Else its newest numbers are told where it is time. */
  private static boolean isOver(@Nullable Throttled<?> symptom, long nanos) {
    if (symptom == null) return false;
    symptom.refresh(nanos);
    return symptom.quietNanos(nanos) > MEMORY_NANOS;
  }
}
