package io.listenbacklog.controller.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.listenbacklog.controller.ControllerMain;
import io.listenbacklog.controller.ImageFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the controller takes for many pods: a process of its own, with the options it has in the
 * image, against a {@link BigCluster}. The full size: {@code -Dscale.pods=150000
 * -Dscale.nodes=5000}.
 */
class ScaleIT {
  private static final int PODS = Integer.getInteger("scale.pods", 20_000);
  private static final int NODES = Integer.getInteger("scale.nodes", 667);
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final long LIMIT_MIB = 512;

  @TempDir private Path folder = Path.of("");

  @Test
  void aWholeClusterFitsAndOnePolicyReachesAllOfIt() throws Exception {
    try (var cluster = new BigCluster(NODES, PODS)) {
      cluster.putPolicy(1, 64);
      Process controller = start(cluster);
      try {
        Duration filled = time(() -> cluster.nodesAt(1) == NODES, controller);
        int firstWrites = cluster.writes();
        Duration ownBefore = cpu(controller.toHandle());
        Duration serverBefore = cpu(ProcessHandle.current());

        cluster.putPolicy(2, 128);
        Duration settled = time(() -> cluster.nodesAt(2) == NODES, controller);

        Duration own = cpu(controller.toHandle()).minus(ownBefore);
        Duration server = cpu(ProcessHandle.current()).minus(serverBefore);
        long peakMib = peakMemoryMib(controller);
        System.out.printf(
            Locale.ROOT,
            "scale: %,d pods on %,d nodes: read and written in %.1f s (%,d writes), a policy change in %.1f s (%,d"
                + " writes; CPU time of the controller %.1f s, of the API server in memory %.1f s, on %d"
                + " cores), peak RSS %d MiB%n",
            PODS,
            NODES,
            filled.toMillis() / 1e3,
            firstWrites,
            settled.toMillis() / 1e3,
            cluster.writes() - firstWrites,
            own.toMillis() / 1e3,
            server.toMillis() / 1e3,
            Runtime.getRuntime().availableProcessors(),
            peakMib);
        assertThat(peakMib).as("peak RSS in MiB").isLessThanOrEqualTo(LIMIT_MIB);
        assertThat(firstWrites).as("one write a node").isEqualTo(NODES);
        assertThat(cluster.writes()).as("one more write a node").isEqualTo(2 * NODES);
      } finally {
        controller.destroy();
        controller.waitFor(10, TimeUnit.SECONDS);
        controller.destroyForcibly();
      }
    }
  }

  /** What a process has spent so far, the kernel's part of it too. */
  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElseThrow();
  }

  private static Duration time(Callable<Boolean> until, Process controller) {
    long started = System.nanoTime();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .failFast("the controller ended", () -> !controller.isAlive())
        .until(until);
    return Duration.ofNanos(System.nanoTime() - started);
  }

  private Process start(BigCluster cluster) throws IOException {
    Path kubeconfig = folder.resolve("kubeconfig");
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: big, cluster: {server: "http://127.0.0.1:%d"}}]
        contexts: [{name: big, context: {cluster: big, user: nobody}}]
        users: [{name: nobody, user: {}}]
        current-context: big
        """
            .formatted(cluster.port()));
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ImageFlags.of("controller"));
    assertThat(command).contains("-XX:MaxRAMPercentage=50");
    command.add("-XX:MaxRAM=" + LIMIT_MIB + "m"); // what the JVM finds as the container's limit
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), ControllerMain.class.getName()));
    var builder = new ProcessBuilder(command);
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("POD_NAMESPACE", BigCluster.NAMESPACE);
    builder.environment().put("POD_NAME", "controller-1");
    builder.environment().put("HTTP_PORT", "0");
    builder.environment().put("HEALTH_PORT", "0");
    Path log = Files.createDirectories(Path.of("target")).resolve("scale.log");
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** What the kernel says was the most that the process had in memory. */
  private static long peakMemoryMib(Process process) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
      String line = lines.filter(each -> each.startsWith("VmHWM:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
    }
  }
}
