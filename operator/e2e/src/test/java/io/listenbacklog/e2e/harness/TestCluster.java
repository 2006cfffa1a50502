package io.listenbacklog.e2e.harness;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The two-node Kubernetes of the tests, {@code lboe2e}, with the operator installed. It lives in
 * the user's cache and one JVM uses it at a time: a second one waits, and logs that it waits.
 *
 * <p>With {@code -De2e.context=NAME} it is a cluster of the user's kubeconfig instead, and what
 * needs the nodes of the other is skipped: see {@link NeedsTestNodes}.
 */
public final class TestCluster implements AutoCloseable {
  public static final String NAME = "lboe2e";

  /** Where the chart is installed, and the name of its release. */
  public static final String OPERATOR_NAMESPACE = "listen-backlog-system";

  public static final String RELEASE = "listen-backlog-operator";

  /**
   * The image of the tests' pods: Python's standard library, a shell, iproute2 and coreutils;
   * {@code -De2e.python} names another where this one cannot be loaded on the nodes.
   */
  public static final String PYTHON =
      UsersCluster.property("e2e.python").orElse("localhost/listen-backlog-python:1");

  private static final String NET = "10.215";
  private static final Path HOME = cache().resolve("listen-backlog-e2e");

  private static final Optional<UsersCluster> USERS = UsersCluster.ofProperties();

  /**
   * Label of the operator's namespace where the tests, which change and remove it, installed it.
   */
  private static final String MARK = "listenbacklog.io/e2e=true";

  /** Where {@code cluster build} put the programs; null: not asked yet. */
  private static @Nullable Path built;

  private final FileLock lock;
  private final KubernetesClient client;
  private final Set<TestImage> imagesLoaded = new HashSet<>();
  private boolean operatorLoaded;

  private TestCluster(FileLock lock, KubernetesClient client) {
    this.lock = lock;
    this.client = client;
  }

  /** The root of the source tree. */
  public static Path sources() {
    for (var dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
      if (Files.isExecutable(dir.resolve("examples/cluster/cluster"))) {
        return dir;
      }
    }
    throw new AssertionError("not in the source tree: " + Path.of("").toAbsolutePath());
  }

  /** Why no cluster can run here; empty if one can. */
  static Optional<String> missing() {
    if (USERS.isPresent()) return USERS.get().missing();
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.of("the test cluster needs Linux");
    }
    if (!Command.of("id", "-u").succeed().strip().equals("0")) {
      return Optional.of(
          "the test cluster needs root: it makes network namespaces, mounts and cgroups");
    }
    var builder =
        Command.of(
            "sh",
            "-c",
            "PATH=$PATH:/usr/local/go/bin; command -v go || command -v apt-get || ls -d \"$0\"/*/kube",
            cache().resolve("listen-backlog-cluster/bin").toString());
    return builder.run().succeeded()
        ? Optional.empty()
        : Optional.of("the test cluster needs Go, or apt-get to install it, to build Kubernetes");
  }

  /**
   * Skips the test if it runs on a cluster of the user's.
   *
   * @param why what it needs the nodes for, such as "kills kube-apiserver"
   */
  static void needNodes(String why) {
    onlyTestNodes(why).ifPresent(Assumptions::abort);
  }

  /** Whether the nodes are network namespaces of this machine, their processes visible here. */
  public static boolean hasTestNodes() {
    return USERS.isEmpty();
  }

  /** Why tests that need the test cluster's own nodes cannot run; empty if they can. */
  static Optional<String> onlyTestNodes(String why) {
    return USERS.map(
        users ->
            "-De2e.context=%s, but this needs the test cluster's own nodes: it %s"
                .formatted(users.context(), why));
  }

  static TestCluster start() {
    try {
      Files.createDirectories(folder());
      var lock = lock(folder().resolve("e2e.lock"));
      if (USERS.isPresent()) {
        USERS.get().writeKubeconfig(kubeconfigFile());
        return new TestCluster(lock, clientOf(kubeconfigFile()));
      }
      cluster("up", "--nodes", "2").within(Duration.ofMinutes(60)).succeed();
      var python = HOME.resolve("python.tar");
      if (!Files.exists(python)) {
        cluster(
                "image",
                PYTHON,
                python.toString(),
                "[\"python3\"]",
                "python3-minimal",
                "libpython3-stdlib",
                "iproute2",
                "coreutils",
                "dash")
            .within(Duration.ofMinutes(10))
            .succeed();
      }
      cluster("load", python.toString()).within(Duration.ofMinutes(5)).succeed();
      return new TestCluster(lock, clientOf(kubeconfigFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KubernetesClient clientOf(Path kubeconfig) {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
        .build();
  }

  private static Path folder() {
    return USERS.isPresent() ? HOME.resolve("context") : HOME;
  }

  private static Path kubeconfigFile() {
    return folder().resolve("kubeconfig");
  }

  /** A verb of {@code examples/cluster/cluster} for the test cluster. */
  public static Command cluster(String... words) {
    needNodes("calls cluster " + words[0]);
    return script(words);
  }

  private static Command script(String... words) {
    return Command.of(sources().resolve("examples/cluster/cluster").toString())
        .and(List.of(words))
        .with("CLUSTER_NAME", NAME)
        .with("CLUSTER_NET", NET)
        .with("CLUSTER_HOME", HOME.toString())
        .with("KUBECONFIG", kubeconfigFile().toString())
        .showing();
  }

  /** The output of kubectl; fails the test if kubectl fails. */
  public String kubectl(String... words) {
    return kubectlCommand(words).succeed();
  }

  public Command kubectlCommand(String... words) {
    var kubectl =
        USERS.isPresent()
            ? Command.of("kubectl").with("KUBECONFIG", kubeconfigFile().toString())
            : script("kubectl");
    return quiet(kubectl.and(List.of(words)));
  }

  /** {@code kubectl backlog}, found and run by kubectl as a user does it. */
  public Command plugin(String... words) {
    return kubectlCommand("backlog")
        .and(List.of(words))
        .with("PATH", sources().resolve("operator/cli") + ":" + System.getenv("PATH"))
        .with("JAVA_HOME", System.getProperty("java.home"));
  }

  public Command helm(String... words) {
    return quiet(
        script("helm")
            .and(List.of(words))
            .and(USERS.map(users -> List.of("--kube-context", users.context())).orElse(List.of())));
  }

  /** Arguments of {@code helm} that make the chart use the image under test. */
  public List<String> imageValues() {
    return USERS.map(UsersCluster::imageValues).orElse(List.of());
  }

  /** Loads an image on every node; builds it the first time on this machine. */
  public void load(TestImage image) {
    needNodes("puts the image " + image.name() + " on them");
    if (!imagesLoaded.add(image)) return;
    var file = HOME.resolve(image.file());
    if (!Files.exists(file)) {
      cluster("image", image.name(), file.toString(), "[\"sh\"]")
          .and(image.packages())
          .within(Duration.ofMinutes(10))
          .succeed();
    }
    cluster("load", file.toString()).within(Duration.ofMinutes(5)).succeed();
  }

  /** The chart's folder. */
  public static Path chart() {
    return sources().resolve("helm/listen-backlog-operator");
  }

  /** The operator's image as a tar, made by {@code operator/image}. */
  public static Path operatorImage() {
    return sources().resolve("operator/image/target/listen-backlog-operator.tar");
  }

  /**
   * Installs the chart, or resets it to the harness's values, and waits until all of its pods are
   * ready.
   */
  public void installOperator() {
    installOperator(List.of());
  }

  /**
   * The same with other values than the chart's.
   *
   * @param values as {@code --set} takes them
   */
  public void installOperator(List<String> values) {
    if (!operatorLoaded) {
      boolean installed =
          helm("status", RELEASE, "--namespace", OPERATOR_NAMESPACE).run().succeeded();
      if (USERS.isPresent()) {
        markNamespace(installed);
      } else {
        cluster("load", operatorImage().toString()).within(Duration.ofMinutes(5)).succeed();
      }
      if (installed) renewOperator();
      operatorLoaded = true;
    }
    helm(
            "upgrade",
            "--install",
            RELEASE,
            chart().toString(),
            "--namespace",
            OPERATOR_NAMESPACE,
            "--create-namespace",
            "--reset-values",
            "--wait",
            "--timeout",
            "3m")
        .and(imageValues())
        .and(values.stream().map("--set="::concat).toList())
        .within(Duration.ofMinutes(4))
        .succeed();
  }

  /** Refuses an installation that is not ours: we would change its values, and then remove it. */
  private void markNamespace(boolean installed) {
    if (installed && !hasMark()) {
      throw new AssertionError(
          "%s is installed in %s already, and not by these tests, which change and remove it: uninstall it first, or use another cluster"
              .formatted(RELEASE, OPERATOR_NAMESPACE));
    }
    kubectlCommand("create", "namespace", OPERATOR_NAMESPACE).run();
    kubectl(
        "label",
        "--overwrite",
        "namespace",
        OPERATOR_NAMESPACE,
        MARK,
        "pod-security.kubernetes.io/enforce=privileged");
  }

  private boolean hasMark() {
    return !kubectl("get", "namespaces", "--selector", MARK, "--output", "name").isBlank();
  }

  /**
   * Refreshes what Helm leaves unchanged in a cluster that was kept: the CRDs, and an image of the
   * same name.
   */
  private void renewOperator() {
    kubectl(
        "apply", "--server-side", "--force-conflicts", "-f", sources().resolve("crds").toString());
    kubectl("delete", "pods", "--all", "--namespace", OPERATOR_NAMESPACE);
  }

  /** The operator's pods of a component, {@code controller} or {@code probe}, by node. */
  public Map<String, Pod> operator(String component) {
    return client
        .pods()
        .inNamespace(OPERATOR_NAMESPACE)
        .withLabel("app.kubernetes.io/component", component)
        .list()
        .getItems()
        .stream()
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .collect(Collectors.toMap(p -> p.getSpec().getNodeName(), p -> p, (one, other) -> one));
  }

  /** The value of a metric without labels, from the probe of a node. */
  public long probeMetric(String node, String metric) {
    var probe = Objects.requireNonNull(operator("probe").get(node), node).getMetadata().getName();
    var text =
        kubectl(
            "get",
            "--raw",
            "/api/v1/namespaces/" + OPERATOR_NAMESPACE + "/pods/" + probe + ":8080/proxy/metrics");
    return text.lines()
        .filter(line -> line.startsWith(metric + " "))
        .map(line -> Long.valueOf(line.substring(metric.length() + 1).strip()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + metric + " in\n" + text));
  }

  /** How many sweeps the probe of a node has made since it started. */
  public long sweeps(String node) {
    return probeMetric(node, "listenbacklog_probe_sweeps_total");
  }

  /** Deletes the controller's pods, and waits until their replacements are ready. */
  public void replaceController() {
    kubectl(
        "delete", "pods", "-n", OPERATOR_NAMESPACE, "-l", "app.kubernetes.io/component=controller");
    awaitOperator();
  }

  /**
   * Kills the probe of a node as the kernel would, and waits until the kubelet has restarted it.
   */
  public void killProbe(String node) {
    needNodes("kills the probe from its node");
    var probe = Objects.requireNonNull(operator("probe").get(node), node);
    var pod =
        new TestPod(
            new TestNamespace(this, OPERATOR_NAMESPACE),
            probe.getMetadata().getName(),
            probe.getMetadata().getUid(),
            node);
    Command.of("kill", "-KILL", pod.processes().getLast().toString()).succeed();
    int before = restarts(probe);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> restarts(Objects.requireNonNull(operator("probe").get(node))) > before);
    awaitOperator();
  }

  private static int restarts(Pod pod) {
    return pod.getStatus().getContainerStatuses().getFirst().getRestartCount();
  }

  /** Waits until all of the operator's pods are ready. */
  public void awaitOperator() {
    for (var each : List.of("deployment", "daemonset")) {
      kubectl(
          "rollout",
          "status",
          each,
          "-n",
          OPERATOR_NAMESPACE,
          "-l",
          "app.kubernetes.io/name=listen-backlog-operator",
          "--timeout=90s");
    }
  }

  /** The context of this cluster in {@link #kubeconfig}. */
  public String context() {
    return kubectl("config", "current-context").strip();
  }

  /** A folder with a kubectl in it, for programs that look for one on PATH. */
  public static synchronized Path binaries() {
    if (USERS.isPresent()) {
      var kubectl = Path.of(Command.of("sh", "-c", "command -v kubectl").succeed().strip());
      return Objects.requireNonNull(kubectl.getParent(), kubectl.toString());
    }
    if (built == null) built = Path.of(script("build").succeed().strip());
    return built;
  }

  public Path kubeconfig() {
    return kubeconfigFile();
  }

  /** The pid of one of the cluster's own processes on node-1, such as {@code kube-apiserver}. */
  public long process(String process) {
    needNodes("looks for the process " + process);
    try {
      return Long.parseLong(
          Files.readString(HOME.resolve("run/node-1").resolve(process + ".pid")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A client with all rights. */
  public KubernetesClient client() {
    return client;
  }

  /** Prints what helps to understand a failed test. */
  String picture() {
    var text = new StringBuilder();
    for (var question :
        List.of(
            List.of("get", "pods", "-A", "-o", "wide"),
            List.of("get", "backlogpolicies,clusterbacklogpolicies", "-A", "-o", "yaml"),
            List.of("get", "nodebacklogs", "-o", "yaml"),
            List.of("get", "events.events.k8s.io", "-A", "--sort-by=.metadata.creationTimestamp"),
            List.of(
                "describe",
                "pods",
                "-n",
                OPERATOR_NAMESPACE,
                "-l",
                "app.kubernetes.io/name=listen-backlog-operator"),
            List.of(
                "logs",
                "-n",
                OPERATOR_NAMESPACE,
                "-l",
                "app.kubernetes.io/name=listen-backlog-operator",
                "--prefix",
                "--tail=200"))) {
      text.append("---- kubectl ").append(String.join(" ", question)).append('\n');
      text.append(kubectlCommand(question.toArray(String[]::new)).run().text());
    }
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    client.close();
    if (USERS.isPresent()) {
      if (!Boolean.getBoolean("e2e.keep")) removeOperator();
      Files.deleteIfExists(kubeconfigFile());
    } else if (!Boolean.getBoolean("e2e.keep")) {
      // With it goes what hundreds of pods left behind.
      cluster("down").within(Duration.ofMinutes(10)).succeed();
    }
    lock.acquiredBy().close();
  }

  /** The custom resource definitions stay, as Helm leaves them. */
  private void removeOperator() {
    if (!hasMark()) return;
    helm(
            "uninstall",
            RELEASE,
            "--namespace",
            OPERATOR_NAMESPACE,
            "--ignore-not-found",
            "--wait",
            "--timeout",
            "3m")
        .within(Duration.ofMinutes(4))
        .succeed();
    kubectl("delete", "namespace", OPERATOR_NAMESPACE);
  }

  private static Command quiet(Command command) {
    return new Command(
        command.words(), command.environment(), command.input(), command.limit(), false);
  }

  private static FileLock lock(Path file) throws IOException {
    @SuppressWarnings(
        "resource") // the lock ends with the channel, and that is closed with the cluster
    var channel = new RandomAccessFile(file.toFile(), "rw").getChannel();
    var lock = channel.tryLock();
    if (lock != null) {
      return lock;
    }
    System.err.println(
        "another run of these tests has the cluster (" + file + "): waiting for its end");
    return channel.lock();
  }

  private static Path cache() {
    var xdg = System.getenv("XDG_CACHE_HOME");
    return xdg == null || xdg.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".cache")
        : Path.of(xdg);
  }
}
