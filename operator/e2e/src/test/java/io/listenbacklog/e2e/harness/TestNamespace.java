package io.listenbacklog.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.core.ThrowingRunnable;

/** A Kubernetes namespace for one test, deleted after it. */
public final class TestNamespace implements AutoCloseable {
  private final TestCluster cluster;
  private final String name;

  TestNamespace(TestCluster cluster, String name) {
    this.cluster = cluster;
    this.name = name;
  }

  /** Creates one; the caller closes it. A test method can take one as a parameter. */
  public static TestNamespace create(TestCluster cluster) {
    var name = "test-" + Integer.toString(ThreadLocalRandom.current().nextInt(1 << 24), 36);
    cluster.kubectl("create", "namespace", name);
    var namespace = new TestNamespace(cluster, name);
    // Pods are refused until it exists, and after an outage of the API server that takes a while.
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> namespace.kubectl("get", "serviceaccount", "default"));
    return namespace;
  }

  public String name() {
    return name;
  }

  /** The output of kubectl in this namespace; fails the test if kubectl fails. */
  public String kubectl(String... words) {
    return kubectlCommand(words).succeed();
  }

  public Command kubectlCommand(String... words) {
    return cluster.kubectlCommand("--namespace", name).and(List.of(words));
  }

  /** Applies YAML as a user does. */
  public void apply(String yaml) {
    kubectlCommand("apply", "-f", "-").reading(yaml).succeed();
  }

  /**
   * A pod that runs a Python program on a node of the cluster's choice.
   *
   * @param more lines for its metadata, such as {@code annotations: {…}}; may be empty
   */
  public TestPod python(String pod, String more, String program) {
    apply(
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          labels: {app: %s}
          %s
        spec:
          terminationGracePeriodSeconds: 0
          containers:
          - name: main
            image: %s
            command: [python3, -u, -c]
            args:
            - |
        %s
        """
            .formatted(pod, pod, more, TestCluster.PYTHON, program.indent(6)));
    return pod(pod);
  }

  /**
   * Applies a BacklogPolicy.
   *
   * @param spec such as {@code {mode: Enforce, minimum: 64}}
   */
  public void policy(String policy, String spec) {
    apply(
        """
        apiVersion: listenbacklog.io/v1alpha1
        kind: BacklogPolicy
        metadata: {name: %s}
        spec: %s
        """
            .formatted(policy, spec));
  }

  /** Applies a BacklogPolicy, and waits until it is Compliant. */
  public void fulfilledPolicy(String policy, String spec) {
    policy(policy, spec);
    awaitCondition(policy, "Compliant", "True");
  }

  /**
   * Applies a ClusterBacklogPolicy for this namespace alone, and named like it: it may ask for more
   * than {@code limits.maxBacklog}. The caller deletes it.
   *
   * @param spec such as {@code mode: Enforce, minimum: 8192}
   */
  public void clusterPolicy(String spec) {
    apply(
        """
        apiVersion: listenbacklog.io/v1alpha1
        kind: ClusterBacklogPolicy
        metadata: {name: %s}
        spec: {%s, namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}}
        """
            .formatted(name, spec, name));
  }

  /** Waits until the condition has the status, for the current generation of the policy. */
  public void awaitCondition(String policy, String type, String status) {
    awaitCondition("backlogpolicy", policy, type, status);
  }

  /** The same for the policy that {@link #clusterPolicy} applied. */
  public void awaitClusterCondition(String type, String status) {
    awaitCondition("clusterbacklogpolicy", name, type, status);
  }

  private void awaitCondition(String kind, String policy, String type, String status) {
    eventually(
        () ->
            assertThat(
                    kubectl(
                        "get",
                        kind,
                        policy,
                        "-o",
                        "jsonpath={.metadata.generation} {range .status.conditions[?(@.type==\""
                            + type
                            + "\")]}{.observedGeneration} {.status} {.reason} {.message}{end}"))
                .matches("(?s)(\\d+) \\1 " + status + " .*"));
  }

  /** The pod of that name once it runs. */
  public TestPod pod(String pod) {
    kubectlCommand("wait", "--for=condition=Ready", "--timeout=180s", "pod/" + pod)
        .within(Duration.ofMinutes(4))
        .succeed();
    return TestPod.of(
        this,
        Objects.requireNonNull(cluster.client().pods().inNamespace(name).withName(pod).get(), pod));
  }

  /** The pods with a label, once that many exist and all are running. */
  public List<TestPod> pods(String label, int count) {
    eventually(
        () ->
            assertThat(list(label))
                .hasSize(count)
                .allMatch(p -> p.getMetadata().getDeletionTimestamp() == null)
                .allMatch(
                    p ->
                        p.getStatus().getConditions().stream()
                            .anyMatch(
                                c -> c.getType().equals("Ready") && c.getStatus().equals("True"))));
    return list(label).stream().map(p -> TestPod.of(this, p)).toList();
  }

  private List<Pod> list(String label) {
    var parts = label.split("=", 2);
    return cluster
        .client()
        .pods()
        .inNamespace(name)
        .withLabel(parts[0], parts[1])
        .list()
        .getItems();
  }

  /** Events of the operator about a pod, oldest first. */
  public List<Event> events(TestPod pod) {
    return cluster.client().events().v1().events().inNamespace(name).list().getItems().stream()
        .filter(e -> pod.uid().equals(e.getRegarding().getUid()))
        .filter(e -> "listenbacklog.io".equals(e.getReportingController()))
        .toList();
  }

  /**
   * Name, reason and version of each of the operator's Events about a pod: repeating an Event
   * changes one of them.
   */
  public List<String> eventVersions(TestPod pod) {
    return events(pod).stream()
        .map(
            e ->
                e.getMetadata().getName()
                    + " "
                    + e.getReason()
                    + " "
                    + e.getMetadata().getResourceVersion())
        .sorted()
        .toList();
  }

  /** Reasons of the operator's Events about a pod. */
  public List<String> reasons(TestPod pod) {
    return events(pod).stream().map(Event::getReason).toList();
  }

  /** Status, reason and message of a BacklogPolicy's condition; empty if it has none. */
  public String condition(String policy, String type) {
    return kubectl(
        "get",
        "backlogpolicy",
        policy,
        "-o",
        "jsonpath={range .status.conditions[?(@.type==\""
            + type
            + "\")]}{.status} {.reason} {.message}{end}");
  }

  /** Waits at most 30 s until the assertion holds. */
  public static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(assertion);
  }

  @Override
  public void close() {
    kubectlCommand("delete", "backlogpolicies", "--all", "--ignore-not-found").run();
    cluster.kubectl("delete", "namespace", name, "--wait=false");
  }
}
