package io.listenbacklog.policy.assess;

import java.time.Duration;

/**
 * What is remembered of an address at which connections wait while the process that listens there
 * can open no more files. It accepts nothing then, or only in the place of what it closes; or it
 * closes its listener and opens it again, which resets whoever waits. Neither leaves a queue that
 * stands still, so the standing limit is the proof.
 *
 * @param begun when it was seen first, on the clock of the looks
 * @param cookie of the listener that was seen there last
 * @param reopened how often it was another one than at the look before
 * @param looks at which it was so
 */
public record DescriptorEvidence(Duration begun, long cookie, int reopened, int looks) {
  /** Two may be of one busy moment. */
  private static final int LEAST_LOOKS = 3;

  /** Begins with one look. */
  public static DescriptorEvidence begin(long cookie, Duration at) {
    return new DescriptorEvidence(at, cookie, 0, 1);
  }

  /** It was so at one look more. */
  public DescriptorEvidence seen(long cookieNow) {
    return new DescriptorEvidence(
        begun, cookieNow, cookieNow == cookie ? reopened : reopened + 1, looks + 1);
  }

  /**
   * Whether it lasts long enough to be told.
   *
   * @param after how long nothing must have been accepted of a queue that stands still
   */
  public boolean isProven(Duration at, Duration after) {
    return looks >= LEAST_LOOKS && at.minus(begun).compareTo(after) >= 0;
  }
}
