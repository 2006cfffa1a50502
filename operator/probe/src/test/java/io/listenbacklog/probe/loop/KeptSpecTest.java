package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A spec that an earlier probe had kept may be of last week. */
class KeptSpecTest {
  private final Node node;

  KeptSpecTest(@TempDir Path folder) {
    node = new Node(folder);
  }

  @Test
  void whatItAsksForIsNotRaisedBeforeTheApiHasAnswered() {
    var server = node.server(5);
    server.namespace().somaxconn(32);

    node.keptSpec(enforce(server).somaxconn(256));
    node.pass(Duration.ofSeconds(50));

    assertThat(server.backlog()).isEqualTo(5);
    assertThat(server.namespace().somaxconn()).isEqualTo(32);
    node.spec(enforce(server));
    assertThat(server.backlog()).isEqualTo(64);
  }

  @Test
  void aBirthIsNotRaisedEither() {
    var pod = node.pod();
    var process = pod.start("api");
    node.keptSpec(enforce(pod));
    var born = process.listen("0.0.0.0", 80, 5);
    node.born(process, born);

    assertThat(born.backlog()).isEqualTo(5);
  }

  @Test
  void whereTheApiIsAwayForAMinuteItHolds() {
    var server = node.server(5);
    node.keptSpec(enforce(server));

    node.pass(Duration.ofSeconds(65));

    assertThat(server.backlog()).isEqualTo(64);
  }

  @Test
  void whatIsRaisedIsKept() {
    var server = node.server(5);
    node.spec(enforce(server));
    node.restart();

    node.keptSpec(enforce(server));
    node.pass(Duration.ofSeconds(10));

    assertThat(server.backlog()).isEqualTo(64);
    assertThat(node.remembered()).isEqualTo(1);
  }

  @Test
  void whatItDoesNotAskForIsPutBack() {
    var server = node.server(5);
    node.spec(enforce(server));
    node.restart();

    node.keptSpec();

    assertThat(server.backlog()).isEqualTo(5);
  }
}
