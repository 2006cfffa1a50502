package io.listenbacklog.policy.assess;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Loopback;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePath;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.UnixListeners;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequirementTest {
  private static final Demand EXEMPT = new Demand.Exempt();
  private static final Demand NOTHING = new Demand.Nothing();

  @Test
  void aNumberComesBeforeARangeAndANarrowerRangeBeforeAWiderOne() {
    var requirement =
        requirement(
            List.of(
                new NodePort(1000, 2000, 1, null, false),
                new NodePort(1500, 1600, 2, null, false),
                new NodePort(1550, 3, null, false),
                new NodePort(1990, 65535, null, null, true)),
            null,
            null);
    assertThat(requirement.on(port(999))).isEqualTo(atLeast(64));
    assertThat(requirement.on(port(1000))).isEqualTo(atLeast(1));
    assertThat(requirement.on(port(1500))).isEqualTo(atLeast(2));
    assertThat(requirement.on(port(1550))).isEqualTo(atLeast(3));
    assertThat(requirement.on(port(1600))).isEqualTo(atLeast(2));
    assertThat(requirement.on(port(1601))).isEqualTo(atLeast(1));
    assertThat(requirement.on(port(1995))).isEqualTo(atLeast(1));
    assertThat(requirement.on(port(65535))).isEqualTo(EXEMPT);
  }

  @Test
  void whatOnlyThePodItselfCanReachIsExemptWhereThePolicySaysSo() {
    var own = new Place.Port(8005, true);
    assertThat(requirement(List.of(), null, null).on(own)).isEqualTo(atLeast(64));
    var exempting = requirement(List.of(), Loopback.EXEMPT, null);
    assertThat(exempting.on(own)).isEqualTo(EXEMPT);
    assertThat(exempting.on(port(8005))).isEqualTo(atLeast(64));
  }

  @Test
  void unixListenersNeedABacklogOnlyWhereTheyAreGoverned() {
    var php = new Place.Path("/run/php.sock");
    assertThat(requirement(List.of(), null, null).on(php)).isEqualTo(NOTHING);
    assertThat(requirement(List.of(), null, UnixListeners.IGNORE).on(php)).isEqualTo(NOTHING);
    assertThat(requirement(List.of(), null, UnixListeners.GOVERN).on(php)).isEqualTo(atLeast(64));
  }

  @Test
  void ofPathsTheWholeOneAndThenTheLongestBeginningCounts() {
    var requirement =
        requirement(
            List.of(),
            null,
            UnixListeners.GOVERN,
            new NodePath("/run/*", 1, false),
            new NodePath("/run/php*", 2, false),
            new NodePath("/run/php.sock", 3, false),
            new NodePath("@mux*", null, true));
    assertThat(requirement.on(new Place.Path("/run/php.sock"))).isEqualTo(atLeast(3));
    assertThat(requirement.on(new Place.Path("/run/php2.sock"))).isEqualTo(atLeast(2));
    assertThat(requirement.on(new Place.Path("/run/x"))).isEqualTo(atLeast(1));
    assertThat(requirement.on(new Place.Path("@mux-1"))).isEqualTo(EXEMPT);
    assertThat(requirement.on(new Place.Path("@other"))).isEqualTo(atLeast(64));
    assertThat(requirement.on(new Place.Path("run/php.sock"))).isEqualTo(atLeast(64));
  }

  @Test
  void theLargestMinimumOfRangesAndPathsIsWhatSomaxconnMustBe() {
    var ranges = List.of(new NodePort(1000, 2000, 300, null, false));
    assertThat(requirement(ranges, null, null).neededSomaxconn()).isEqualTo(300);
    assertThat(
            requirement(
                    ranges,
                    null,
                    UnixListeners.GOVERN,
                    new NodePath("/run/php.sock", 500, false),
                    new NodePath("/run/x", null, true))
                .neededSomaxconn())
        .isEqualTo(500);
  }

  private static Place port(int number) {
    return new Place.Port(number, false);
  }

  private static Demand atLeast(int minimum) {
    return new Demand.AtLeast(minimum);
  }

  private static Requirement requirement(
      List<NodePort> ports,
      @Nullable Loopback loopback,
      @Nullable UnixListeners unix,
      NodePath... paths) {
    return Requirement.of(
        NodeRequirement.in(Mode.ENFORCE, OnDelete.RESTORE)
            .minimum(64)
            .ports(ports)
            .loopback(loopback)
            .unix(unix)
            .paths(List.of(paths))
            .of(List.of()));
  }
}
