package io.listenbacklog.probe.engine;

import static io.listenbacklog.probe.engine.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.listenbacklog.api.Remedy;
import io.listenbacklog.api.Verdict;
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
          throw new Killed();
        };
    assertThatThrownBy(() -> node.spec(enforce(pod))).isInstanceOf(Killed.class);
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
          throw new Killed();
        };
    assertThatThrownBy(() -> node.spec(enforce(pod))).isInstanceOf(Killed.class);
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
          throw new Killed();
        };
    assertThatThrownBy(() -> node.spec(enforce(pod))).isInstanceOf(Killed.class);

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

  /** What kill -9 looks like from inside. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }
}
