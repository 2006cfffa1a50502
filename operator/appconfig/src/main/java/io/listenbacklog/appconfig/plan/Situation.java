package io.listenbacklog.appconfig.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision about a workload rests on.
 *
 * @param intent what is wanted of it
 * @param workload as it is
 * @param pods its pods, old and new
 * @param listeners what the probes see of them
 * @param memory what we left on it; null: nothing
 * @param turn what else is being changed
 */
public record Situation(
    Intent intent,
    Workload workload,
    List<Pod> pods,
    Listeners listeners,
    @Nullable Memory memory,
    Turn turn,
    Instant now) {

  public Situation {
    pods = List.copyOf(pods);
  }

  /** What the policy's rules would change; null: no policy asks for anything, or for no backlog. */
  public @Nullable Proposal proposal() {
    return switch (intent) {
      case Nothing _ -> null;
      case Show(Asked asked, _) -> asked.proposal();
      case Write(Asked asked) -> asked.proposal();
    };
  }

  /** The same, with another turn. */
  public Situation with(Turn other) {
    return new Situation(intent, workload, pods, listeners, memory, other, now);
  }

  /** What is wanted of a workload. */
  public sealed interface Intent {}

  /** A policy wants its configuration changed, and may have it. */
  public record Write(Asked asked) implements Intent {}

  /**
   * A policy wants to know what would be changed.
   *
   * @param why it is not written
   */
  public record Show(Asked asked, Reason why) implements Intent {}

  /** No policy wants anything of it any more. */
  public record Nothing() implements Intent {}

  /**
   * What a policy asks.
   *
   * @param created when the policy was
   * @param proposal null: it asks for no backlog
   * @param paused whether somebody paused it
   * @param restore whether it is taken back when the policy goes
   */
  public record Asked(
      Memory.PolicyId policy,
      Instant created,
      @Nullable Proposal proposal,
      boolean paused,
      int maxUnavailablePods,
      int minReplicas,
      Duration observeFor,
      boolean force,
      boolean restore) {}

  /**
   * A pod.
   *
   * @param created when it was
   * @param restarts the most of any of its containers
   * @param crash the container that crashed just now and how, for people; empty: none
   * @param lastRestart when a container of it ended last; null: never
   */
  public record Pod(
      String name,
      Instant created,
      boolean ready,
      int restarts,
      String crash,
      @Nullable Instant lastRestart) {}

  /** What the probes see of the listeners of a workload's pods. */
  public sealed interface Listeners {}

  /**
   * Each of its pods listens or stands by, and all listeners have what they need, none by another
   * remedy.
   *
   * @param capped how many of them have less, for net.core.somaxconn let the application have no
   *     more: its part is done
   */
  public record Native(int capped, Listening listening) implements Listeners {

    /** All pods listen. */
    public Native(int capped) {
      this(capped, Listening.ALL);
    }

    /** All pods listen, and have it in full. */
    public Native() {
      this(0);
    }
  }

  /**
   * One has less, or has it by another remedy.
   *
   * @param which a clause for people
   */
  public record Undersized(String which, Listening listening) implements Listeners {

    /** All pods listen. */
    public Undersized(String which) {
      this(which, Listening.ALL);
    }
  }

  /**
   * It cannot be said.
   *
   * @param why a clause for people
   */
  public record Unseen(String why) implements Listeners {}

  /**
   * What else is being changed.
   *
   * @param ofPolicy another workload of the same policy; empty: none
   * @param inCluster how many workloads in all, this one not among them
   * @param atMost how many may be
   * @param rolledBack a workload of the same policy, at its generation, that was rolled back;
   *     empty: none
   */
  public record Turn(String ofPolicy, int inCluster, int atMost, String rolledBack) {}
}
