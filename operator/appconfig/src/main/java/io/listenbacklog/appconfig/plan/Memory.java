package io.listenbacklog.appconfig.plan;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the controller left on a workload, in the same write as the change itself: so whoever finds
 * it knows what was done, for whom, and how it is undone.
 *
 * @param policy who asked for it
 * @param stage how far it is
 * @param began when it was written: tells one change from the next
 * @param since when the stage began
 * @param reason why: of the stages that are kept until something changes
 * @param message that goes with it
 * @param changes what is written, or was
 * @param backlog the number that they set; 0: left by a version that did not tell
 * @param template hash of the pod template without these
 * @param restarts the most restarts that a container of a pod had before
 * @param listening how many of its pods listened before, where others stood by; 0: all
 * @param setBacks how often somebody set it back
 * @param restore whether it is taken back when the policy goes
 */
public record Memory(
    PolicyId policy,
    Stage stage,
    Instant began,
    Instant since,
    @Nullable Reason reason,
    String message,
    List<Change> changes,
    int backlog,
    String template,
    int restarts,
    int listening,
    int setBacks,
    boolean restore) {

  /** The most bytes of it that an annotation is to hold: all of an object's may be 256 KiB. */
  public static final int MOST_BYTES = 64 * 1024;

  public Memory {
    changes = List.copyOf(changes);
  }

  /**
   * A policy at one generation.
   *
   * @param namespace null: a ClusterBacklogPolicy
   */
  public record PolicyId(
      String kind, @Nullable String namespace, String name, String uid, long generation) {}

  /** How far a change is. */
  public enum Stage {
    /** Written; the pods are being replaced. */
    APPLYING,
    /** All pods are new; their listeners are being looked at. */
    VERIFYING,
    /** It works. */
    APPLIED,
    /** Somebody set it back; it is to be written again. */
    SET_BACK,
    /** Taken back, for it did harm or nothing; the pods are being replaced. */
    ROLLING_BACK,
    /** Taken back. */
    ROLLED_BACK,
    /** Left to those who set it back. */
    CONTESTED,
    /** Taken back because nobody asks for it any more; the pods are being replaced. */
    RESTORING
  }

  /** Whether the workload's pods are being replaced because of us. */
  public boolean isUnderWay() {
    return switch (stage) {
      case APPLYING, VERIFYING, ROLLING_BACK, RESTORING -> true;
      case APPLIED, SET_BACK, ROLLED_BACK, CONTESTED -> false;
    };
  }

  /** Whether the change stands in the template, as far as we know. */
  public boolean isInForce() {
    return switch (stage) {
      case APPLYING, VERIFYING, APPLIED -> true;
      case SET_BACK, ROLLING_BACK, ROLLED_BACK, CONTESTED, RESTORING -> false;
    };
  }

  /** The same, at another stage. */
  Memory at(Stage next, Instant now, @Nullable Reason why, String said) {
    return new Memory(
        policy, next, began, now, why, said, changes, backlog, template, restarts, listening,
        setBacks, restore);
  }

  Memory setBackOnce() {
    return new Memory(
        policy,
        stage,
        began,
        since,
        reason,
        message,
        changes,
        backlog,
        template,
        restarts,
        listening,
        setBacks + 1,
        restore);
  }

  Memory of(String otherTemplate) {
    return new Memory(
        policy,
        stage,
        began,
        since,
        reason,
        message,
        changes,
        backlog,
        otherTemplate,
        restarts,
        listening,
        setBacks,
        restore);
  }

  Memory of(PolicyId other, boolean restored) {
    return new Memory(
        other, stage, began, since, reason, message, changes, backlog, template, restarts,
        listening, setBacks, restored);
  }
}
