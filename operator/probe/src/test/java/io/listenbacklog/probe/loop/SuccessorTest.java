package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.policy.event.EventDraft;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is back at its address before a sweep has seen that it was gone. */
class SuccessorTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Server server;

  @BeforeEach
  void aRaisedListener() {
    node = new Node(folder);
    server = node.server(5);
    node.spec(enforce(server));
    node.listing();
  }

  private List<EventDraft> raised() {
    return node.events(node.status()).stream()
        .filter(each -> each.reason().equals(EventReasons.BACKLOG_RAISED))
        .toList();
  }

  /** As one more of its series: the same at the same address is one Event for an hour. */
  private void isSaidTwice() {
    assertThat(raised()).hasSize(1);
    assertThat(Objects.requireNonNull(raised().getFirst().series()).count()).isEqualTo(2);
  }

  private void isToldAlone(String address) {
    assertThat(node.statuses)
        .allSatisfy(
            status ->
                assertThat(status.listeners())
                    .extracting(NodeListener::address)
                    .filteredOn(address::equals)
                    .hasSizeLessThanOrEqualTo(1));
  }

  @Test
  void ofAContainerThatRestarts_isToldToo() {
    server.process().exit();
    node.pass(Duration.ofMillis(300));
    var process = server.pod().start("api");
    var successor = process.listen("0.0.0.0", 9876, 5);
    node.born(process, successor);
    node.pass(Duration.ofMillis(300));

    assertThat(successor.backlog()).isEqualTo(64);
    isToldAlone("0.0.0.0:9876");
    isSaidTwice();
    node.listing();
    isSaidTwice();
  }

  @Test
  void ofAServerThatOpensItsListenerAgain_isToldToo() {
    server.process().close(server.socket());
    var successor = server.process().listen("0.0.0.0", 9876, 5);
    node.born(server.process(), successor);
    node.pass(Duration.ofMillis(300));

    isToldAlone("0.0.0.0:9876");
    isSaidTwice();
  }

  @Test
  void whereBirthsAreNotTold_standsAloneToo() {
    node.birthsFail();
    server.process().exit();
    var process = server.pod().start("api");
    process.listen("0.0.0.0", 9876, 5);
    node.listing();

    isToldAlone("0.0.0.0:9876");
    isSaidTwice();
  }

  /** nginx with reuseport: a member that is there is no predecessor. */
  @Test
  void aMemberOfTheSameGroupStays() {
    var second = server.process().listen("0.0.0.0", 9876, 5);
    node.born(server.process(), second);
    node.pass(Duration.ofMillis(300));

    assertThat(node.told(server.socket())).isPresent();
    assertThat(node.told(second)).isPresent();
    assertThat(node.events(node.status()))
        .filteredOn(each -> each.reason().equals(EventReasons.BACKLOG_RAISED))
        .extracting(EventDraft::what)
        .containsExactly("0.0.0.0:9876");
  }

  /** A dump may miss what is there, while other sockets come and go. */
  @Test
  void whatADumpMissesIsNotForgotten() {
    var other = server.process().listen("127.0.0.1", 9876, 5);
    node.born(server.process(), other);
    server.namespace().hideFromDumps(server.socket());
    var third = server.process().listen("127.0.0.2", 9876, 5);
    node.born(server.process(), third);
    node.pass(Duration.ofMillis(300));

    assertThat(node.told(server.socket())).isPresent();
    assertThat(node.told(third)).isPresent();
  }

  @Test
  void theSameAddressOfAnotherPodIsNotItsPredecessor() {
    var other = node.server(5);
    node.spec(enforce(server.pod(), other.pod()));
    server.process().close(server.socket());
    var successor = server.process().listen("0.0.0.0", 9876, 5);
    node.born(server.process(), successor);
    node.pass(Duration.ofMillis(300));

    assertThat(node.told(other.socket())).isPresent();
    assertThat(node.told(successor)).isPresent();
    assertThat(node.status().listeners()).hasSize(2);
  }
}
