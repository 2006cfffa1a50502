package io.listenbacklog.probe.remedy;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.probe.state.NamespaceSysctl;
import org.jspecify.annotations.Nullable;

/** What keeps a backlog, or a sysctl, from being raised or put back. */
public sealed interface Obstacle {

  /** What was to be done. */
  enum Attempt {
    RAISE,
    RESTORE
  }

  /** Whose share of what may be raised is taken. */
  enum Share {
    POD,
    NAMESPACE,
    NODE
  }

  /** The application takes no connections now, on purpose. */
  record Closed() implements Obstacle {}

  /**
   * somaxconn allows no more.
   *
   * @param sysctl why it is not raised; null: no more is known, or the policy does not allow it
   * @param allowed whether the policy allows that it is raised
   */
  record Capped(int somaxconn, boolean allowed, @Nullable String sysctl) implements Obstacle {}

  /** The application sets its backlog again and again. */
  record Contested(int backlog) implements Obstacle {}

  /**
   * No process is found that holds the socket.
   *
   * @param hidden why the pod's processes cannot be looked into; null: they can, and none does
   */
  record NoHolder(@Nullable String hidden) implements Obstacle {}

  /** The kernel refuses it. */
  record Refused(Attempt attempt, String why) implements Obstacle {}

  /**
   * Others are in the network namespace too, so its sysctls are not changed.
   *
   * @param value what it is
   * @param with whom it is shared
   * @param nodes whether it is the node's own, where a policy may allow it
   */
  record SharedNamespace(NamespaceSysctl sysctl, int value, String with, boolean nodes)
      implements Obstacle {}

  /** Another program sets the sysctl again and again. */
  record ContestedSysctl(NamespaceSysctl sysctl, int value) implements Obstacle {}

  /** What the sysctl is cannot be read, so nobody could put it back. */
  record UnreadableSysctl(Attempt attempt, NamespaceSysctl sysctl, String why)
      implements Obstacle {}

  /** The kernel refuses to set the sysctl. */
  record RefusedSysctl(Attempt attempt, NamespaceSysctl sysctl, int value, String why)
      implements Obstacle {}

  /**
   * As much is raised as may be, or was and is not proven to be gone.
   *
   * @param most how much that is, listeners and sysctls together
   */
  record OverShare(Share of, int most) implements Obstacle {}

  /** What is raised is in a pod that cannot be looked into any more. */
  record OutOfSight(String why) implements Obstacle {}

  /** The reason of the hindrance, and of the Event about it. */
  default String reason() {
    return switch (this) {
      case Contested _, ContestedSysctl _ -> EventReasons.BACKLOG_CONTESTED;
      case Closed _,
          Capped _,
          NoHolder _,
          Refused _,
          SharedNamespace _,
          UnreadableSysctl _,
          RefusedSysctl _,
          OverShare _,
          OutOfSight _ ->
          EventReasons.REMEDY_UNAVAILABLE;
    };
  }
}
