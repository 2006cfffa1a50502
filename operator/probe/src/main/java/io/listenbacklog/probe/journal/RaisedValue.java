package io.listenbacklog.probe.journal;

import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.Contention;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.policy.assess.Contest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A value that was raised, or is about to be.
 *
 * @param original what the application (or the kernel) had set: what comes back
 * @param applied what a raise set and read back; 0 before the first one did
 * @param intended what is being set at this moment; 0 otherwise. After a kill in between the value
 *     may be this one or the one before, and both are ours.
 * @param at of the last raise; of one that only answers that it was set back, as that which it
 *     repeats
 * @param onDelete the last word of a requirement on what becomes of it
 * @param contest about it; null: nobody sets it back, as in journals that knew of no contests
 */
public record RaisedValue(
    int original,
    int applied,
    int intended,
    Instant at,
    OnDelete onDelete,
    @Nullable Contest contest) {

  /** A first raise, about to be done. */
  public static RaisedValue intent(int original, int intended, Instant at, OnDelete onDelete) {
    return new RaisedValue(original, 0, intended, at, onDelete, null);
  }

  /** As an earlier status told it. */
  public static RaisedValue from(AppliedRemedy remedy) {
    return new RaisedValue(
        remedy.original(), remedy.applied(), 0, remedy.at(), remedy.onDelete(), null);
  }

  /** Nothing is raised (any more), but somebody has contested it. */
  public static RaisedValue contested(int value, Instant at, OnDelete onDelete, Contest contest) {
    return new RaisedValue(value, 0, 0, at, onDelete, contest);
  }

  /** Whether nothing is raised, and all that is left is a contest. */
  public boolean onlyContested() {
    return applied == 0 && intended == 0;
  }

  /** Whether a value that the kernel holds is one that we set. */
  public boolean isOurs(int value) {
    return value != 0 && (value == applied || value == intended);
  }

  /** About to raise what was raised before. */
  public RaisedValue intending(int next) {
    return new RaisedValue(original, applied, next, at, onDelete, contest);
  }

  /** As before, but the raise found another value than the one that was seen. */
  public RaisedValue overwriting(int value) {
    return new RaisedValue(value, applied, intended, at, onDelete, contest);
  }

  /** A raise took effect. */
  public RaisedValue took(int value, Instant when) {
    boolean again = applied == 0 && contest != null && contest.applied() == value;
    return new RaisedValue(original, value, 0, again ? at : when, onDelete, contest);
  }

  /** What the kernel holds is known again: nothing is under way. */
  public RaisedValue settledAt(int value) {
    return new RaisedValue(original, value, 0, at, onDelete, contest);
  }

  /**
   * As what cannot be looked at is told: a raise is written down before it is done, and nobody
   * could look since whether it was.
   */
  public RaisedValue asFarAsKnown() {
    return intended == 0 ? this : settledAt(intended);
  }

  /**
   * Somebody who sets it back, if that is worth telling; null: it is not.
   *
   * @param holders how many processes may do it; 0: not known
   */
  public @Nullable Contention contention(Instant now, int holders) {
    return contest == null ? null : contest.told(now, holders);
  }

  /** As before, under another last word. */
  public RaisedValue with(OnDelete lastWord) {
    return new RaisedValue(original, applied, intended, at, lastWord, contest);
  }

  /** As before, with what is known of a contest. */
  public RaisedValue with(Contest known) {
    var told = known.equals(Contest.NONE) ? null : known;
    return new RaisedValue(original, applied, intended, at, onDelete, told);
  }

  /** As the status tells it. */
  public AppliedRemedy remedy() {
    return new AppliedRemedy(original, applied, at, onDelete);
  }
}
