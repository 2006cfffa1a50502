package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.policy.event.EventDraft;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backlog of 0: a mistake from the beginning, a closed door later; and what somaxconn was. */
class ZeroTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Server server;

  @BeforeEach
  void aListenerOfZero() {
    node = new Node(folder);
    server = node.server(0);
  }

  @Test
  void fromTheBeginningIsRaisedAndPutBack() {
    node.spec(enforce(server));
    assertThat(server.backlog()).isEqualTo(64);
    assertThat(node.remedy(server.socket()).original()).isZero();

    node.spec();
    assertThat(server.backlog()).isZero();
  }

  @Test
  void fromTheBeginningIsToldAsAMistake() {
    node.spec(enforce(server).mode(Mode.OBSERVE));
    assertThat(node.events(node.status()))
        .filteredOn(each -> each.reason().equals(EventReasons.BACKLOG_TOO_SMALL))
        .singleElement()
        .extracting(EventDraft::note)
        .asString()
        .contains("it was 0 from the start");
  }

  @Test
  void fromTheBeginningIsOneThoughItWasRaisedInBetweenAndTheProbeRestarts() {
    node.spec(enforce(server));
    server.listen(0);
    node.sweep();
    assertThat(server.backlog()).isEqualTo(64);

    var status = node.status();
    node.restart();
    server.listen(0);
    node.spec(status, enforce(server));
    node.sweep();
    assertThat(server.backlog()).isEqualTo(64);
  }

  @Test
  void aDoorThatWasClosedStaysSoThoughTheProbeRestarts() {
    var door = node.server(5);
    node.spec(enforce(door));
    door.listen(0);
    node.sweep();
    var status = node.status();
    node.restart();
    node.spec(status, enforce(door));
    node.listing();
    assertThat(door.backlog()).isZero();
    assertThat(node.hindrance(door.socket()).reason()).isEqualTo(EventReasons.REMEDY_UNAVAILABLE);
  }

  /** Of one that was never raised only the status knows what it had. */
  @Test
  void aDoorThatWasNeverRaisedStaysClosedToo() {
    var door = node.server(128);
    node.spec(enforce(door));
    door.listen(0);
    node.sweep();
    var status = node.status();
    node.restart();
    node.spec(status, enforce(door));
    node.listing();
    assertThat(door.backlog()).isZero();
  }

  @Test
  void aStallAtOneIsTold() {
    node.stallAfterMillis = 5_000;
    node.spec(enforce(server).mode(Mode.OBSERVE));
    server.socket().connect();
    node.pass(Duration.ofSeconds(20));
    assertThat(node.told(server.socket()).orElseThrow().stall()).isNotNull();
  }

  /** nginx under somaxconn 100: after the undo it is as it was, and so is why. */
  @Test
  void whatCappedAListenerIsKnownAfterAnUndo() {
    var pod = node.pod();
    pod.namespace().somaxconn(100);
    var socket = pod.start("api").listen("0.0.0.0", 80, 511);
    node.spec(enforce(pod).minimum(256));
    assertThat(socket.backlog()).isEqualTo(256);
    node.spec(enforce(pod).minimum(256).mode(Mode.OBSERVE));
    node.listing();

    assertThat(socket.backlog()).isEqualTo(100);
    var told = node.told(socket).orElseThrow();
    assertThat(told.verdict()).isEqualTo(Verdict.UNDERSIZED_BY_SOMAXCONN);
    assertThat(told.somaxconn()).isEqualTo(100);
    assertThat(told.somaxconnAtListen()).isEqualTo(100);
  }

  /** An init container wrote another somaxconn before the server listened. */
  @Test
  void whatCapsANewbornIsReadAnew() {
    var pod = node.pod();
    var process = pod.start("api");
    node.spec(enforce(pod).minimum(256).mode(Mode.OBSERVE));
    pod.namespace().somaxconn(128);
    var socket = process.listen("0.0.0.0", 80, 511);
    node.born(process, socket);
    node.pass(Duration.ofSeconds(12));

    var told = node.told(socket).orElseThrow();
    assertThat(told.verdict()).isEqualTo(Verdict.UNDERSIZED_BY_SOMAXCONN);
    assertThat(told.somaxconn()).isEqualTo(128);
    assertThat(told.somaxconnAtListen()).isEqualTo(128);
  }
}
