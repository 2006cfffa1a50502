package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.ListenerCounts;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners in a pod's network namespace that no process of the pod holds. */
class NotOfPodTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Server server;
  private FakeProcess proxy;

  @BeforeEach
  void aServerInAMesh() {
    node = new Node(folder);
    server = node.server(1024);
    proxy = node.kernel.process(node.own, "ztunnel");
  }

  /** As ztunnel does: it enters the pod's namespace, listens there, and leaves. */
  private FakeSocket listenInThePod(int port) {
    var inside = node.kernel.process(server.namespace(), "ztunnel");
    var socket = inside.listen("::", port, 128);
    proxy.receive(socket);
    inside.exit();
    return socket;
  }

  private ListenerCounts counts() {
    return node.status().policies().getFirst().listeners();
  }

  @Test
  void isSaidAsThatAndCountsNowhere() {
    var foreign = listenInThePod(15008);
    node.spec(enforce(server).minimum(1024).mode(Mode.OBSERVE));
    node.pass(Duration.ofSeconds(12));

    var told = node.told(foreign).orElseThrow();
    assertThat(told.verdict()).isEqualTo(Verdict.NOT_OF_POD);
    assertThat(told.verdict().undersized()).isFalse();
    assertThat(told.hindrance()).isNull();
    assertThat(counts().total()).isEqualTo(1);
    assertThat(counts().undersized()).isZero();
    assertThat(counts().unobservable()).isZero();
  }

  @Test
  void isNeverCalledTooSmallNorARemedyThatCannotBeHad() {
    var foreign = listenInThePod(15008);
    node.spec(enforce(server).minimum(1024));
    node.pass(Duration.ofMinutes(2));

    assertThat(node.statuses)
        .flatExtracting(NodeBacklogStatus::listeners)
        .filteredOn(each -> each.inode() == foreign.inode())
        .allMatch(each -> each.verdict() == Verdict.NOT_OF_POD && each.hindrance() == null)
        .extracting(NodeListener::since)
        .hasSizeGreaterThanOrEqualTo(1)
        .containsOnly(node.told(foreign).orElseThrow().since());
    assertThat(node.statuses)
        .extracting(status -> status.policies().getFirst().listeners().undersized())
        .containsOnly(0);
    assertThat(foreign.backlog()).isEqualTo(128);
  }

  @Test
  void costsNoSearchAgainAndAgain() {
    for (int port = 15000; port < 15010; port++) listenInThePod(port);
    node.spec(enforce(server).minimum(1024));
    node.pass(Duration.ofSeconds(30));
    int before = node.kernel.descriptorReads();

    node.pass(Duration.ofMinutes(9));

    assertThat(node.kernel.descriptorReads() - before).isLessThanOrEqualTo(40);
  }

  @Test
  void hasNoSymptomsThatAreThePods() {
    node.stallAfterMillis = 5_000;
    var foreign = listenInThePod(15008);
    node.spec(enforce(server).minimum(1024));
    node.pass(Duration.ofSeconds(12));
    foreign.connected();
    node.pass(Duration.ofSeconds(12));

    assertThat(counts().stalled()).isZero();
  }

  @Test
  void withABacklogThatIsEnoughThereIsNothingToSay() {
    var foreign = listenInThePod(15008);
    node.spec(enforce(server).minimum(64));
    node.pass(Duration.ofSeconds(20));

    assertThat(node.told(foreign)).isEmpty();
  }

  @Test
  void isThePodsOnceAProcessOfItHoldsIt() {
    var foreign = listenInThePod(15008);
    node.spec(enforce(server).minimum(1024));
    node.pass(Duration.ofSeconds(20));

    server.process().receive(foreign);
    node.pass(Duration.ofMinutes(12));

    assertThat(foreign.backlog()).isEqualTo(1024);
    assertThat(node.remedy(foreign).original()).isEqualTo(128);
  }

  @Test
  void whoseProcessesCannotAllBeSeenIsNotSaidToBeNobodys() {
    var worker = server.process().fork();
    var foreign = server.process().listen("::", 15008, 128);
    worker.receive(foreign);
    server.process().close(foreign);
    worker.hide();
    node.spec(enforce(server).minimum(1024));
    node.pass(Duration.ofSeconds(30));

    assertThat(node.told(foreign).map(NodeListener::verdict))
        .isNotEqualTo(Optional.of(Verdict.NOT_OF_POD));
  }
}
