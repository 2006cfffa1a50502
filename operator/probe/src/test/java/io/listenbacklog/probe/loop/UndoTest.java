package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Remedy;
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
  private Node.Server server;

  @BeforeEach
  void aRemediedListener() {
    node = new Node(folder);
    server = node.server(5);
    server.namespace().somaxconn(50);
    node.spec(enforce(server));
    assertThat(server.backlog()).isEqualTo(64);
  }

  @Test
  void aPodThatIsGovernedNoMoreGetsItsOriginalsBack() {
    node.spec();

    assertThat(server.backlog()).isEqualTo(5);
    assertThat(server.namespace().somaxconn()).isEqualTo(50);
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
    node.spec(enforce(server).mode(Mode.OBSERVE));

    assertThat(server.backlog()).isEqualTo(5);
    assertThat(server.namespace().somaxconn()).isEqualTo(50);
    assertThat(node.told(server.socket()).orElseThrow().remedy()).isNull();
    assertThat(node.told(server.socket()).orElseThrow().verdict().undersized()).isTrue();
  }

  @Test
  void aRemedyThatIsAllowedNoMoreIsUndone() {
    node.spec(enforce(server).remedies(Remedy.SYSCTL));

    assertThat(server.backlog()).isEqualTo(5);
    assertThat(server.namespace().somaxconn()).isEqualTo(64);
  }

  @Test
  void aPortThatBecomesExemptIsUndone() {
    node.spec(enforce(server).port(new NodePort(9876, null, null, true)));

    assertThat(server.backlog()).isEqualTo(5);
  }

  @Test
  void aMinimumThatIsLoweredLowersNothing() {
    node.spec(enforce(server).minimum(10));
    node.listing();

    assertThat(server.backlog()).isEqualTo(64);
    assertThat(node.remedy(server.socket()).original()).isEqualTo(5);
  }

  @Test
  void aMinimumThatIsRaisedKeepsTheFirstOriginal() {
    node.spec(enforce(server).minimum(128));
    assertThat(server.backlog()).isEqualTo(128);
    assertThat(node.remedy(server.socket()).original()).isEqualTo(5);

    node.spec();
    assertThat(server.backlog()).isEqualTo(5);
    assertThat(server.namespace().somaxconn()).isEqualTo(50);
  }

  @Test
  void whatIsToBeKeptIsLeftAndForgotten() {
    node.spec(enforce(server).onDelete(OnDelete.KEEP));
    assertThat(node.remedy(server.socket()).onDelete()).isEqualTo(OnDelete.KEEP);

    node.spec();
    node.listing();

    assertThat(server.backlog()).isEqualTo(64);
    assertThat(server.namespace().somaxconn()).isEqualTo(64);
    assertThat(node.status().listeners()).isEmpty();
    assertThat(node.status().sysctls()).isEmpty();
    assertThat(node.status().restorations()).isEmpty();
  }

  @Test
  void whatTheApplicationSetItselfIsNotUndone() {
    server.listen(40);
    node.spec();

    assertThat(server.backlog()).isEqualTo(40);
    assertThat(node.status().restorations()).noneMatch(each -> each.what().equals("0.0.0.0:9876"));
  }

  @Test
  void aSomaxconnThatSomebodyElseSetIsNotUndone() {
    server.namespace().somaxconn(1000);
    node.spec();

    assertThat(server.backlog()).isEqualTo(5);
    assertThat(server.namespace().somaxconn()).isEqualTo(1000);
  }

  @Test
  void aSwitchFromOnePolicyToAnotherUndoesNothing() {
    int relistens = node.kernel.relistens();
    node.spec(enforce(server).policy("another-policy"));

    assertThat(server.backlog()).isEqualTo(64);
    assertThat(node.kernel.relistens()).isEqualTo(relistens);
    assertThat(node.policy(server.socket()).name()).isEqualTo("another-policy");
    node.spec();
    assertThat(server.backlog()).isEqualTo(5);
  }

  @Test
  void aClosedSocketIsForgotten() {
    server.process().close(server.socket());
    node.sweep();
    node.sweep();

    assertThat(node.status().listeners()).isEmpty();
  }

  @Test
  void aDeadPodNeedsNothing() {
    server.process().exit();
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

    assertThat(server.backlog()).isEqualTo(64);
    var told = node.told(server.socket()).orElseThrow();
    assertThat(told.required()).isZero();
    assertThat(told.remedy()).isNotNull();
    assertThat(node.hindrance(server.socket()).message()).contains("EPERM");
  }
}
