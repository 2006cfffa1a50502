package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttributionTest {
  @TempDir private Path folder;
  private Node node;
  private Node.Server server;

  @BeforeEach
  void aListener() {
    node = new Node(folder);
    var pod = node.pod();
    var process = pod.start("server");
    server = new Node.Server(pod, process, process.listen("0.0.0.0", 9876, 5));
    node.spec(enforce(server));
    node.sweep();
  }

  @Test
  void aProcessThatBecameAnotherProgramIsNamedAsThatOne() {
    assertThat(told()).isEqualTo("server, some-server");

    server.process().exec("python3", "python3", "serve.py");
    node.pass(Duration.ofMinutes(1));

    assertThat(told()).isEqualTo("python3, null");
    assertThat(server.backlog()).isEqualTo(64);
  }

  @Test
  void oneThatOnlyCallsItselfOtherwiseStaysWhatItIs() {
    server.process().isCalled("worker");
    node.pass(Duration.ofMinutes(1));

    assertThat(told()).isEqualTo("server, some-server");
  }

  private String told() {
    var told = node.told(server.socket()).orElseThrow();
    return told.process() + ", " + told.application();
  }
}
