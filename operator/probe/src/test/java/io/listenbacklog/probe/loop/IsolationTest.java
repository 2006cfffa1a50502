package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import io.listenbacklog.kernel.process.Container;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has no Enforce requirement is never touched, and a bad one never stops the others. */
class IsolationTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Pod governed;

  @BeforeEach
  void aNodeWithAPod() {
    node = new Node(folder);
    governed = node.pod();
  }

  @Test
  void everyKindOfListenerAroundAGovernedPodIsLeftAlone() {
    var stranger = node.pod();
    var observed = node.pod();
    var onTheNode = node.hostNetworkPod();
    var governedOnTheNode = node.hostNetworkPod();
    var kubelet = node.kernel.process(node.own, "kubelet");
    stranger.namespace().somaxconn(50);
    observed.namespace().somaxconn(50);
    node.own.somaxconn(50);
    var left =
        List.of(
            stranger.start("api").listen("0.0.0.0", 9876, 5),
            stranger.start("api").listen("::", 9876, 5),
            observed.start("api").listen("0.0.0.0", 9876, 5),
            onTheNode.start("api").listen("0.0.0.0", 9876, 5),
            kubelet.listen("127.0.0.1", 10250, 5));
    var raised = governed.start("api").listen("0.0.0.0", 9876, 5);
    var raisedOnTheNode = governedOnTheNode.start("api").listen("0.0.0.0", 9999, 5);

    node.spec(
        enforce(governed, governedOnTheNode), enforce(observed).mode(Mode.OBSERVE).policy("look"));
    node.listing();

    assertThat(left).allMatch(socket -> socket.backlog() == 5);
    assertThat(raised.backlog()).isEqualTo(64);
    assertThat(raisedOnTheNode.backlog()).isEqualTo(50);
    assertThat(stranger.namespace().somaxconn()).isEqualTo(50);
    assertThat(observed.namespace().somaxconn()).isEqualTo(50);
    assertThat(node.own.somaxconn()).isEqualTo(50);
  }

  @Test
  void aHostNetworkPodIsRaisedUpToTheNodesSomaxconnAndThatIsSaid() {
    var pod = node.hostNetworkPod();
    node.own.somaxconn(50);
    var socket = pod.start("api").listen("0.0.0.0", 9876, 5);

    node.spec(enforce(pod));

    assertThat(socket.backlog()).isEqualTo(50);
    assertThat(node.own.somaxconn()).isEqualTo(50);
    assertThat(node.hindrance(socket).message()).contains("shares with the node");
    assertThat(node.sysctlHindrance().message()).contains("the node");
    node.spec();
    assertThat(socket.backlog()).isEqualTo(5);
  }

  @Test
  void aStrangersListenersOnTheNodeAreNotEvenCounted() {
    var pod = node.hostNetworkPod();
    pod.start("api").listen("0.0.0.0", 9876, 5);
    node.kernel.process(node.own, "kubelet").listen("127.0.0.1", 10250, 5);

    node.spec(enforce(pod));

    assertThat(node.status().policies().getFirst().listeners().total()).isEqualTo(1);
    assertThat(node.current().samples(10).listed()).hasSize(1);
  }

  @Test
  void aBirthInAPodThatIsNotGovernedIsNotLookedInto() {
    var stranger = node.pod();
    var process = stranger.start("api");
    node.spec(enforce(governed));
    var socket = process.listen("0.0.0.0", 9876, 5);

    node.born(process, socket);

    assertThat(stranger.namespace().visits()).isZero();
  }

  @Test
  void aGovernedDebuggingPodInsideAnothersNamespaceTouchesNothingThere() {
    var stranger = node.pod();
    var socket = stranger.start("api").listen("0.0.0.0", 9876, 5);
    stranger.namespace().somaxconn(50);
    var container = new Container(governed.pod().uid(), "d".repeat(64));
    node.kernel.process(stranger.namespace(), container, "debugger", "nsenter");

    node.spec(enforce(governed));
    node.listing();

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(stranger.namespace().somaxconn()).isEqualTo(50);
    assertThat(node.status().listeners()).isEmpty();
  }

  @Test
  void aContainerThatIsStillInTheNodesNamespaceDoesNotMakeItThePods() {
    var container = new Container(governed.pod().uid(), "c".repeat(64));
    node.kernel.process(node.own, container, "api", "runc");
    var kubelet = node.kernel.process(node.own, "kubelet").listen("127.0.0.1", 10250, 5);
    node.own.somaxconn(50);

    node.spec(enforce(governed));

    assertThat(node.own.somaxconn()).isEqualTo(50);
    assertThat(kubelet.backlog()).isEqualTo(5);
    assertThat(node.status().listeners()).isEmpty();
  }

  @Test
  void aPidThatIsAnotherPodsByNowIsNotTakenForTheOwner() {
    var pod = node.hostNetworkPod();
    var process = pod.start("api");
    node.spec(enforce(pod));
    // The pid was read a moment ago; since then its process has ended and another pod's has it.
    node.tricky.containers.put(
        process.pid(), Optional.of(new Container(node.pod().pod().uid(), "e".repeat(64))));
    var socket = process.listen("0.0.0.0", 9876, 5);

    node.listing();

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.status().listeners()).isEmpty();
  }

  @Test
  void aNamespaceThatCannotBeEnteredStopsNoOther() {
    var broken = node.pod();
    broken.start("api").listen("0.0.0.0", 9876, 5);
    broken.namespace().breakWith(new SyscallException("setns", Errno.EPERM));
    var socket = governed.start("api").listen("0.0.0.0", 9876, 5);

    node.spec(enforce(broken, governed));

    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(node.tally.errors.get()).isPositive();
    assertThat(node.status().policies().getFirst().listeners().unobservable()).isEqualTo(1);
    broken.namespace().breakWith(null);
    node.sweep();
    assertThat(node.status().policies().getFirst().listeners().unobservable()).isZero();
    assertThat(node.status().policies().getFirst().listeners().remedied()).isEqualTo(2);
  }

  @Test
  void aSocketThatNobodyOfThePodHoldsIsToldButNotTouched() {
    var inside = node.kernel.process(governed.namespace(), "nsenter");
    governed.start("pause");
    var socket = inside.listen("0.0.0.0", 9876, 5);

    node.spec(enforce(governed));
    node.pass(Duration.ofSeconds(10));

    assertThat(socket.backlog()).isEqualTo(5);
    var told = node.told(socket).orElseThrow();
    assertThat(told.container()).isEmpty();
    assertThat(told.pid()).isZero();
    assertThat(told.verdict()).isEqualTo(Verdict.NOT_OF_POD);
    assertThat(told.hindrance()).isNull();
  }
}
