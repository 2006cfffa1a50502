package io.listenbacklog.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.AppliedRemedy;
import io.listenbacklog.api.Contention;
import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Growth;
import io.listenbacklog.api.Hindrance;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodeSysctl;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Overflow;
import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import io.listenbacklog.api.Restoration;
import io.listenbacklog.api.Stall;
import io.listenbacklog.api.SynFlood;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.catalogue.Catalogue;
import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.event.EventPlanner;
import io.listenbacklog.policy.event.kind.Explanations;
import io.listenbacklog.probe.remedy.Obstacle;
import io.listenbacklog.probe.remedy.ObstacleTexts;
import io.listenbacklog.probe.state.NamespaceSysctl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** On a host nothing is said of what only a cluster has. */
class WordsOfHostTest {
  private static final Pattern OF_A_CLUSTER =
      Pattern.compile("\\bpods?\\b|[kK]ube|ClusterBacklogPolicy|annotation|readiness|replica");

  private static final Instant AT = Instant.parse("2026-11-29T03:00:00Z");
  private static final PodReference SERVICE = new PodReference("uid", "web.service", "web.service");
  private static final PolicyReference POLICY =
      new PolicyReference(HostPolicy.KIND, "", "web", "uid", 1);
  private static final AppliedRemedy RAISED = new AppliedRemedy(5, 64, AT, OnDelete.RESTORE);

  /** All that there are; of a namespace that is shared the one that a host can have. */
  private static List<Obstacle> obstacles() {
    var obstacles = new ArrayList<Obstacle>();
    obstacles.add(new Obstacle.Closed());
    obstacles.add(new Obstacle.Capped(128, false, null));
    obstacles.add(new Obstacle.Capped(128, true, null));
    obstacles.add(new Obstacle.Contested(5));
    obstacles.add(new Obstacle.NoHolder(null));
    obstacles.add(new Obstacle.NoHolder("EACCES"));
    obstacles.add(new Obstacle.OutOfSight("EACCES"));
    for (var sysctl : NamespaceSysctl.values()) {
      obstacles.add(new Obstacle.SharedNamespace(sysctl, 128, "others", false));
      obstacles.add(new Obstacle.ContestedSysctl(sysctl, 128));
    }
    for (var share : Obstacle.Share.values()) {
      obstacles.add(new Obstacle.OverShare(share, 10_000));
    }
    for (var attempt : Obstacle.Attempt.values()) {
      obstacles.add(new Obstacle.Refused(attempt, "EPERM"));
      obstacles.add(new Obstacle.UnreadableSysctl(attempt, NamespaceSysctl.SOMAXCONN, "EIO"));
      obstacles.add(new Obstacle.RefusedSysctl(attempt, NamespaceSysctl.SOMAXCONN, 128, "EPERM"));
    }
    return obstacles;
  }

  @Test
  void ofNoObstacle() {
    assertThat(obstacles().stream().map(Object::getClass).distinct())
        .hasSameSizeAs(Obstacle.class.getPermittedSubclasses());
    assertThat(obstacles())
        .map(ObstacleTexts::of)
        .allSatisfy(text -> assertThat(text).doesNotContainPattern(OF_A_CLUSTER));
  }

  @Test
  void ofNoEvent() {
    var planner = new EventPlanner(Explanations.ofHost(Catalogue.standard()));
    var notes = new ArrayList<String>();
    var reasons = new ArrayList<String>();
    for (var policy : Arrays.asList(POLICY, null)) {
      for (var status : statuses(policy)) {
        for (EventDraft each : planner.of(status, _ -> false, AT.plusSeconds(60))) {
          reasons.add(each.reason());
          notes.add(each.note());
        }
      }
    }

    assertThat(reasons)
        .contains(
            EventReasons.BACKLOG_TOO_SMALL,
            EventReasons.BACKLOG_RAISED,
            EventReasons.BACKLOG_CONTESTED,
            EventReasons.BACKLOG_RESTORED,
            EventReasons.REMEDY_UNAVAILABLE,
            EventReasons.SOMAXCONN_RAISED,
            EventReasons.LISTEN_OVERFLOW,
            EventReasons.ACCEPT_STALLED,
            EventReasons.SYN_FLOODING);
    assertThat(notes).allSatisfy(note -> assertThat(note).doesNotContainPattern(OF_A_CLUSTER));
  }

  private static Stream<NodeBacklogStatus> ofListeners(@Nullable PolicyReference policy) {
    var refused = new Hindrance(EventReasons.REMEDY_UNAVAILABLE, "EPERM", AT);
    var overflow = new Overflow(7, 6, 5, 1, AT, AT);
    var growth = new Growth(64, 128, 128, 3, AT);
    var capped = Verdict.UNDERSIZED_BY_SOMAXCONN;
    var small = Verdict.UNDERSIZED_BY_APPLICATION;
    return Stream.of(
            listener(policy, small, null, null, null, null, null, null, null),
            listener(policy, capped, null, null, null, null, null, null, null),
            listener(policy, small, RAISED, null, null, null, null, null, null),
            listener(policy, small, RAISED, null, growth, overflow, null, null, null),
            listener(policy, small, null, refused, null, overflow, null, null, null),
            listener(policy, Verdict.SUFFICIENT, null, null, null, overflow, null, null, null),
            listener(policy, Verdict.SUFFICIENT, null, null, null, null, stall(true), null, null),
            listener(policy, Verdict.SUFFICIENT, null, null, null, null, stall(false), null, null),
            listener(policy, small, null, null, null, null, null, flood("backlog"), null),
            listener(
                policy, small, null, null, null, null, null, flood("tcp_max_syn_backlog"), null),
            listener(
                policy, small, RAISED, null, null, null, null, null, new Contention(AT, 4, AT, 1)),
            listener(
                policy, small, RAISED, null, null, null, null, null, new Contention(AT, 4, AT, 3)))
        .map(each -> status(List.of(each), List.of(), List.of()));
  }

  private static List<NodeBacklogStatus> statuses(@Nullable PolicyReference policy) {
    var all = new ArrayList<>(ofListeners(policy).toList());
    for (String name : List.of("net.core.somaxconn", "net.ipv4.tcp_max_syn_backlog")) {
      all.add(
          status(
              List.of(),
              List.of(
                  new NodeSysctl(SERVICE, policy, 1, name, 64, 64, RAISED, null, null),
                  new NodeSysctl(
                      SERVICE,
                      policy,
                      2,
                      name,
                      16,
                      64,
                      null,
                      new Hindrance(EventReasons.REMEDY_UNAVAILABLE, "EPERM", AT),
                      null),
                  new NodeSysctl(
                      SERVICE, policy, 3, name, 64, 64, null, null, new Contention(AT, 4, AT, 0))),
              List.of(new Restoration(SERVICE, "", name, 64, 16, AT))));
    }
    all.add(
        status(
            List.of(),
            List.of(),
            List.of(new Restoration(SERVICE, "", "0.0.0.0:8000", 64, 5, AT))));
    return all;
  }

  private static NodeBacklogStatus status(
      List<NodeListener> listeners, List<NodeSysctl> sysctls, List<Restoration> restorations) {
    return new NodeBacklogStatus(
        1L, "boot", List.of(), List.of(), listeners, sysctls, restorations);
  }

  private static Stall stall(boolean fromTheBeginning) {
    return new Stall(
        6,
        5000,
        0,
        5,
        1,
        1,
        List.of(),
        1,
        AT,
        AT,
        AT,
        null,
        null,
        null,
        null,
        AT,
        0,
        fromTheBeginning);
  }

  private static SynFlood flood(String limitedBy) {
    return new SynFlood(0, 5, 6, 6, limitedBy, true, 1, AT, AT, null);
  }

  private static NodeListener listener(
      @Nullable PolicyReference policy,
      Verdict verdict,
      @Nullable AppliedRemedy remedy,
      @Nullable Hindrance hindrance,
      @Nullable Growth growth,
      @Nullable Overflow overflow,
      @Nullable Stall stall,
      @Nullable SynFlood synFlood,
      @Nullable Contention contest) {
    return new NodeListener(
        SERVICE,
        policy,
        "",
        "gunicorn",
        4242,
        "gunicorn",
        "0.0.0.0:8000",
        1,
        2,
        "0000000000000003",
        5,
        5,
        64,
        4096,
        4096,
        verdict,
        AT,
        remedy,
        hindrance,
        growth,
        overflow,
        stall,
        synFlood,
        null,
        contest,
        null);
  }
}
