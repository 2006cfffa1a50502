package io.listenbacklog.policy.assess;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whether an application accepts the connections that wait for it. */
public sealed interface StallAssessment {
  /**
   * How many looks prove a stall where only the length of a queue is visible: one that is accepted
   * from is shorter now and then.
   */
  int GLANCES = 10;

  /** Nobody can be seen to wait. */
  record NobodyWaits() implements StallAssessment {}

  /**
   * Something was accepted since the last look, or this is the first one.
   *
   * @param vigil to be kept from now on
   */
  record Moving(StallEvidence vigil) implements StallAssessment {}

  /**
   * Nothing was accepted since the vigil began, as far as can be told, but not for long enough yet;
   * or a connection waited for long enough, but perhaps at another member of the group.
   */
  record Unproven(StallEvidence vigil) implements StallAssessment {}

  /**
   * Nothing was accepted for as long as it takes.
   *
   * @param oldest that waits: it came at least that long ago; its cookie is 0 where nobody can be
   *     seen to wait
   */
  record Stalled(StallEvidence vigil, WaitingConnection oldest) implements StallAssessment {}

  /**
   * Judges a queue. One that is never empty proves nothing, nor does an old connection in a long
   * queue that moves: a stall is proven by the same connections being the first for all of that
   * time. Where it may be another member of a group that does not accept, all must be as before.
   *
   * @param before the vigil so far; null: none
   * @param after how long nothing must have been accepted
   */
  static StallAssessment judge(@Nullable StallEvidence before, QueueSnapshot look, Duration after) {
    if (look.unseen()) return judgeUnseen(before, look, after);
    if (look.waiting().isEmpty()) return new NobodyWaits();
    if (before == null
        || before.isOfLengthAlone()
        || before.isRefutedBy(look.queue())
        || before.vanished(look) > 0) {
      return new Moving(StallEvidence.begin(look));
    }
    return proven(before.seen(look.queue()), look, after);
  }

  /** No waiting connection is visible, but the queue is not empty: does it shrink? */
  private static StallAssessment judgeUnseen(
      @Nullable StallEvidence before, QueueSnapshot look, Duration after) {
    if (before == null || before.isRefutedBy(look.queue()) || !before.isOfLengthAlone()) {
      return new Moving(StallEvidence.begin(look));
    }
    var vigil = before.seen(look.queue());
    var lasted = look.at().minus(vigil.begun());
    return lasted.compareTo(after) < 0 || vigil.glances() < GLANCES
        ? new Unproven(vigil)
        : new Stalled(vigil, new WaitingConnection(0, lasted.toMillis(), 0));
  }

  /**
   * Judges the queue of an application that was proven stalled. Where the first ones vanish, their
   * clients may have reset them: that proves nothing accepted.
   */
  static StallAssessment judgeStalled(StallEvidence before, QueueSnapshot look, Duration after) {
    if (look.waiting().isEmpty() && !look.unseen()) return new NobodyWaits();
    if (before.isRefutedBy(look.queue())) return new Moving(StallEvidence.begin(look));
    if (look.unseen() && before.isOfLengthAlone()) return judgeUnseen(before, look, after);
    long vanished = before.vanished(look);
    if (vanished == 0) return proven(before.seen(look.queue()), look, after);
    if (!look.alone() || look.hidden() - before.hidden() < vanished) {
      return new Moving(StallEvidence.begin(look));
    }
    return proven(before.markedAnew(look), look, after);
  }

  private static StallAssessment proven(StallEvidence vigil, QueueSnapshot look, Duration after) {
    if (look.unseen()) {
      var lasted = look.at().minus(vigil.begun());
      return new Stalled(vigil, new WaitingConnection(0, lasted.toMillis(), 0));
    }
    return look.at().minus(vigil.begun()).compareTo(after) < 0 || !vigil.concerns(look, after)
        ? new Unproven(vigil.withoutWhoIsGone(look))
        : new Stalled(vigil, look.waiting().getFirst());
  }
}
