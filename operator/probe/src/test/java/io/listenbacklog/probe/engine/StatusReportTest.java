package io.listenbacklog.probe.engine;

import static io.listenbacklog.probe.engine.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.probe.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusReportTest {
  /** What etcd refuses an object of (--max-request-bytes). */
  private static final int ETCD_BYTES = 1_572_864;

  @TempDir private Path folder;
  private Node node;

  @BeforeEach
  void start() {
    node = new Node(folder);
  }

  @Test
  void aPodWithFiveThousandListenersFitsIntoAnObject() throws IOException {
    var pod = node.pod();
    var process = pod.start("api");
    for (int port = 1; port <= 5_000; port++) process.listen("::ffff:10.255.255.254", port, 5);

    node.spec(enforce(pod));

    assertThat(node.status().listeners()).hasSize(StatusReport.MOST_LISTENERS);
    var counts = node.status().policies().getFirst().listeners();
    assertThat(counts.total()).isEqualTo(5_000);
    assertThat(counts.remedied()).isEqualTo(5_000);
    assertThat(Json.mapper().writeValueAsBytes(node.status())).hasSizeLessThan(ETCD_BYTES);
  }

  @Test
  void remediedListenersAreToldBeforeTheWidestGaps() {
    var raised = node.pod();
    var observed = node.pod();
    var socket = raised.start("api").listen("0.0.0.0", 9876, 5);
    var many = observed.start("api");
    var worst = many.listen("0.0.0.0", 2_000, 1);
    for (int port = 1; port <= 1_500; port++) many.listen("0.0.0.0", port, 60);

    node.spec(enforce(raised), enforce(observed).mode(Mode.OBSERVE).policy("look"));

    assertThat(node.status().listeners()).hasSize(StatusReport.MOST_LISTENERS);
    assertThat(node.told(socket)).isPresent();
    assertThat(node.told(worst)).isPresent();
  }

  @Test
  void aPolicyWithoutRunningPodsIsTold() {
    var pod = node.pod();

    node.spec(enforce(pod));

    var policy = node.status().policies().getFirst();
    assertThat(policy.pods()).isZero();
    assertThat(policy.listeners().total()).isZero();
  }

  @Test
  void twoReportsOfTheSameAreTheSame() {
    var pod = node.pod();
    var process = pod.start("api");
    for (int port = 100; port > 0; port--) process.listen("0.0.0.0", port, 5);
    node.spec(enforce(pod));
    var before = node.status();

    node.restart();
    node.spec(enforce(pod));

    assertThat(node.status().listeners().stream().map(NodeListener::address).toList())
        .isEqualTo(before.listeners().stream().map(NodeListener::address).toList());
  }
}
