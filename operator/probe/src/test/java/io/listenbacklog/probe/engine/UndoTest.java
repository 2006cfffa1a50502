package io.listenbacklog.probe.engine;

import static io.listenbacklog.probe.engine.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UndoTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Pod pod;
  private FakeProcess process;
  private FakeSocket socket;

  @BeforeEach
  void aRemediedListener() {
    node = new Node(folder);
    pod = node.pod();
    process = pod.start("api");
    socket = process.listen("0.0.0.0", 9876, 5);
    pod.namespace().somaxconn(50);
    node.spec(enforce(pod));
    assertThat(socket.backlog()).isEqualTo(64);
  }

  @Test
  void aPodThatIsGovernedNoMoreGetsItsOriginalsBack() {
    node.spec();

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(pod.namespace().somaxconn()).isEqualTo(50);
    assertThat(node.status().listeners()).isEmpty();
    assertThat(node.status().sysctls()).isEmpty();
    var listener = node.status().restorations().getFirst();
    assertThat(listener.what()).isEqualTo("0.0.0.0:9876");
    assertThat(listener.container()).isEqualTo("api");
    assertThat(listener.from()).isEqualTo(64);
    assertThat(listener.to()).isEqualTo(5);
    assertThat(node.status().restorations().get(1).what()).isEqualTo("net.core.somaxconn");
  }

  @Test
  void restorationsAreToldForTenMinutes() {
    node.spec();
    node.pass(Duration.ofMinutes(9));
    assertThat(node.status().restorations()).hasSize(2);
    node.pass(Duration.ofMinutes(2));
    assertThat(node.status().restorations()).isEmpty();
  }

  @Test
  void aSwitchToObserveUndoes() {
    node.spec(enforce(pod).mode(Mode.OBSERVE));

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(pod.namespace().somaxconn()).isEqualTo(50);
    assertThat(node.told(socket).orElseThrow().remedy()).isNull();
    assertThat(node.told(socket).orElseThrow().verdict().undersized()).isTrue();
  }

  @Test
  void aRemedyThatIsAllowedNoMoreIsUndone() {
    node.spec(enforce(pod).remedies(Remedy.SYSCTL));

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(pod.namespace().somaxconn()).isEqualTo(64);
  }

  @Test
  void aPortThatBecomesExemptIsUndone() {
    node.spec(enforce(pod).port(new NodePort(9876, null, null, true)));

    assertThat(socket.backlog()).isEqualTo(5);
  }

  @Test
  void aMinimumThatIsLoweredLowersNothing() {
    node.spec(enforce(pod).minimum(10));
    node.listing();

    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(node.remedy(socket).original()).isEqualTo(5);
  }

  @Test
  void aMinimumThatIsRaisedKeepsTheFirstOriginal() {
    node.spec(enforce(pod).minimum(128));
    assertThat(socket.backlog()).isEqualTo(128);
    assertThat(node.remedy(socket).original()).isEqualTo(5);

    node.spec();
    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(pod.namespace().somaxconn()).isEqualTo(50);
  }

  @Test
  void whatIsToBeKeptIsLeftAndForgotten() {
    node.spec(enforce(pod).onDelete(OnDelete.KEEP));
    assertThat(node.remedy(socket).onDelete()).isEqualTo(OnDelete.KEEP);

    node.spec();
    node.listing();

    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(pod.namespace().somaxconn()).isEqualTo(64);
    assertThat(node.status().listeners()).isEmpty();
    assertThat(node.status().sysctls()).isEmpty();
    assertThat(node.status().restorations()).isEmpty();
  }

  @Test
  void whatTheApplicationSetItselfIsNotUndone() {
    socket.listen(process, 40);
    node.spec();

    assertThat(socket.backlog()).isEqualTo(40);
    assertThat(node.status().restorations()).noneMatch(each -> each.what().equals("0.0.0.0:9876"));
  }

  @Test
  void aSomaxconnThatSomebodyElseSetIsNotUndone() {
    pod.namespace().somaxconn(1000);
    node.spec();

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(pod.namespace().somaxconn()).isEqualTo(1000);
  }

  @Test
  void aSwitchFromOnePolicyToAnotherUndoesNothing() {
    int relistens = node.kernel.relistens();
    node.spec(enforce(pod).policy("another-policy"));

    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(node.kernel.relistens()).isEqualTo(relistens);
    assertThat(node.policy(socket).name()).isEqualTo("another-policy");
    node.spec();
    assertThat(socket.backlog()).isEqualTo(5);
  }

  @Test
  void aClosedSocketIsForgotten() {
    process.close(socket);
    node.sweep();
    node.sweep();

    assertThat(node.status().listeners()).isEmpty();
  }

  @Test
  void aDeadPodNeedsNothing() {
    process.exit();
    node.spec();
    node.sweep();
    node.sweep();

    assertThat(node.status().listeners()).isEmpty();
    assertThat(node.status().sysctls()).isEmpty();
    assertThat(node.status().restorations()).isEmpty();
  }

  @Test
  void anUndoThatIsRefusedIsToldAndTriedAgain() {
    node.kernel.refuseRelisten(new SyscallException("pidfd_getfd", Errno.EPERM));
    node.spec();

    assertThat(socket.backlog()).isEqualTo(64);
    var told = node.told(socket).orElseThrow();
    assertThat(told.required()).isZero();
    assertThat(told.remedy()).isNotNull();
    assertThat(node.hindrance(socket).message()).contains("EPERM");
  }
}
