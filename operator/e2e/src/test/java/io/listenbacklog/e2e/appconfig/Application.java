package io.listenbacklog.e2e.appconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.listenbacklog.api.AppConfigStatus;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.awaitility.core.ThrowingRunnable;

/**
 * A Deployment of two pods, and a BacklogPolicy of the same name: a Python server that asks for the
 * backlog that the variable OPTIONS names, and for 5 where it names none.
 */
record Application(TestCluster cluster, TestNamespace namespace, String name) {
  /** Asks for 64 by OPTIONS, without waiting for anything but the operator's own care. */
  static final String POLICY =
      """
      {mode: Enforce, minimum: 64, selector: {matchLabels: {policy: %s}}, remedies: [Sysctl, Relisten, AppConfig],
       appConfig: [{env: {name: OPTIONS, value: "--backlog=$(backlog)"}}],
       rollout: {observeFor: 0s}}
      """;

  static final String WRITTEN = "--backlog=64";

  /** What an application does with a backlog that it was told. */
  enum Habit {
    OBEDIENT(""),
    /** Like gunicorn's worker for aiohttp. */
    DEAF("found = None"),
    CRASHING("if found: sys.exit(1)"),
    NEVER_READY("ready = not found"),
    /** Each twenty seconds. */
    RESTARTING("if found: threading.Timer(20, lambda: os._exit(0)).start()");

    private final String line;

    Habit(String line) {
      this.line = line;
    }
  }

  /** What creates or applies it. */
  String manifest(Habit habit) {
    return manifest(habit, name, "");
  }

  /**
   * The same.
   *
   * @param policy whose it is: of the policy that selects its pods
   * @param metadata more lines of it, such as {@code annotations: {…}}; may be empty
   */
  String manifest(Habit habit, String policy, String metadata) {
    String program =
        """
        import os, re, socket, sys, threading
        found, ready = re.search("--backlog=([0-9]+)", os.environ.get("OPTIONS", "")), True
        %s
        server = socket.create_server(("0.0.0.0", 8080), backlog=int(found[1]) if found else 5)
        if ready: open("/tmp/ready", "w").close()
        while True:
            server.accept()[0].close()
        """
            .formatted(habit.line);
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: %1$s
      %4$s
    spec:
      replicas: 2
      progressDeadlineSeconds: 30
      selector: {matchLabels: {app: %1$s}}
      template:
        metadata: {labels: {app: %1$s, policy: %2$s}}
        spec:
          terminationGracePeriodSeconds: 0
          containers:
          - name: main
            image: %3$s
            command: [python3, -u, -c]
            readinessProbe: {exec: {command: [test, -e, /tmp/ready]}, periodSeconds: 1}
            args:
            - |
    %5$s
    """
        .formatted(name, policy, TestCluster.PYTHON, metadata, program.indent(10));
  }

  /** As {@code kubectl create} does, which leaves nobody who would write it again. */
  Application create(Habit habit) {
    return create(manifest(habit));
  }

  Application create(String manifest) {
    namespace.kubectlCommand("create", "-f", "-").reading(manifest).succeed();
    return this;
  }

  /** Applies the policy of its name, with other text where it differs. */
  Application policy(String what, String instead) {
    String spec = POLICY.formatted(name);
    assertThat(spec).contains(what);
    namespace.policy(name, spec.replace(what, instead));
    return this;
  }

  Application policy() {
    return policy("mode: Enforce", "mode: Enforce");
  }

  List<TestPod> pods() {
    return namespace.pods("app=" + name, 2);
  }

  /** As the API server has it. */
  Deployment live() {
    return Objects.requireNonNull(
        cluster.client().apps().deployments().inNamespace(namespace.name()).withName(name).get(),
        name);
  }

  /** How often its pod template was another: 1 is as it was made. */
  long revision() {
    return Long.parseLong(
        live().getMetadata().getAnnotations().get("deployment.kubernetes.io/revision"));
  }

  /** The container's environment as the pod template has it. */
  Map<String, String> environment() {
    return live().getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv().stream()
        .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
  }

  /** Whether the operator has left anything on the object: a mark, or a field it calls its own. */
  boolean isMarked() {
    var metadata = live().getMetadata();
    return metadata.getAnnotations().keySet().stream().anyMatch(Application::isOurs)
        || metadata.getLabels().keySet().stream().anyMatch(Application::isOurs)
        || metadata.getManagedFields().stream().anyMatch(each -> isOurs(each.getManager()));
  }

  private static boolean isOurs(String name) {
    return name.contains("listenbacklog.io");
  }

  /** What the policy of its name says of it first. */
  Optional<AppConfigStatus> said() {
    return said(name);
  }

  /** What another policy says of it. */
  Optional<AppConfigStatus> said(String policy) {
    var found =
        cluster
            .client()
            .resources(BacklogPolicy.class)
            .inNamespace(namespace.name())
            .withName(policy)
            .get();
    return found == null || found.getStatus() == null
        ? Optional.empty()
        : found.getStatus().appConfig().stream()
            .filter(each -> each.workload().equals("Deployment/" + name))
            .findFirst();
  }

  /** Phase and reason, such as {@code APPLIED Native}; empty: nothing is said. */
  String phase() {
    return phase(name);
  }

  String phase(String policy) {
    return said(policy).map(each -> each.phase() + " " + each.reason()).orElse("");
  }

  void awaitPhase(String phase) {
    patiently(() -> assertThat(phase()).as(name).startsWith(phase));
  }

  /** Notes of the operator's Events about it, of one reason. */
  List<String> notes(String reason) {
    return cluster
        .client()
        .events()
        .v1()
        .events()
        .inNamespace(namespace.name())
        .list()
        .getItems()
        .stream()
        .filter(each -> "listenbacklog.io".equals(each.getReportingController()))
        .filter(each -> reason.equals(each.getReason()))
        .filter(each -> name.equals(each.getRegarding().getName()))
        .map(Event::getNote)
        .toList();
  }

  /** All its pods ask for it by themselves, and none was raised. */
  void assertNative(int backlog) {
    for (var pod : pods()) {
      assertThat(pod.backlogs(8080)).as(pod.name()).containsExactly(backlog);
      assertThat(namespace.reasons(pod)).as(pod.name()).doesNotContain("BacklogRaised");
    }
  }

  /** Rollouts, half a minute of looking, and a pass each ten seconds. */
  static void patiently(ThrowingRunnable assertion) {
    await()
        .atMost(Duration.ofMinutes(4))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(assertion);
  }
}
