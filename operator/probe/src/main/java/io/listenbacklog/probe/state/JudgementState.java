package io.listenbacklog.probe.state;

import io.listenbacklog.api.Verdict;
import java.time.Instant;

/** What was found of a listener's backlog, whether that still holds, and whether it was logged. */
public final class JudgementState {
  private Judgement judgement;
  private boolean judged;

  /** Whether nothing that the judgement rests on has changed since it was found to have enough. */
  private boolean settled;

  /** Whether the verdict is of an earlier spec, or there is none yet. */
  private boolean isOld = true;

  /** Whether it waits to be judged. */
  private boolean isDue;

  /** Whether it was said in the log that its backlog is too small. */
  private boolean loggedTooSmall;

  JudgementState(Instant now) {
    judgement = new Judgement(Verdict.SUFFICIENT, 0, false, now);
  }

  /** Before it is judged: that nothing is wrong. */
  public Verdict verdict() {
    return judgement.verdict();
  }

  /** What it needs; 0: nothing is asked. */
  public int required() {
    return judgement.required();
  }

  /** Whether its port, its path or loopback is exempt. */
  public boolean exempt() {
    return judgement.exempt();
  }

  /** When the verdict became what it is. */
  public Instant since() {
    return judgement.since();
  }

  /** Whether the verdict is of an earlier spec, or there is none yet. */
  public boolean isOld() {
    return isOld;
  }

  /** Whether it was seen, and is not judged since. */
  public boolean isDue() {
    return isDue;
  }

  boolean isSettled() {
    return settled;
  }

  /** Whether a verdict is news; that nothing is wrong with one that was not judged yet is none. */
  public boolean becomes(Verdict now) {
    return judgement.verdict() != now && (judged || now != Verdict.SUFFICIENT);
  }

  /** It is judged. */
  void judge(Verdict verdict, int required, boolean exempt, Instant since) {
    judged = true;
    isOld = false;
    settled = verdict == Verdict.SUFFICIENT;
    var is = judgement;
    if (is.verdict() == verdict
        && is.required() == required
        && is.exempt() == exempt
        && is.since().equals(since)) {
      return;
    }
    judgement = new Judgement(verdict, required, exempt, since);
  }

  void recall(Verdict earlier, Instant since, boolean evenIfJudged) {
    if (judged && judgement.verdict() != earlier && !evenIfJudged) return;
    judged = true;
    settled = false;
    judgement = new Judgement(earlier, judgement.required(), judgement.exempt(), since);
  }

  /** Something that it rests on has changed. */
  void unsettle() {
    settled = false;
  }

  void askedAnew() {
    isOld = true;
    settled = false;
  }

  /** True if it is not due already. */
  boolean becomesDue() {
    boolean was = isDue;
    isDue = true;
    return !was;
  }

  void taken() {
    isDue = false;
  }

  /**
   * Whether it is to be logged that its backlog is too small: once, until it is not any more.
   *
   * @param tooSmall whether it is, and that is told
   */
  public boolean logsTooSmall(boolean tooSmall) {
    boolean news = tooSmall && !loggedTooSmall;
    loggedTooSmall |= tooSmall;
    return news;
  }

  /** Its backlog is not too small, or that was told by an earlier probe. */
  public void loggedTooSmall(boolean was) {
    loggedTooSmall = was;
  }
}
