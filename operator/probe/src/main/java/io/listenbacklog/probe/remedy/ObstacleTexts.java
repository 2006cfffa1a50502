package io.listenbacklog.probe.remedy;

import io.listenbacklog.probe.state.NamespaceSysctl;

/** What people read of an obstacle, in Events and in the status: all of it is made here. */
public final class ObstacleTexts {
  private ObstacleTexts() {}

  /** One sentence without a full stop, under 500 characters but for what the kernel says. */
  public static String of(Obstacle obstacle) {
    return switch (obstacle) {
      case Obstacle.Closed() ->
          "its backlog is 0, which its application has set to take no connections for a while: that"
              + " is not raised";
      case Obstacle.Capped capped -> capped(capped);
      case Obstacle.Contested(int backlog) ->
          "the application has set its backlog to %d again: it is raised again later, for it does so again and again"
              .formatted(backlog);
      case Obstacle.NoHolder(var hidden) when hidden != null ->
          "who holds its socket cannot be found, for " + hidden;
      case Obstacle.NoHolder _ ->
          "no process of its own in its network namespace holds its socket, so it cannot be changed";
      case Obstacle.Refused(var attempt, String why) ->
          switch (attempt) {
            case RAISE -> "it cannot be raised: " + why;
            case RESTORE -> "it cannot be put back: " + why;
          };
      case Obstacle.SharedNamespace(var sysctl, int value, String with, boolean nodes) ->
          "%s is %d in the network namespace that it shares with %s; it is not changed there%s"
              .formatted(
                  sysctl.key,
                  value,
                  with,
                  nodes ? ", unless a ClusterBacklogPolicy says allowNodeSysctls" : "");
      case Obstacle.ContestedSysctl(var sysctl, int value) ->
          "%s was set back to %d by another program: it is raised again later, for that happens again and again"
              .formatted(sysctl.key, value);
      case Obstacle.UnreadableSysctl(var attempt, var sysctl, String why) ->
          switch (attempt) {
            case RAISE -> "%s cannot be read, so it is not raised: %s".formatted(sysctl.key, why);
            case RESTORE ->
                "%s cannot be read, so it is not put back: %s".formatted(sysctl.key, why);
          };
      case Obstacle.RefusedSysctl(var attempt, var sysctl, int value, String why) ->
          switch (attempt) {
            case RAISE -> "%s is %d and cannot be raised: %s".formatted(sysctl.key, value, why);
            case RESTORE -> "%s is %d and cannot be put back: %s".formatted(sysctl.key, value, why);
          };
      case Obstacle.OverShare(var of, int most) ->
          "it is not raised now, for %d listeners and sysctls %s are raised, or were until a while ago, and the probe keeps what undoes no more"
              .formatted(
                  most,
                  switch (of) {
                    case POD -> "of the same workload";
                    case NAMESPACE -> "of the same namespace";
                    case NODE -> "on this node";
                  });
      case Obstacle.OutOfSight(String why) ->
          "it was raised, and can neither be seen nor put back: " + why;
    };
  }

  private static String capped(Obstacle.Capped by) {
    String is =
        "%s of its network namespace is %d"
            .formatted(NamespaceSysctl.SOMAXCONN.key, by.somaxconn());
    if (!by.allowed()) return is + ", and the policy does not allow the remedy Sysctl";
    return by.sysctl() != null ? by.sysctl() : is;
  }
}
