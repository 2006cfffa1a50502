package io.listenbacklog.probe.journal;

import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.OnDelete;
import java.time.Instant;

/**
 * A value that was raised, or is about to be.
 *
 * @param original what the application (or the kernel) had set: what comes back
 * @param applied what a raise set and read back; 0 before the first one did
 * @param intended what is being set at this moment; 0 otherwise. After a kill in between the value
 *     may be this one or the one before, and both are ours.
 * @param at of the last raise
 * @param onDelete the last word of a requirement on what becomes of it
 */
public record Raised(int original, int applied, int intended, Instant at, OnDelete onDelete) {

  /** A first raise, about to be done. */
  public static Raised intent(int original, int intended, Instant at, OnDelete onDelete) {
    return new Raised(original, 0, intended, at, onDelete);
  }

  /** As an earlier status told it. */
  public static Raised from(AppliedRemedy remedy) {
    return new Raised(remedy.original(), remedy.applied(), 0, remedy.at(), remedy.onDelete());
  }

  /** Whether a value that the kernel holds is one that we set. */
  public boolean isOurs(int value) {
    return value != 0 && (value == applied || value == intended);
  }

  /** About to raise what was raised before. */
  public Raised intending(int next) {
    return new Raised(original, applied, next, at, onDelete);
  }

  /** A raise took effect. */
  public Raised took(int value, Instant when) {
    return new Raised(original, value, 0, when, onDelete);
  }

  /** What the kernel holds is known again: nothing is under way. */
  public Raised settledAt(int value) {
    return new Raised(original, value, 0, at, onDelete);
  }

  /** As before, under another last word. */
  public Raised with(OnDelete lastWord) {
    return new Raised(original, applied, intended, at, lastWord);
  }

  /** As the status tells it. */
  public AppliedRemedy remedy() {
    return new AppliedRemedy(original, applied, at, onDelete);
  }
}
