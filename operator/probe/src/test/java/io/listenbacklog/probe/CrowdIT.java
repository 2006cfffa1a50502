package io.listenbacklog.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.kernel.linux.LibC;
import io.listenbacklog.kernel.testing.Inhabitant;
import io.listenbacklog.kernel.testing.Need;
import io.listenbacklog.kernel.testing.Needs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process with thousands of listeners, beside a pod with one. */
@Needs({Need.ROOT, Need.PYTHON, Need.UNSHARE, Need.TRACEFS, Need.INITIAL_PID_NAMESPACE})
class CrowdIT {
  private static final int MANY = 9_000;

  /** Of a machine that has time; others build and test on this one meanwhile. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path journal;

  @Test
  void allAreRaisedAndPutBackWhileAnotherPodsBirthIsServed() throws Exception {
    String crowd = UUID.randomUUID().toString();
    String other = UUID.randomUUID().toString();
    try (var node = new HandMadeNode(new LibC(), journal);
        var many = node.settle(crowd);
        var one = node.settle(other)) {
      var sockets = new ArrayList<Inhabitant.Socket>();
      for (int port = 1; port <= MANY; port++)
        sockets.add(many.listen("0.0.0.0", 20_000 + port, 5));
      var first = sockets.getFirst();
      var last = sockets.getLast();
      long birthMillis;
      try (var probe = node.start(node.kernel(), Duration.ofSeconds(2))) {
        long begun = System.nanoTime();
        var cpu = cpuTime();
        node.api().spec(enforce(crowd, other));
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> probe.tally().backlogsRaised.get() > MANY / 10);
        long birth = System.nanoTime();
        var born = one.listen("0.0.0.0", 80, 5);
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(2))
            .until(() -> node.look(one, born).backlog() == 64);
        birthMillis = (System.nanoTime() - birth) / 1_000_000;
        long raisedThen = probe.tally().backlogsRaised.get();
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> probe.tally().backlogsRaised.get() == MANY + 1);
        System.out.printf(
            "crowd: %d raised in %d ms (%s of CPU time), another's birth after %d ms, when %d were%n",
            MANY,
            (System.nanoTime() - begun) / 1_000_000,
            cpuTime().minus(cpu),
            birthMillis,
            raisedThen);
        // Of what this JVM did in all: each raise costs the same, however many there are.
        assertThat(cpuTime().minus(cpu)).isLessThan(Duration.ofSeconds(15));
        assertThat(node.look(many, first).backlog()).isEqualTo(64);
        assertThat(node.look(many, last).backlog()).isEqualTo(64);
      }
      try (var replaced = node.start(node.kernel(), Duration.ofSeconds(2))) {
        long begun = System.nanoTime();
        node.api().spec(new NodeBacklogSpec(List.of()));
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> replaced.tally().restored.get() == MANY + 1);
        System.out.printf(
            "crowd: all put back by a replaced probe in %d ms%n",
            (System.nanoTime() - begun) / 1_000_000);
        assertThat(node.look(many, first).backlog()).isEqualTo(5);
        assertThat(node.look(many, last).backlog()).isEqualTo(5);
      }
      assertThat(birthMillis).isLessThan(1_000);
    }
  }

  private static Duration cpuTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
  }

  private static NodeBacklogSpec enforce(String... uids) {
    return new NodeBacklogSpec(List.of(HandMadeNode.enforce(64, null, List.of(uids))));
  }
}
