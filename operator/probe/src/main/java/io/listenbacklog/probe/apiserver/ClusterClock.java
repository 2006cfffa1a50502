package io.listenbacklog.probe.apiserver;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Consumer;

/**
 * The time of day as the API server has it, for all that people read: what a node whose clock is an
 * hour behind tells of would be an hour old when it arrives, and no Event is written of what is as
 * old as that.
 *
 * <p>Each answer of the API server has its time in it, to the second (RFC 9110, Date).
 */
public final class ClusterClock extends Clock {
  /** Clocks differ so much, and answers take so long: it makes no difference to anybody. */
  private static final Duration TOLERATED = Duration.ofSeconds(5);

  private static final Duration GRAIN = Duration.ofSeconds(1);

  private final Clock own;
  private final Consumer<Duration> told;
  private volatile Duration behind = Duration.ZERO;

  /**
   * @param own the node's
   * @param told is told how far the node's is behind (negative: ahead) when that has changed
   */
  public ClusterClock(Clock own, Consumer<Duration> told) {
    this.own = own;
    this.told = told;
  }

  /**
   * The API server has just said what time it is.
   *
   * @param took from the question to the answer
   */
  public void heard(Instant theirs, Duration took) {
    var now = own.instant();
    var least = Duration.between(now, theirs);
    var most = Duration.between(now.minus(took), theirs.plus(GRAIN));
    var found = Duration.ZERO;
    if (least.compareTo(TOLERATED) > 0 || most.plus(TOLERATED).isNegative()) {
      found = least.plus(most).dividedBy(2);
    }
    var before = behind;
    if (found.minus(before).abs().compareTo(GRAIN.multipliedBy(2)) <= 0
        && found.isZero() == before.isZero()) {
      return;
    }
    behind = found;
    told.accept(found);
  }

  @Override
  public Instant instant() {
    return own.instant().plus(behind);
  }

  @Override
  public ZoneId getZone() {
    return own.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return own.withZone(zone);
  }
}
