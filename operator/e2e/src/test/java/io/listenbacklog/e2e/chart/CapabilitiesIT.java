package io.listenbacklog.e2e.chart;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.NeedsTestNodes;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What fails in a probe that lacks one of its capabilities: each is there for a reason. */
@OnTestCluster
@NeedsTestNodes("changes kernel settings of node-1")
class CapabilitiesIT {
  private static final List<String> ALL =
      List.of("SYS_ADMIN", "SYS_PTRACE", "SYSLOG", "DAC_READ_SEARCH");

  private static final String RESTRICTED = "/proc/sys/kernel/dmesg_restrict";

  @BeforeEach
  void letAllProbesBeReplacedAtOnce(TestCluster cluster) {
    patch(cluster, "/spec/updateStrategy/rollingUpdate/maxUnavailable", "\"100%\"");
  }

  @AfterEach
  void giveBack(TestCluster cluster) {
    patchCapabilities(cluster, ALL);
    patch(cluster, "/spec/updateStrategy/rollingUpdate/maxUnavailable", "\"10%\"");
    cluster.installOperator();
  }

  @Test
  void withoutSysAdminItNeitherSeesBirthsNorEntersPods(
      TestCluster cluster, TestNamespace namespace) {
    without(cluster, "SYS_ADMIN");
    TestPod pod = listens(namespace, "as-root", 0);

    eventually(
        () ->
            assertThat(capabilities(cluster, pod.node()))
                .contains("Births=False", "mount(tracefs, ", "Sysctl=False", "setns(", "EPERM"));
    eventually(
        () -> assertThat(cluster.kubectl(listenerCounts(pod))).contains("\"unobservable\":1"));
    assertThat(pod.backlogs(9876)).containsExactly(5);
  }

  @Test
  void withoutSysPtraceItDoesNotStart(TestCluster cluster) {
    without(cluster, "SYS_PTRACE");

    eventually(
        () ->
            assertThat(
                    cluster
                        .kubectlCommand("logs", "--namespace", TestCluster.OPERATOR_NAMESPACE)
                        .and(List.of("--selector=app.kubernetes.io/component=probe", "--tail=-1"))
                        .run()
                        .output())
                .contains("cannot start", "the node's network namespace cannot be found"));
  }

  @Test
  void withoutSyslogItSaysThatItCannotReadTheKernelsLog(
      TestCluster cluster, TestNamespace namespace) {
    TestPod pod = listens(namespace, "as-root", 0);
    eventually(() -> assertThat(capabilities(cluster, pod.node())).contains("KernelLog=True"));

    without(cluster, "SYSLOG");

    // Until Linux 6.10 SYS_ADMIN will do too, and where dmesg_restrict is 0 none is needed.
    boolean restricted =
        Command.of("cat", RESTRICTED).succeed().strip().equals("1")
            && !System.getProperty("os.version").matches("([1-5]|6\\.(\\d|10))\\..*");
    eventually(
        () ->
            assertThat(capabilities(cluster, pod.node()))
                .contains("Births=True", "Relisten=True")
                .contains(
                    restricted
                        ? List.of("KernelLog=False", "syslog(action 10): EPERM (1)")
                        : List.of("KernelLog=True")));
    eventually(() -> assertThat(pod.backlogs(9876)).containsExactly(64));
  }

  @Test
  void withoutDacReadSearchItCannotHelpProcessesOfOtherUsers(
      TestCluster cluster, TestNamespace namespace) {
    without(cluster, "DAC_READ_SEARCH");
    TestPod root = listens(namespace, "as-root", 0);
    TestPod other = listens(namespace, "as-other", 1000);

    eventually(() -> assertThat(root.backlogs(9876)).containsExactly(64));
    eventually(
        () -> assertThat(cluster.kubectl(listenerCounts(other))).contains("\"undersized\":1"));
    assertThat(other.backlogs(9876)).containsExactly(5);
  }

  /** Drops one from all probes, and waits until none has it any more. */
  private static void without(TestCluster cluster, String capability) {
    var rest = new ArrayList<>(ALL);
    rest.remove(capability);
    patchCapabilities(cluster, rest);
    eventually(
        () ->
            assertThat(probes(cluster))
                .hasSize(2)
                .allMatch(
                    probe ->
                        probe
                            .getSpec()
                            .getContainers()
                            .getFirst()
                            .getSecurityContext()
                            .getCapabilities()
                            .getAdd()
                            .equals(rest)));
  }

  private static void patchCapabilities(TestCluster cluster, List<String> capabilities) {
    patch(
        cluster,
        "/spec/template/spec/containers/0/securityContext/capabilities/add",
        "[\"" + String.join("\",\"", capabilities) + "\"]");
  }

  private static void patch(TestCluster cluster, String path, String value) {
    cluster.kubectl(
        "patch",
        "daemonset",
        TestCluster.RELEASE + "-probe",
        "--namespace",
        TestCluster.OPERATOR_NAMESPACE,
        "--type=json",
        "--patch=[{\"op\":\"replace\",\"path\":\"" + path + "\",\"value\":" + value + "}]");
  }

  private static List<Pod> probes(TestCluster cluster) {
    return cluster
        .client()
        .pods()
        .inNamespace(TestCluster.OPERATOR_NAMESPACE)
        .withLabel("app.kubernetes.io/component", "probe")
        .list()
        .getItems();
  }

  /** A pod on node-1 that asks for 5 and is to have 64. */
  private static TestPod listens(TestNamespace namespace, String name, int user) {
    namespace.apply(
        """
        apiVersion: listenbacklog.io/v1alpha1
        kind: BacklogPolicy
        metadata: {name: all}
        spec: {mode: Enforce, minimum: 64}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          nodeName: node-1
          terminationGracePeriodSeconds: 0
          securityContext: {runAsUser: %d}
          containers:
          - name: main
            image: %s
            command: [python3, -u, -c]
            args:
            - |
              import socket, threading
              server = socket.create_server(("0.0.0.0", 9876), backlog=5)
              threading.Event().wait()
        """
            .formatted(name, user, TestCluster.PYTHON));
    return namespace.pod(name);
  }

  private static String capabilities(TestCluster cluster, String node) {
    return cluster.kubectl(
        "get",
        "nodebacklog",
        node,
        "--output=jsonpath={range .status.capabilities[*]}{.type}={.status} {.message}{\"\\n\"}{end}");
  }

  /** The counts of the probe of a pod's node, one policy per line. */
  private static String[] listenerCounts(TestPod pod) {
    return new String[] {
      "get",
      "nodebacklog",
      pod.node(),
      "--output=jsonpath={range .status.policies[?(@.policy.namespace==\""
          + pod.namespace().name()
          + "\")]}{.listeners}{\"\\n\"}{end}"
    };
  }
}
