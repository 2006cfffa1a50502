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

  private final Throttled<Overflow> overflow = new Throttled<>();
  private @Nullable Stall stall;
  private final Throttled<SynFlood> synFlood = new Throttled<>();
  private long overflowedNanos;
  private long stallEndedNanos;
  private long floodedNanos;

  /** As it is told. */
  public @Nullable Overflow overflow() {
    return overflow.told();
  }

  public @Nullable Stall stall() {
    return stall;
  }

  /** As it is told. */
  public @Nullable SynFlood synFlood() {
    return synFlood.told();
  }

  /** As it was seen last. */
  public @Nullable SynFlood synFloodSeen() {
    return synFlood.seen();
  }

  /**
   * Its queue overflowed (again), which is told when it is time.
   *
   * @param attempts connection attempts that were dropped since it was seen to do so before; 0: not
   *     known
   * @return whether it is the first time in this episode
   */
  public boolean overflowed(long attempts, int queue, int backlog, Instant now, long nanos) {
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
    overflowedNanos = nanos;
    return before == null;
  }

  /** An earlier probe told of it: the episode goes on. */
  public void recall(Overflow earlier, Instant now, long nanos) {
    if (overflow.seen() != null) return;
    overflow.recall(earlier);
    overflowedNanos = nanos - age(earlier.last(), now);
  }

  /** An earlier probe told of it: the episode goes on. */
  public void recall(SynFlood earlier, Instant now, long nanos) {
    if (synFlood.seen() != null) return;
    synFlood.recall(earlier);
    floodedNanos = nanos - age(earlier.last(), now);
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
    synFlood.see(seen, nanos);
    floodedNanos = nanos;
  }

  /** Whether there is any. */
  public boolean any() {
    return overflow.told() != null || stall != null || synFlood.told() != null;
  }

  /**
   * Tells the newest numbers where it is time, and forgets what has been over for five minutes: to
   * be called in each sweep. True if there was something to forget.
   */
  public boolean forget(long nanos) {
    if (!any()) return false;
    boolean forgot = false;
    overflow.refresh(nanos);
    if (overflow.told() != null && nanos - overflowedNanos > MEMORY_NANOS) {
      overflow.forget();
      forgot = true;
    }
    if (stall != null && stall.until() != null && nanos - stallEndedNanos > MEMORY_NANOS) {
      stall = null;
      forgot = true;
    }
    synFlood.refresh(nanos);
    if (synFlood.told() != null && nanos - floodedNanos > MEMORY_NANOS) {
      synFlood.forget();
      forgot = true;
    }
    return forgot;
  }
}
