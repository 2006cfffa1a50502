package io.listenbacklog.probe.remedy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.probe.remedy.Obstacle.Attempt;
import io.listenbacklog.probe.remedy.Obstacle.Share;
import io.listenbacklog.probe.state.NamespaceSysctl;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each sentence, to the letter: users find them in Events, and perhaps in their alerts. */
class ObstacleTextsTest {
  private static final NamespaceSysctl SOMAXCONN = NamespaceSysctl.SOMAXCONN;
  private static final NamespaceSysctl SYN_BACKLOG = NamespaceSysctl.TCP_MAX_SYN_BACKLOG;

  @ParameterizedTest(name = "{1}")
  @MethodSource("all")
  void saysIt(Obstacle obstacle, String text) {
    assertThat(ObstacleTexts.of(obstacle)).isEqualTo(text).hasSizeLessThan(500);
  }

  @Test
  void eachKindOfObstacleIsHere() {
    Set<Class<?>> seen = new HashSet<>();
    all().forEach(each -> seen.add(each.get()[0].getClass()));
    assertThat(seen).containsExactlyInAnyOrder(Obstacle.class.getPermittedSubclasses());
  }

  @Test
  void whoSetsSomethingBackAgainAndAgainContestsIt() {
    assertThat(new Obstacle.Contested(5).reason()).isEqualTo(EventReasons.BACKLOG_CONTESTED);
    assertThat(new Obstacle.ContestedSysctl(SOMAXCONN, 5).reason())
        .isEqualTo(EventReasons.BACKLOG_CONTESTED);
    assertThat(new Obstacle.Closed().reason()).isEqualTo(EventReasons.REMEDY_UNAVAILABLE);
  }

  static Stream<Arguments> all() {
    return Stream.of(
        arguments(
            new Obstacle.Closed(),
            "its backlog is 0, which its application has set to take no connections for a while:"
                + " that is not raised"),
        arguments(
            new Obstacle.Capped(50, false, "of no interest"),
            "net.core.somaxconn of its network namespace is 50, and the policy does not allow the"
                + " remedy Sysctl"),
        arguments(
            new Obstacle.Capped(50, true, "net.core.somaxconn is 50 and cannot be raised: EROFS"),
            "net.core.somaxconn is 50 and cannot be raised: EROFS"),
        arguments(
            new Obstacle.Capped(50, true, null),
            "net.core.somaxconn of its network namespace is 50"),
        arguments(
            new Obstacle.Contested(5),
            "the application has set its backlog to 5 again: it is raised again later, for it does"
                + " so again and again"),
        arguments(
            new Obstacle.NoHolder("AppArmor hides it"),
            "who holds its socket cannot be found, for AppArmor hides it"),
        arguments(
            new Obstacle.NoHolder(null),
            "no process of its own in its network namespace holds its socket, so it cannot be"
                + " changed"),
        arguments(
            new Obstacle.Refused(Attempt.RAISE, "pidfd_getfd: EPERM (1)"),
            "it cannot be raised: pidfd_getfd: EPERM (1)"),
        arguments(
            new Obstacle.Refused(Attempt.RESTORE, "listen: EPERM (1)"),
            "it cannot be put back: listen: EPERM (1)"),
        arguments(
            new Obstacle.SharedNamespace(SOMAXCONN, 128, "others", false),
            "net.core.somaxconn is 128 in the network namespace that it shares with others; it is"
                + " not changed there"),
        arguments(
            new Obstacle.SharedNamespace(SYN_BACKLOG, 128, "the node", true),
            "net.ipv4.tcp_max_syn_backlog is 128 in the network namespace that it shares with"
                + " the node; it is not changed there, unless a ClusterBacklogPolicy says"
                + " allowNodeSysctls"),
        arguments(
            new Obstacle.ContestedSysctl(SOMAXCONN, 128),
            "net.core.somaxconn was set back to 128 by another program: it is raised again later,"
                + " for that happens again and again"),
        arguments(
            new Obstacle.UnreadableSysctl(Attempt.RAISE, SOMAXCONN, "EACCES"),
            "net.core.somaxconn cannot be read, so it is not raised: EACCES"),
        arguments(
            new Obstacle.UnreadableSysctl(Attempt.RESTORE, SOMAXCONN, "EACCES"),
            "net.core.somaxconn cannot be read, so it is not put back: EACCES"),
        arguments(
            new Obstacle.RefusedSysctl(Attempt.RAISE, SOMAXCONN, 128, "EROFS"),
            "net.core.somaxconn is 128 and cannot be raised: EROFS"),
        arguments(
            new Obstacle.RefusedSysctl(Attempt.RESTORE, SYN_BACKLOG, 256, "EROFS"),
            "net.ipv4.tcp_max_syn_backlog is 256 and cannot be put back: EROFS"),
        arguments(
            new Obstacle.OverShare(Share.POD, 10_000),
            "it is not raised now, for 10000 listeners and sysctls of the same workload are raised, or"
                + " were until a while ago, and the probe keeps what undoes no more"),
        arguments(
            new Obstacle.OverShare(Share.NAMESPACE, 12_000),
            "it is not raised now, for 12000 listeners and sysctls of the same namespace are raised, or"
                + " were until a while ago, and the probe keeps what undoes no more"),
        arguments(
            new Obstacle.OverShare(Share.NODE, 16_000),
            "it is not raised now, for 16000 listeners and sysctls on this node are raised, or were"
                + " until a while ago, and the probe keeps what undoes no more"),
        arguments(
            new Obstacle.OutOfSight("AppArmor hides it"),
            "it was raised, and can neither be seen nor put back: AppArmor hides it"));
  }
}
