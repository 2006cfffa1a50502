package io.listenbacklog.e2e.remedy;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.e2e.harness.Command;
import io.listenbacklog.e2e.harness.NeedsTestNodes;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job, as a user starts it: {@code examples/octavia/run}. */
@OnTestCluster
class OctaviaRunIT {
  private static final Path RUN = TestCluster.sources().resolve("examples/octavia/run");

  @Test
  @NeedsTestNodes("starts a cluster on this machine")
  void theStoryRunsOnAClusterOfItsOwnAndLeavesNothingRunning(@TempDir Path home) {
    var result = own(home).within(Duration.ofMinutes(15)).showing().run();

    assertThat(result.exit()).as(result.text()).isZero();
    assertThat(result.output()).contains("All of it was checked");
    assertThat(Command.of("ip", "-br", "link").succeed()).doesNotContain("lbostory");
    assertThat(Command.of("ls", "/run/netns").succeed()).doesNotContain("lbostory");
  }

  @Test
  @NeedsTestNodes("locks the cluster of this machine")
  void aSecondRunBesideAFirstIsRefused(@TempDir Path home) {
    var beside =
        Command.of("flock", home.resolve("octavia.lock").toString()).and(own(home).words());

    var result = beside.with("CLUSTER_HOME", home.toString()).run();

    assertThat(result.exit()).isNotZero();
    assertThat(result.errors()).contains("another examples/octavia/run is at work");
  }

  @Test
  void theStoryRunsOnTheUsersOwnClusterAndRemovesWhatItMade(TestCluster cluster) {
    var result =
        onContext(cluster, "--namespace", "octavia-story").within(Duration.ofMinutes(5)).run();

    assertThat(result.exit()).as(result.text()).isZero();
    TestNamespace.eventually(
        () ->
            assertThat(
                    cluster.kubectl(
                        "get", "namespace", "octavia-story", "--ignore-not-found", "-o", "name"))
                .isEmpty());
    cluster.awaitOperator(); // it was installed before, so it stays
  }

  @Test
  void aNamespaceThatIsNotTheExamplesIsLeftAlone(TestCluster cluster, TestNamespace namespace) {
    var result = onContext(cluster, "--namespace", namespace.name()).run();

    assertThat(result.exit()).isNotZero();
    assertThat(result.errors()).contains(namespace.name(), "--namespace NAME");
    assertThat(namespace.kubectl("get", "serviceaccount", "default", "-o", "name")).isNotEmpty();
  }

  private static Command own(Path home) {
    return Command.of(RUN.toString())
        .with("CLUSTER_NAME", "lbostory")
        .with("CLUSTER_NET", "10.231")
        .with("CLUSTER_HOME", home.toString());
  }

  private static Command onContext(TestCluster cluster, String... more) {
    return Command.of(
            RUN.toString(),
            "--context",
            cluster.context(),
            "--python-image",
            TestCluster.PYTHON,
            "--client-image",
            TestCluster.PYTHON)
        .and(List.of(more))
        .with("KUBECONFIG", cluster.kubeconfig().toString())
        .with("PATH", TestCluster.binaries() + ":" + System.getenv("PATH"));
  }
}
