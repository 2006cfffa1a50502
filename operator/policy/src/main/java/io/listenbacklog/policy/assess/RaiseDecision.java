package io.listenbacklog.policy.assess;

import io.listenbacklog.api.Remedy;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done about the backlog of one listener: decided here, and nowhere else.
 *
 * <p>A listener is never touched, that is: its backlog is not changed,
 *
 * <ul>
 *   <li>if no requirement governs its pod;
 *   <li>if no process of its pod holds it: another program of the node, or the kernel, opened it;
 *   <li>if its port, its path, or loopback is exempt, or nothing is asked there: no minimum, and it
 *       did not grow; of a UNIX listener, if the policy does not govern those;
 *   <li>if the mode is Observe, or Relisten is not among the remedies;
 *   <li>if it has what it needs: it is never lowered to what is asked;
 *   <li>as long as what is asked is only what the probe remembers, and the API may say otherwise;
 *   <li>if its application accepts nothing on purpose: a backlog of 0 that it has set itself;
 *   <li>if somaxconn of its network namespace leaves nothing to raise;
 *   <li>if somebody has set it back so often that the next raise has to wait ({@link Contest});
 *   <li>if the kernel has refused it a moment ago.
 * </ul>
 *
 * <p>In the first four cases what is raised is put back: that is the one change made there, and the
 * only way in which a backlog is ever lowered. What is decided may still fail: no process of the
 * pod may be found that holds the socket, and then it is not touched either.
 */
public sealed interface RaiseDecision {

  /** Nothing is to be done. */
  record Leave() implements RaiseDecision {}

  /** Nothing asks for it any more: what its application had set is put back. */
  record Undo() implements RaiseDecision {}

  /**
   * It is raised.
   *
   * @param target 1 to 65535: what it needs, or less where somaxconn allows no more
   */
  record Raise(int target) implements RaiseDecision {}

  /** It needs more, and something is in the way. */
  record Blocked(Block by) implements RaiseDecision {}

  /** What keeps a listener from being raised. */
  enum Block {
    /** Its application accepts no connections, on purpose. */
    CLOSED,
    /** somaxconn is not above what it has. */
    SOMAXCONN,
    /** It was set back again and again. */
    CONTEST,
    /** The kernel refused it a moment ago. */
    REFUSED_LATELY
  }

  /** Shared: nearly every listener is left as it is, each time. */
  RaiseDecision LEAVE = new Leave();

  /**
   * What is decided on.
   *
   * @param demand {@link #asked what is asked}, with what it grew to
   * @param allowed whether {@link #isAllowed it may be raised}
   * @param current whether what is asked is what the API says, and not only what is remembered
   * @param raised whether it has the backlog that we gave it
   * @param backlog what the kernel holds
   * @param closed whether its application accepts nothing on purpose
   * @param somaxconn of its network namespace
   * @param contested whether somebody set it back so often that the next raise has to wait
   * @param refusedLately whether the kernel refused it a moment ago
   */
  record Facts(
      Demand demand,
      boolean allowed,
      boolean current,
      boolean raised,
      int backlog,
      boolean closed,
      int somaxconn,
      boolean contested,
      boolean refusedLately) {}

  /**
   * What is asked of a listener.
   *
   * @param requirement null: none governs its pod
   * @param ofPod whether it is its pod's, as far as is known
   */
  static Demand asked(@Nullable Requirement requirement, Place place, boolean ofPod) {
    return requirement == null || !ofPod ? new Demand.Nothing() : requirement.on(place);
  }

  /** Whether a requirement allows that backlogs are raised. */
  static boolean isAllowed(@Nullable Requirement requirement) {
    return requirement != null && requirement.allows(Remedy.RELISTEN);
  }

  /** Whether a listener is to have a certain backlog, and may be raised to it. */
  static boolean isWanted(Demand demand, boolean allowed) {
    return allowed && demand instanceof Demand.AtLeast;
  }

  /** Decides. */
  static RaiseDecision of(Facts facts) {
    if (!facts.allowed || !(facts.demand instanceof Demand.AtLeast(int required, _))) {
      return facts.raised ? new Undo() : LEAVE;
    }
    if (facts.backlog >= required || !facts.current) return LEAVE;
    if (facts.closed) return new Blocked(Block.CLOSED);
    int target = Math.min(required, facts.somaxconn);
    if (target <= facts.backlog) return new Blocked(Block.SOMAXCONN);
    if (facts.contested) return new Blocked(Block.CONTEST);
    if (facts.refusedLately) return new Blocked(Block.REFUSED_LATELY);
    return new Raise(target);
  }
}
