package io.listenbacklog.policy.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.listenbacklog.api.Loopback;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePath;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.UnixListeners;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The list of when a listener is never touched, one row a case. */
class RaiseDecisionTest {
  private static final RaiseDecision LEAVE = new RaiseDecision.Leave();
  private static final RaiseDecision UNDO = new RaiseDecision.Undo();

  /** Where nothing is asked nothing is raised, and what is raised is put back. */
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void nothingIsAsked(String why, @Nullable Requirement requirement, Place place, boolean ofPod) {
    var listener = new Listener().of(requirement, place, ofPod).backlog(5);
    assertThat(listener.decision()).isEqualTo(LEAVE);
    assertThat(listener.raised(true).decision()).isEqualTo(UNDO);
  }

  static Stream<Arguments> nothingIsAsked() {
    var port = new Place.Port(9876, false);
    var socket = new Place.Path("/run/php.sock");
    var usual = requirement(Mode.ENFORCE, Remedy.SYSCTL, Remedy.RELISTEN);
    return Stream.of(
        arguments("no requirement governs the pod", null, port, true),
        arguments("no process of the pod holds it", usual, port, false),
        arguments("its port is exempt", usual, new Place.Port(25, false), true),
        arguments("its range of ports is exempt", usual, new Place.Port(30_500, false), true),
        arguments("loopback is exempt", usual, new Place.Port(9876, true), true),
        arguments("its path is exempt", usual, new Place.Path("/run/agent.sock"), true),
        arguments("UNIX listeners are not governed", observingUnix(), socket, true),
        arguments("there is no minimum", without(), port, true),
        arguments("the mode is Observe", requirement(Mode.OBSERVE, Remedy.RELISTEN), port, true),
        arguments(
            "only sysctls may be raised", requirement(Mode.ENFORCE, Remedy.SYSCTL), port, true),
        arguments("nothing may be raised", requirement(Mode.ENFORCE), port, true));
  }

  /** Where it is asked for, and something else keeps us from it, it stays as it is. */
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void somethingIsInTheWay(String why, Listener listener, RaiseDecision expected) {
    assertThat(listener.decision()).isEqualTo(expected);
    // Nor is anything put back because of it.
    assertThat(listener.raised(true).decision()).isEqualTo(expected);
  }

  static Stream<Arguments> somethingIsInTheWay() {
    return Stream.of(
        arguments("it has what it needs", new Listener().backlog(64), LEAVE),
        arguments("it has more: it is never lowered", new Listener().backlog(4096), LEAVE),
        arguments(
            "the API may ask for less by now", new Listener().backlog(5).current(false), LEAVE),
        arguments(
            "its application has closed the door",
            new Listener().backlog(0).closed(true),
            blocked(RaiseDecision.Block.CLOSED)),
        arguments(
            "somaxconn is what it has",
            new Listener().backlog(50).somaxconn(50),
            blocked(RaiseDecision.Block.SOMAXCONN)),
        arguments(
            "somaxconn is less than it has",
            new Listener().backlog(50).somaxconn(8),
            blocked(RaiseDecision.Block.SOMAXCONN)),
        arguments(
            "it was set back again and again",
            new Listener().backlog(5).contested(true),
            blocked(RaiseDecision.Block.CONTEST)),
        arguments(
            "the kernel refused it a moment ago",
            new Listener().backlog(5).refusedLately(true),
            blocked(RaiseDecision.Block.REFUSED_LATELY)));
  }

  @Test
  void elseItIsRaised() {
    assertThat(new Listener().backlog(5).decision()).isEqualTo(new RaiseDecision.Raise(64));
    assertThat(new Listener().backlog(63).decision()).isEqualTo(new RaiseDecision.Raise(64));
  }

  @Test
  void asFarAsSomaxconnAllows() {
    assertThat(new Listener().backlog(5).somaxconn(50).decision())
        .isEqualTo(new RaiseDecision.Raise(50));
  }

  @Test
  void againToWhatItGrewTo() {
    assertThat(new Listener().grownTo(128).backlog(64).decision())
        .isEqualTo(new RaiseDecision.Raise(128));
    assertThat(new Listener().grownTo(128).backlog(128).decision()).isEqualTo(LEAVE);
  }

  @Test
  void fromNothingWhereItsApplicationHasClosedNoDoor() {
    assertThat(new Listener().backlog(0).decision()).isEqualTo(new RaiseDecision.Raise(64));
  }

  /** Of several things in the way the one that lasts is told. */
  @Test
  void aClosedDoorIsToldBeforeAllElse() {
    assertThat(
            new Listener()
                .backlog(0)
                .closed(true)
                .somaxconn(0)
                .contested(true)
                .refusedLately(true)
                .decision())
        .isEqualTo(blocked(RaiseDecision.Block.CLOSED));
  }

  private static RaiseDecision blocked(RaiseDecision.Block by) {
    return new RaiseDecision.Blocked(by);
  }

  private static Requirement requirement(Mode mode, Remedy... remedies) {
    return requirement(mode, 64, UnixListeners.GOVERN, remedies);
  }

  private static Requirement observingUnix() {
    return requirement(Mode.ENFORCE, 64, UnixListeners.OBSERVE, Remedy.RELISTEN);
  }

  private static Requirement without() {
    return requirement(Mode.ENFORCE, null, UnixListeners.GOVERN, Remedy.RELISTEN);
  }

  private static Requirement requirement(
      Mode mode, @Nullable Integer minimum, UnixListeners unix, Remedy... remedies) {
    return Requirement.of(
        NodeRequirement.in(mode, OnDelete.RESTORE)
            .minimum(minimum)
            .ports(
                List.of(
                    new NodePort(25, null, null, true),
                    new NodePort(30_000, 31_000, null, null, true)))
            .loopback(Loopback.EXEMPT)
            .unix(unix)
            .paths(List.of(new NodePath("/run/agent.sock", null, true)))
            .remedies(remedies)
            .of(List.of()));
  }

  /** One that is governed, and has nothing in its way. */
  static final class Listener {
    private @Nullable Requirement requirement =
        requirement(Mode.ENFORCE, Remedy.SYSCTL, Remedy.RELISTEN);
    private Place place = new Place.Port(9876, false);
    private boolean ofPod = true;
    private int grownTo;
    private boolean current = true;
    private boolean raised;
    private int backlog;
    private boolean closed;
    private int somaxconn = 4096;
    private boolean contested;
    private boolean refusedLately;

    Listener of(@Nullable Requirement its, Place at, boolean itsPods) {
      requirement = its;
      place = at;
      ofPod = itsPods;
      return this;
    }

    Listener grownTo(int value) {
      grownTo = value;
      return this;
    }

    Listener current(boolean value) {
      current = value;
      return this;
    }

    Listener raised(boolean value) {
      raised = value;
      return this;
    }

    Listener backlog(int value) {
      backlog = value;
      return this;
    }

    Listener closed(boolean value) {
      closed = value;
      return this;
    }

    Listener somaxconn(int value) {
      somaxconn = value;
      return this;
    }

    Listener contested(boolean value) {
      contested = value;
      return this;
    }

    Listener refusedLately(boolean value) {
      refusedLately = value;
      return this;
    }

    RaiseDecision decision() {
      var asked = RaiseDecision.asked(requirement, place, ofPod);
      if (asked instanceof Demand.AtLeast it) asked = it.grownTo(grownTo);
      return RaiseDecision.of(
          new RaiseDecision.Facts(
              asked,
              RaiseDecision.isAllowed(requirement),
              current,
              raised,
              backlog,
              closed,
              somaxconn,
              contested,
              refusedLately));
    }

    @Override
    public String toString() {
      return "listener with a backlog of " + backlog;
    }
  }
}
