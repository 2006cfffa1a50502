package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.UnixListeners;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine on which a socket goes on when nothing is left of the service that it was of. */
class OutlivingSocketsTest {
  /** As long as it takes to prove that something is gone, and then some. */
  private static final Duration LONG = Duration.ofMinutes(4);

  @TempDir private Path folder;
  private Node node;
  private Node.Pod service;
  private Node.Pod successor;
  private FakeProcess server;
  private FakeSocket socket;

  @BeforeEach
  void aServiceThatListensOnTheNetworkOfTheMachine() {
    node = new Node(folder);
    node.socketsOutliveOwners = true;
    node.restart();
    service = node.hostNetworkPod();
    successor = node.hostNetworkPod();
    server = service.start("api");
    socket = server.listen("0.0.0.0", 9876, 5);
  }

  private void becomesTheSuccessors() {
    successor.start("api").receive(socket);
    server.exit();
  }

  @Test
  void whatIsTheSuccessorsNowIsPutBackThere() {
    node.spec(enforce(service, successor));
    assertThat(socket.backlog()).isEqualTo(64);
    becomesTheSuccessors();
    node.pass(LONG);
    assertThat(node.remembered()).isEqualTo(1);
    assertThat(node.told(socket).orElseThrow().pod().name()).isEqualTo(successor.pod().name());

    node.spec();

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.remembered()).isZero();
  }

  @Test
  void ofASuccessorThatNoPolicyGovernsItIsPutBackToo() {
    node.spec(enforce(service));
    becomesTheSuccessors();
    node.pass(LONG);

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.remembered()).isZero();
  }

  @Test
  void ofUnixListenersItIsTheSame() {
    var unix = server.listenUnix("/run/api.sock", 5);
    node.spec(enforce(service).unix(UnixListeners.GOVERN));
    assertThat(unix.backlog()).isEqualTo(64);
    successor.start("api").receive(unix);
    server.exit();
    node.spec();
    node.pass(LONG);

    assertThat(unix.backlog()).isEqualTo(5);
    assertThat(node.remembered()).isZero();
  }

  /** A worker that outlives its master, where another master of the same program runs. */
  @Test
  void itIsSearchedForWhereSomethingElseIsLeftOfTheService() {
    service.start("another");
    node.spec(enforce(service));
    becomesTheSuccessors();
    node.pass(LONG);

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.remembered()).isZero();
  }

  @Test
  void theSuccessorIsFoundByTheNextWatchToo() {
    node.spec(enforce(service));
    becomesTheSuccessors();
    node.restart();
    node.spec();
    node.pass(Duration.ofSeconds(40));

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.remembered()).isZero();
  }

  /** As systemd does with the socket of a unit that it starts at the first connection. */
  @Test
  void whatAProcessOfNoServiceHoldsIsNotForgotten() {
    node.spec(enforce(service));
    node.kernel.process(node.own, "systemd").receive(socket);
    server.exit();
    node.spec();
    node.pass(LONG);
    assertThat(node.remembered()).isEqualTo(1);
    assertThat(socket.backlog()).isEqualTo(64);

    service.start("api").receive(socket);
    node.pass(LONG);
    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.remembered()).isZero();
  }

  @Test
  void whatIsClosedIsForgotten() {
    node.spec(enforce(service));
    server.exit();
    node.pass(LONG);

    assertThat(node.remembered()).isZero();
  }

  @Test
  void inANetworkThatNobodyIsInAnyMoreItIsGoneWhenNoProcessAtAllHoldsIt() {
    var contained = node.server(5);
    node.spec(enforce(contained));
    var holder = successor.start("proxy");
    holder.receive(contained.socket());
    contained.process().exit();
    node.pass(LONG);
    assertThat(node.remembered()).isEqualTo(1);

    holder.close(contained.socket());
    node.pass(LONG);
    assertThat(node.remembered()).isZero();
  }

  /** Who is in the network of a pod, and is not of it, may hold anything. */
  @Test
  void ofPodsAStrangersSocketIsLeftAlone() {
    node.socketsOutliveOwners = false;
    node.restart();
    node.spec(enforce(service));
    becomesTheSuccessors();
    int relistens = node.kernel.relistens();
    node.pass(LONG);

    assertThat(node.kernel.relistens()).isEqualTo(relistens);
    assertThat(node.remembered()).isZero();
  }
}
