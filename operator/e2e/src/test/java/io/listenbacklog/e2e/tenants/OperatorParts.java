package io.listenbacklog.e2e.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The operator's pods as they were before a tenant did its worst: afterwards none may have been
 * replaced or restarted; and how much memory each took meanwhile.
 */
final class OperatorParts {
  private static final List<String> COMPONENTS = List.of("controller", "probe");

  private final TestCluster cluster;
  private final TestNamespace namespace;
  private final Map<String, Integer> before;

  private OperatorParts(TestCluster cluster, TestNamespace namespace, Map<String, Integer> before) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.before = before;
  }

  /**
   * Takes them as they are now; their peak of memory is measured from now on.
   *
   * @param namespace any
   */
  static OperatorParts now(TestCluster cluster, TestNamespace namespace) {
    cluster.awaitOperator();
    var parts = new OperatorParts(cluster, namespace, restarts(cluster));
    for (String component : COMPONENTS) {
      for (Pod each : cluster.operator(component).values()) parts.forgetPeak(each);
    }
    return parts;
  }

  /** Fails if a part has restarted since, or was replaced. */
  void assertNoneRestarted() {
    assertThat(restarts(cluster)).as("restarts of the operator's pods").isEqualTo(before);
  }

  /** Peak of resident memory of a part since then, in KiB: that of its largest pod. */
  long peakKiB(String component) {
    return cluster.operator(component).values().stream()
        .mapToLong(each -> status(java(each), "VmHWM:"))
        .max()
        .orElseThrow();
  }

  /** The containers' restarts, by pod. */
  private static Map<String, Integer> restarts(TestCluster cluster) {
    var restarts = new TreeMap<String, Integer>();
    for (String component : COMPONENTS) {
      for (Pod each : cluster.operator(component).values()) {
        restarts.put(
            each.getMetadata().getName(),
            each.getStatus().getContainerStatuses().getFirst().getRestartCount());
      }
    }
    return restarts;
  }

  /** The JVM of a pod: its largest process. */
  private int java(Pod pod) {
    var meta = pod.getMetadata();
    var processes =
        new TestPod(namespace, meta.getName(), meta.getUid(), pod.getSpec().getNodeName())
            .processes();
    return processes.stream()
        .max((one, other) -> Long.compare(status(one, "VmRSS:"), status(other, "VmRSS:")))
        .orElseThrow();
  }

  private void forgetPeak(Pod pod) {
    try {
      // proc(5): 5 resets VmHWM to the current value.
      Files.writeString(Path.of("/proc/" + java(pod) + "/clear_refs"), "5");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long status(int pid, String field) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith(field))
          .map(line -> Long.valueOf(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0L);
    } catch (IOException e) {
      return 0; // it has exited since
    }
  }
}
