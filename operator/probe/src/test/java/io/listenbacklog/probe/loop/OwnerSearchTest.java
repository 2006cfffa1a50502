package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.kernel.fake.FakeProcess;
import io.listenbacklog.kernel.fake.FakeSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it costs to find who holds listeners, and who pays for it. */
class OwnerSearchTest {
  private static final int MANY = 1_500;

  private final Node node;

  OwnerSearchTest(@TempDir Path folder) {
    node = new Node(folder);
  }

  private static List<FakeSocket> listen(FakeProcess process, int count) {
    var sockets = new ArrayList<FakeSocket>();
    for (int each = 0; each < count; each++) {
      sockets.add(process.listen("0.0.0.0", 1024 + each, 5));
    }
    return sockets;
  }

  @Test
  void onePassServesAllListenersOfAProcess() {
    var pod = node.pod();
    var sockets = listen(pod.start("api"), MANY);

    node.spec(enforce(pod));

    assertThat(sockets).extracting(FakeSocket::backlog).containsOnly(64);
    assertThat(node.tricky.descriptorsLookedAt).isLessThan(2 * MANY);
  }

  @Test
  void onePassServesAllThatAReplacedProbePutsBack() {
    var pod = node.pod();
    var sockets = listen(pod.start("api"), MANY);
    node.spec(enforce(pod));
    node.restart();
    node.tricky.descriptorsLookedAt = 0;

    node.spec();

    assertThat(sockets).extracting(FakeSocket::backlog).containsOnly(5);
    assertThat(node.tricky.descriptorsLookedAt).isLessThan(2 * MANY);
  }

  /** As of a proxy that opens one after another: of each it is known which process it is. */
  @Test
  void listenersThatAreBornOneByOneAreNotSearchedAmongAllThatWereBefore() {
    var pod = node.pod();
    var process = pod.start("api");
    node.spec(enforce(pod));
    for (int each = 0; each < MANY; each++) {
      var socket = process.listen("0.0.0.0", 1024 + each, 5);
      node.born(process, socket);
      assertThat(socket.backlog()).isEqualTo(64);
    }
    assertThat(node.tricky.descriptorsLookedAt).isLessThan(70L * MANY);
  }

  /** A socket in flight is in no table, and a table may be many processes'. */
  @Test
  void aSearchInVainCostsAShareAndNoMore() {
    var greedy = node.pod();
    var process = greedy.start("api");
    var inFlight = process.listen("0.0.0.0", 80, 5);
    var other = greedy.start("api");
    listen(other, 1_000);
    for (int each = 0; each < 300; each++) other.fork();
    node.kernel.process(node.own, "stranger").receive(inFlight);
    process.close(inFlight);
    var victim = node.server(5);
    node.tricky.atDescriptor = () -> node.takes(Duration.ofNanos(2_000));

    node.spec(enforce(greedy, victim.pod()));

    assertThat(victim.backlog()).isEqualTo(64);
    assertThat(node.longestStepNanos).isLessThan(Duration.ofMillis(25).toNanos());
    node.tricky.descriptorsLookedAt = 0;
    node.pass(Duration.ofSeconds(30));
    assertThat(node.tricky.descriptorsLookedAt).isLessThan(500_000);
  }

  /** As a proxy with many connections has it, which opens one listener more. */
  @Test
  void aListenerBehindSeventyThousandDescriptorsIsFoundAndRaised() {
    var pod = node.pod();
    var process = pod.start("proxy");
    process.dup(process.bind("127.0.0.1", 1), 10, 70_000);
    var socket = process.listen("0.0.0.0", 9876, 5);
    process.move(socket, 70_010);
    node.spec(enforce(pod));
    node.pass(Duration.ofMinutes(1));

    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(node.told(socket).orElseThrow().hindrance()).isNull();
  }

  /** Pids begin anew at kernel.pid_max, and the workers of a server have lower ones than it. */
  @Test
  void whoOpenedItIsTheOldestOfItsHoldersWhateverItsPid() {
    var pod = node.pod();
    node.kernel.nextPid(32_760);
    var master = pod.start("api");
    var socket = master.listen("0.0.0.0", 80, 5);
    node.pass(Duration.ofSeconds(1));
    node.kernel.nextPid(300);
    master.fork();
    master.fork();

    node.spec(enforce(pod));

    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(node.told(socket).orElseThrow().pid()).isEqualTo(master.pid());
  }

  @Test
  void andAmongThoseThatAreLeftWhenItEnds() {
    var pod = node.pod();
    node.kernel.nextPid(32_760);
    var master = pod.start("api");
    var socket = master.listen("0.0.0.0", 80, 5);
    var older = master.fork();
    node.pass(Duration.ofSeconds(1));
    node.kernel.nextPid(300);
    master.fork();
    node.spec(enforce(pod));
    master.exit();
    node.pass(Duration.ofSeconds(10));

    assertThat(node.told(socket).orElseThrow().pid()).isEqualTo(older.pid());
  }
}
