package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.api.EventReasons;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.kernel.fake.FakeSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Pod pod;

  @BeforeEach
  void aNodeWithAPod() {
    node = new Node(folder);
    pod = node.pod();
    pod.namespace().somaxconn(50);
  }

  @Test
  void theJournalAloneIsEnoughToUndo() {
    var socket = pod.start("api").listen("0.0.0.0", 9876, 5);
    node.spec(enforce(pod));

    node.restart();
    node.spec();

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(pod.namespace().somaxconn()).isEqualTo(50);
  }

  @Test
  void theStatusAloneIsEnoughToUndo() throws IOException {
    var socket = pod.start("api").listen("0.0.0.0", 9876, 5);
    node.spec(enforce(pod));
    var status = node.status();
    Files.delete(folder.resolve("journal"));

    node.restart();
    node.spec(status);

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(pod.namespace().somaxconn()).isEqualTo(50);
  }

  @Test
  void aStatusOfAnotherBootIsNotBelieved() throws IOException {
    var socket = pod.start("api").listen("0.0.0.0", 9876, 5);
    node.spec(enforce(pod));
    var status = node.status();
    Files.delete(folder.resolve("journal"));
    node.kernel.bootId("00000000-0000-4000-8000-000000000002");

    node.restart();
    node.spec(status);

    assertThat(socket.backlog()).isEqualTo(64);
  }

  @Test
  void aJournalOfAnotherBootIsDiscarded() {
    var socket = pod.start("api").listen("0.0.0.0", 9876, 5);
    node.spec(enforce(pod));
    node.kernel.bootId("00000000-0000-4000-8000-000000000002");

    node.restart();
    node.spec();

    assertThat(socket.backlog()).isEqualTo(64);
  }

  @Test
  void noSpecIsNotAnEmptySpec() {
    var socket = pod.start("api").listen("0.0.0.0", 9876, 5);
    node.spec(enforce(pod));

    node.restart();
    node.pass(Duration.ofMinutes(10));

    assertThat(socket.backlog()).isEqualTo(64);
    assertThat(pod.namespace().somaxconn()).isEqualTo(64);
    assertThat(node.statuses).isEmpty();
    node.spec(enforce(pod));
    assertThat(node.remedy(socket).original()).isEqualTo(5);
  }

  @Test
  void aRestartUnderTheSameSpecChangesNothing() {
    var socket = pod.start("api").listen("0.0.0.0", 9876, 5);
    node.spec(enforce(pod));
    int relistens = node.kernel.relistens();

    node.restart();
    node.spec(enforce(pod));

    assertThat(node.kernel.relistens()).isEqualTo(relistens);
    assertThat(node.told(socket).orElseThrow().requested()).isEqualTo(5);
  }

  @Test
  void killedBetweenJournalAndActItActsAfterwards() {
    var socket = pod.start("api").listen("0.0.0.0", 9876, 5);
    node.tricky.beforeRaise =
        () -> {
          throw new TrickyKernel.Killed();
        };
    assertThatThrownBy(() -> node.spec(enforce(pod))).isInstanceOf(TrickyKernel.Killed.class);
    node.tricky.beforeRaise = () -> {};

    node.restart();
    node.spec(enforce(pod));
    assertThat(socket.backlog()).isEqualTo(64);
    node.spec();
    assertThat(socket.backlog()).isEqualTo(5);
  }

  @Test
  void killedBetweenActAndRecordItKnowsTheOriginal() {
    var socket = pod.start("api").listen("0.0.0.0", 9876, 5);
    node.tricky.afterRaise =
        () -> {
          throw new TrickyKernel.Killed();
        };
    assertThatThrownBy(() -> node.spec(enforce(pod))).isInstanceOf(TrickyKernel.Killed.class);
    assertThat(socket.backlog()).isEqualTo(64);
    node.tricky.afterRaise = () -> {};

    node.restart();
    node.spec(enforce(pod));
    assertThat(node.remedy(socket).original()).isEqualTo(5);
    node.spec();
    assertThat(socket.backlog()).isEqualTo(5);
  }

  @Test
  void killedBetweenJournalAndActNothingIsUndoneThatWasNotDone() {
    var socket = pod.start("api").listen("0.0.0.0", 9876, 5);
    node.tricky.beforeRaise =
        () -> {
          throw new TrickyKernel.Killed();
        };
    assertThatThrownBy(() -> node.spec(enforce(pod))).isInstanceOf(TrickyKernel.Killed.class);

    node.restart();
    node.spec();

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.kernel.relistens()).isZero();
    assertThat(node.status().restorations()).noneMatch(each -> each.what().equals("0.0.0.0:9876"));
  }

  @Test
  void theCauseOutlivesARestart() {
    var socket = pod.start("api").listen("0.0.0.0", 9876, 1000);
    node.spec(enforce(pod).remedies(Remedy.SYSCTL));

    node.restart();
    node.spec(enforce(pod).remedies(Remedy.SYSCTL));

    assertThat(node.told(socket).orElseThrow().verdict())
        .isEqualTo(Verdict.UNDERSIZED_BY_SOMAXCONN);
  }

  @Test
  void anOverflowThatWasToldGoesOnAsTheSameEpisode() {
    var socket = pod.start("api").listen("0.0.0.0", 9876, 1);
    node.spec(enforce(pod).minimum(null));
    for (int i = 0; i < 5; i++) socket.connect();
    node.sweep();
    var before = node.overflow(socket);
    var status = node.status();

    node.restart();
    node.spec(status, enforce(pod).minimum(null));
    assertThat(node.overflow(socket)).isEqualTo(before);
    socket.connect();
    node.sweep();
    assertThat(node.overflow(socket).since()).isEqualTo(before.since());
    assertThat(node.overflow(socket).attempts()).isEqualTo(before.attempts() + 1);

    node.pass(Duration.ofMinutes(6));
    assertThat(node.told(socket)).isEmpty();
  }

  @Test
  void sinceWhenAListenerIsTooSmallOutlivesARestart() {
    var socket = pod.start("api").listen("0.0.0.0", 9876, 5);
    node.spec(enforce(pod).mode(Mode.OBSERVE));
    node.pass(Duration.ofMinutes(3));
    var before = node.told(socket);
    var status = node.status();

    node.restart();
    node.pass(Duration.ofMinutes(1));
    node.spec(status, enforce(pod).mode(Mode.OBSERVE));

    assertThat(node.told(socket)).isEqualTo(before);
  }

  @Test
  void aContestGoesOnAfterARestart() {
    var socket = aContestThatGoesOn();
    goesOn(socket);
  }

  @Test
  void aContestGoesOnThoughTheJournalIsLost() throws IOException {
    var socket = aContestThatGoesOn();
    Files.delete(folder.resolve("journal"));
    goesOn(socket);
  }

  private FakeSocket aContestThatGoesOn() {
    var process = pod.start("api");
    var socket = process.listen("0.0.0.0", 9876, 5);
    node.spec(enforce(pod));
    node.pass(Duration.ofMinutes(3)); // it has started
    for (int tries = 0; tries < 4; tries++) {
      socket.listen(process, 5);
      node.sweep();
    }
    return socket;
  }

  private void goesOn(FakeSocket socket) {
    var before = node.hindrance(socket);
    assertThat(before.reason()).isEqualTo(EventReasons.BACKLOG_CONTESTED);
    var status = node.status();

    node.restart();
    node.spec(status, enforce(pod));
    node.pass(Duration.ofSeconds(25));

    assertThat(socket.backlog()).isEqualTo(5);
    assertThat(node.hindrance(socket)).isEqualTo(before);
    node.pass(Duration.ofSeconds(10));
    assertThat(socket.backlog()).isEqualTo(64);
  }

  /** What was put back, and the status that would have told of it was never written. */
  @Test
  void aStatusThatIsOlderThanAnUndoBringsNothingBack() {
    var server = node.server(5);
    server.namespace().somaxconn(50);
    node.spec(enforce(server));
    var old = node.status();
    node.spec();
    assertThat(server.backlog()).isEqualTo(5);
    server.namespace().somaxconn(64);
    server.listen(64); // just what both had been raised to, and its own
    node.restart();
    node.spec(old);
    node.listing();

    assertThat(server.backlog()).isEqualTo(64);
    assertThat(server.namespace().somaxconn()).isEqualTo(64);
    assertThat(node.remembered()).isZero();
  }

  /** It is put back by what was kept of the spec, before the API server answers. */
  @Test
  void norDoesOneThatIsReadAfterIt() {
    var server = node.server(5);
    node.spec(enforce(server));
    var old = node.status();
    node.restart();
    node.keptSpec();
    assertThat(server.backlog()).isEqualTo(5);
    server.listen(64);
    node.spec(old);
    node.listing();

    assertThat(server.backlog()).isEqualTo(64);
    assertThat(node.remembered()).isZero();
  }

  @Test
  void aStatusStillStandsInForAJournalThatIsLost() throws IOException {
    var server = node.server(5);
    node.spec(enforce(server));
    var status = node.status();
    Files.delete(folder.resolve("journal"));
    node.restart();
    node.spec(status);
    node.listing();

    assertThat(server.backlog()).isEqualTo(5);
  }
}
