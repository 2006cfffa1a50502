package io.listenbacklog.probe.loop;

import static io.listenbacklog.probe.loop.Node.enforce;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.probe.json.JsonSize;
import io.listenbacklog.probe.report.StatusBuilder;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One pod whose listeners come and go all the time. */
class FlappingTest {
  @TempDir private Path folder;

  @Test
  void aThousandListenersOfWhichOneFlapsAreASmallStatus() {
    var node = new Node(folder);
    var pod = node.pod();
    var process = pod.start("proxy");
    for (int port = 1_001; port <= 2_000; port++) process.listen("127.0.0.1", port, 5);
    node.spec(enforce(pod));

    for (int i = 0; i < 50; i++) {
      var flapping = process.listen("127.0.0.1", 100, 1);
      node.born(process, flapping);
      node.pass(Duration.ofMillis(100));
      process.close(flapping);
    }

    assertThat(node.statuses).hasSizeGreaterThan(10);
    assertThat(node.statuses)
        .allSatisfy(
            each ->
                assertThat(JsonSize.of(each))
                    .isLessThan(StatusBuilder.LISTENER_BYTES_OF_POD + 5_000));
  }
}
