package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Mode;
import io.listenbacklog.kernel.fake.FakeSocket;
import io.listenbacklog.kernel.socket.ListenerTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's dumps miss a live listener now and then: nothing is forgotten for that. */
class MissedListenerTest {
  private final Node node;

  MissedListenerTest(@TempDir Path folder) {
    node = new Node(folder);
  }

  private void miss(FakeSocket socket) {
    node.tricky.missed = each -> each.inode() == socket.inode();
  }

  private void missNothing() {
    node.tricky.missed = _ -> false;
  }

  @Test
  void whatASweepMissesIsStillPutBack() {
    var server = node.server(5);
    node.spec(enforce(server));
    assertThat(server.backlog()).isEqualTo(64);

    miss(server.socket());
    node.sweep();
    missNothing();
    node.sweep();
    node.spec();

    assertThat(server.backlog()).isEqualTo(5);
  }

  @Test
  void whatTheFirstListingOfAReplacedProbeMissesIsStillPutBack() {
    var server = node.server(5);
    node.spec(enforce(server));
    node.restart();

    miss(server.socket());
    node.spec(enforce(server));
    missNothing();
    node.sweep();

    assertThat(node.remedy(server.socket()).original()).isEqualTo(5);
    node.spec();
    assertThat(server.backlog()).isEqualTo(5);
  }

  /** One dump in three lacks one of the group, another one each time. */
  @Test
  void aGroupThatComesAndGoesIsPutBackAsAWhole() {
    var pod = node.pod();
    var process = pod.start("api");
    var group = new ArrayList<FakeSocket>();
    for (int member = 0; member < 20; member++) group.add(process.listen("0.0.0.0", 80, 5));
    node.spec(enforce(pod));
    var dumps = new int[1];
    node.tricky.missed =
        each ->
            dumps[0]++ % 60 < 20 && each.inode() == group.get(dumps[0] / 60 % group.size()).inode();
    for (int sweep = 0; sweep < 40; sweep++) node.sweep();
    node.tricky.missed = _ -> false;

    node.spec();

    assertThat(group).extracting(FakeSocket::backlog).containsOnly(5);
  }

  @Test
  void whatIsGoneIsForgotten() {
    var server = node.server(5);
    node.spec(enforce(server));
    server.process().close(server.socket());

    for (int sweep = 0; sweep < 4; sweep++) node.sweep();

    assertThat(node.status().listeners()).isEmpty();
    assertThat(node.remembered()).isZero();
  }

  /** Of a busy group a look-up may miss one, whether it was raised or not. */
  @Test
  void whatOneLookUpMissesIsAskedForOnceMore() {
    var server = node.server(5);
    node.spec(enforce(server).mode(Mode.OBSERVE));
    node.pass(Duration.ofSeconds(3));
    assertThat(node.told(server.socket())).isPresent();
    var looks = new int[1];
    node.tricky.missed = each -> each.inode() == server.socket().inode() && looks[0]++ == 0;

    node.sweep();

    assertThat(looks[0]).isPositive();
    assertThat(node.told(server.socket())).isPresent();
  }

  /** Each dump walks the listeners of the whole node. */
  @Test
  void thousandsThatAreClosedAtOnceAreAskedForOnceAndDumpedAFewTimes() {
    var pod = node.pod();
    var process = pod.start("api");
    var closing = new ArrayList<FakeSocket>();
    for (int port = 1_000; port < 4_000; port++) closing.add(process.listen("0.0.0.0", port, 5));
    node.spec(enforce(pod));
    assertThat(closing).extracting(FakeSocket::backlog).containsOnly(64);
    closing.forEach(process::close);
    int dumps = pod.namespace().listenerDumps();
    int lookUps = pod.namespace().lookUps();

    for (int sweep = 0; sweep < 4; sweep++) node.sweep();

    assertThat(node.remembered()).isZero();
    assertThat(pod.namespace().listenerDumps() - dumps).isLessThanOrEqualTo(4);
    assertThat(pod.namespace().lookUps() - lookUps).isEqualTo(closing.size());
  }

  @Test
  void whatADumpThatWasCutDidNotShowIsStillPutBack() {
    var pod = node.pod();
    var process = pod.start("api");
    var raised = new ArrayList<FakeSocket>();
    for (int port = 40_000; port < 40_100; port++) raised.add(process.listen("0.0.0.0", port, 5));
    node.spec(enforce(pod));
    for (int each = 0; each < ListenerTable.MOST; each++) process.listen("127.0.0.1", 80, 64);
    node.tricky.missed = each -> each.id().port() >= 40_000;

    for (int sweep = 0; sweep < 3; sweep++) node.sweep();
    missNothing();
    assertThat(node.remembered()).isGreaterThanOrEqualTo(raised.size() - 8);
    node.listing();
    node.spec();

    assertThat(raised.stream().filter(each -> each.backlog() == 5).count())
        .isGreaterThanOrEqualTo(raised.size() - 8);
  }
}
