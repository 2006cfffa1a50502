package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Growth;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.OnDelete;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.kernel.linux.Errno;
import io.listenbacklog.kernel.linux.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrowthTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Server server;

  @BeforeEach
  void aListenerThatMayGrow() {
    node = new Node(folder);
    server = node.server(5);
    node.spec(growing());
  }

  private Node.Need growing() {
    return enforce(server).minimum(null).maximum(20);
  }

  /** So many clients come that some are dropped, and the probe looks. */
  private void overflow() {
    while (server.socket().connect()) {
      // until it is full
    }
    node.pass(Duration.ofMillis(10_200));
  }

  private Growth growth() {
    return Objects.requireNonNull(node.told(server.socket()).orElseThrow().growth(), "no growth");
  }

  @Test
  void anOverflowDoublesTheBacklogUpToTheMaximum() {
    assertThat(server.backlog()).isEqualTo(5);
    overflow();
    assertThat(server.backlog()).isEqualTo(10);
    overflow();
    assertThat(server.backlog()).isEqualTo(20);
    overflow();
    assertThat(server.backlog()).isEqualTo(20);

    var told = node.told(server.socket()).orElseThrow();
    assertThat(growth().from()).isEqualTo(10);
    assertThat(growth().to()).isEqualTo(20);
    assertThat(growth().maximum()).isEqualTo(20);
    assertThat(growth().attempts()).isEqualTo(1);
    assertThat(told.required()).isEqualTo(20);
    assertThat(told.verdict()).isEqualTo(Verdict.SUFFICIENT);
    assertThat(node.remedy(server.socket()).original()).isEqualTo(5);
    assertThat(node.tally.grown).hasValue(2);
  }

  @Test
  void itGrowsFromTheMinimum() {
    node.spec(enforce(server).minimum(6).maximum(1000));
    overflow();

    assertThat(server.backlog()).isEqualTo(12);
  }

  @Test
  void onceInTenSecondsAtMost() {
    node.spec(growing().maximum(1000));
    for (int sweep = 0; sweep < 5; sweep++) {
      for (int i = 0; i < 100; i++) server.socket().connect();
      node.pass(Duration.ofSeconds(2));
    }
    assertThat(server.backlog()).isEqualTo(10);

    for (int i = 0; i < 100; i++) server.socket().connect();
    node.pass(Duration.ofSeconds(2));
    assertThat(server.backlog()).isEqualTo(20);
    assertThat(growth().attempts()).isGreaterThan(400);
  }

  @Test
  void withoutOverflowNothingGrows() {
    server.socket().strayReset();
    for (int i = 0; i < 6; i++) server.socket().connect();
    node.listing();

    assertThat(node.kernel.relistens()).isZero();
    assertThat(node.status().listeners()).isEmpty();
  }

  @Test
  void inModeObserveOrWithoutTheRemedyRelistenNothingGrows() {
    node.spec(growing().mode(Mode.OBSERVE));
    overflow();
    assertThat(server.backlog()).isEqualTo(5);

    node.spec(growing().remedies(Remedy.SYSCTL));
    overflow();
    assertThat(server.backlog()).isEqualTo(5);
    assertThat(node.overflows(server.socket())).isTrue();
    assertThat(node.told(server.socket()).orElseThrow().growth()).isNull();
  }

  @Test
  void withoutMaximumOrWithoutRoomNothingGrows() {
    node.spec(enforce(server).minimum(5));
    overflow();
    node.spec(enforce(server).minimum(5).maximum(5));
    overflow();

    assertThat(server.backlog()).isEqualTo(5);
  }

  @Test
  void aPortHasAMaximumOfItsOwn() {
    node.spec(enforce(server).minimum(5).port(new NodePort(9876, null, 8, false)));
    overflow();

    assertThat(server.backlog()).isEqualTo(8);
  }

  @Test
  void aClosedDoorDoesNotGrow() {
    var door = server.process().listen("0.0.0.0", 11211, 0);
    node.born(server.process(), door);
    for (int i = 0; i < 9; i++) door.connect();
    node.sweep();

    assertThat(door.backlog()).isZero();
    assertThat(node.overflow(door).attempts()).isEqualTo(8);
    assertThat(node.told(door).orElseThrow().hindrance()).isNull();
  }

  @Test
  void aCappingSomaxconnIsRaisedFirst() {
    server.namespace().somaxconn(8);
    overflow();

    assertThat(server.namespace().somaxconn()).isEqualTo(10);
    assertThat(server.backlog()).isEqualTo(10);
    node.listing();
    assertThat(server.namespace().somaxconn()).isEqualTo(10);
    node.spec();
    assertThat(server.backlog()).isEqualTo(5);
    assertThat(server.namespace().somaxconn()).isEqualTo(8);
  }

  @Test
  void aBirthRightAfterARestartPutsNothingBackThatWasRaisedForGrowth() {
    server.namespace().somaxconn(8);
    overflow();
    node.restart();
    var spec = growing();
    node.beforeSettling =
        () -> node.born(server.process(), server.process().listen("0.0.0.0", 80, 5));
    node.spec(spec);

    assertThat(server.namespace().somaxconn()).isEqualTo(10);
    assertThat(node.status().restorations()).isEmpty();
  }

  @Test
  void withoutTheRemedySysctlItGrowsAsFarAsItCanAndThatIsSaid() {
    node.spec(growing().remedies(Remedy.RELISTEN));
    server.namespace().somaxconn(8);
    node.listing();
    overflow();
    overflow();

    assertThat(server.backlog()).isEqualTo(8);
    assertThat(node.told(server.socket()).orElseThrow().required()).isEqualTo(10);
    assertThat(growth().to()).isEqualTo(8);
    assertThat(node.hindrance(server.socket()).message()).contains("is 8").contains("Sysctl");
  }

  @Test
  void whatItGrewToStaysWhenTheMaximumIsLowered() {
    overflow();
    node.spec(growing().maximum(7));
    overflow();

    assertThat(server.backlog()).isEqualTo(10);
    assertThat(node.told(server.socket()).orElseThrow().required()).isEqualTo(10);
  }

  @Test
  void whatItGrewToIsKeptAgainstTheApplication() {
    overflow();
    server.listen(5);
    node.sweep();

    assertThat(server.backlog()).isEqualTo(10);
    assertThat(growth().to()).isEqualTo(10);
  }

  @Test
  void whatItGrewToOutlivesTheProbe() {
    overflow();
    var before = growth();
    node.restart();
    node.spec(growing());
    assertThat(growth()).isEqualTo(before);

    server.listen(5);
    node.sweep();
    assertThat(server.backlog()).isEqualTo(10);
  }

  @Test
  void whatItGrewToOutlivesTheJournal() throws IOException {
    overflow();
    var status = node.status();
    Files.delete(folder.resolve("journal"));
    node.restart();
    node.spec(status, growing());

    assertThat(node.told(server.socket()).orElseThrow().required()).isEqualTo(10);
    assertThat(node.told(server.socket()).orElseThrow().growth()).isNotNull();
  }

  @Test
  void anUndoPutsBackWhatWasThereBeforeItGrew() {
    overflow();
    overflow();
    node.spec();
    assertThat(server.backlog()).isEqualTo(5);

    node.spec(growing());
    node.sweep();
    assertThat(server.backlog()).isEqualTo(5);
  }

  @Test
  void aSwitchToObserveUndoesTheGrowth() {
    overflow();
    node.spec(growing().mode(Mode.OBSERVE));

    assertThat(server.backlog()).isEqualTo(5);
    assertThat(node.told(server.socket()).orElseThrow().required()).isZero();
    assertThat(node.told(server.socket()).orElseThrow().growth()).isNull();
  }

  @Test
  void whatIsToBeKeptStaysGrown() {
    node.spec(growing().onDelete(OnDelete.KEEP));
    overflow();
    node.spec();

    assertThat(server.backlog()).isEqualTo(10);
  }

  @Test
  void aRefusedStepIsNoGrowth() {
    node.kernel.refuseRelisten(new SyscallException("pidfd_getfd", Errno.EPERM));
    overflow();
    overflow();

    assertThat(server.backlog()).isEqualTo(5);
    assertThat(node.told(server.socket()).orElseThrow().growth()).isNull();
    assertThat(node.told(server.socket()).orElseThrow().required()).isEqualTo(10);
    assertThat(node.hindrance(server.socket()).message()).contains("EPERM");
    assertThat(node.tally.grown).hasValue(0);
  }

  @Test
  void anotherListenerDoesNotGrowWithIt() {
    var other = server.process().listen("0.0.0.0", 9877, 5);
    node.born(server.process(), other);
    overflow();

    assertThat(server.backlog()).isEqualTo(10);
    assertThat(other.backlog()).isEqualTo(5);
  }
}
