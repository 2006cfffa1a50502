package io.listenbacklog.probe.engine;

import io.listenbacklog.api.Overflow;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.SynFlood;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a listener besides its backlog, as the status tells it: while it lasts, and
 * for five minutes after it was seen last, so that Healthy means five quiet minutes.
 */
final class Symptoms {
  /** How long a symptom that is over is told. */
  static final Duration MEMORY = Duration.ofMinutes(5);

  private final Paced<Overflow> overflow = new Paced<>();
  private @Nullable Stall stall;
  private final Paced<SynFlood> synFlood = new Paced<>();

  /** As it is told. */
  @Nullable Overflow overflow() {
    return overflow.told();
  }

  /** As it was seen last. */
  @Nullable Overflow overflowSeen() {
    return overflow.seen();
  }

  @Nullable Stall stall() {
    return stall;
  }

  /** As it is told. */
  @Nullable SynFlood synFlood() {
    return synFlood.told();
  }

  /** As it was seen last. */
  @Nullable SynFlood synFloodSeen() {
    return synFlood.seen();
  }

  /** It was seen, and is told when it is time. */
  void see(Overflow seen, Instant now) {
    overflow.see(seen, now);
  }

  /** An earlier probe told of it: the episode goes on. */
  void recall(Overflow earlier) {
    overflow.recall(earlier);
  }

  /** An earlier probe told of it: the episode goes on. */
  void recall(SynFlood earlier) {
    synFlood.recall(earlier);
  }

  void tell(Stall seen) {
    stall = seen;
  }

  /** It was seen, and is told when it is time. */
  void see(SynFlood seen, Instant now) {
    synFlood.see(seen, now);
  }

  /** Whether there is any. */
  boolean any() {
    return overflow.told() != null || stall != null || synFlood.told() != null;
  }

  /**
   * Tells the newest numbers where it is time, and forgets what has been over for five minutes: to
   * be called in each sweep. True if there was something to forget.
   */
  boolean forget(Instant now) {
    if (!any()) return false;
    var before = now.minus(MEMORY);
    boolean forgot = false;
    overflow.refresh(now);
    var overflowed = overflow.told();
    if (overflowed != null && overflowed.last().isBefore(before)) {
      overflow.forget();
      forgot = true;
    }
    if (stall != null && stall.until() != null && stall.until().isBefore(before)) {
      stall = null;
      forgot = true;
    }
    synFlood.refresh(now);
    var flooded = synFlood.told();
    if (flooded != null && flooded.last().isBefore(before)) {
      synFlood.forget();
      forgot = true;
    }
    return forgot;
  }
}
