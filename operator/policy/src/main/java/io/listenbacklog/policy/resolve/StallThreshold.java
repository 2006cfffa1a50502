package io.listenbacklog.policy.resolve;

import io.listenbacklog.api.StallRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a connection that waits is a stall. */
final class StallThreshold {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  /**
   * What a policy says, in milliseconds. What the API server would have rejected must not keep a
   * node from being resolved: an invalid duration becomes the default, one out of range the nearest
   * valid one.
   */
  static int millis(@Nullable StallRule rule) {
    Duration after = rule == null ? StallRule.DEFAULT.duration() : duration(rule);
    if (after.compareTo(SHORTEST) < 0) after = SHORTEST;
    if (after.compareTo(LONGEST) > 0) after = LONGEST;
    return Math.toIntExact(after.toMillis());
  }

  private static Duration duration(StallRule rule) {
    try {
      return rule.duration();
    } catch (IllegalArgumentException e) {
      return StallRule.DEFAULT.duration();
    }
  }

  private StallThreshold() {}
}
