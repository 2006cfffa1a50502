package io.listenbacklog.e2e.tenants;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.Programs;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An accident: applying the rendered chart also creates the uninstall Job. */
@OnTestCluster
class RenderedChartIT {
  private static final String JOB = TestCluster.RELEASE + "-uninstall";

  @AfterEach
  void removeWhatOnlyHelmShouldMake(TestCluster cluster) {
    for (String kind : List.of("job", "serviceaccount", "role", "rolebinding")) {
      operator(cluster, "delete", kind, JOB, "--ignore-not-found");
    }
    cluster.kubectl("delete", "clusterrole,clusterrolebinding", JOB, "--ignore-not-found");
  }

  @Test
  void itUninstallsNothing(TestCluster cluster, TestNamespace namespace) {
    var pod = namespace.python("web", "", Programs.listen(8080));
    namespace.fulfilledPolicy("web", "{mode: Enforce, minimum: 64}");

    apply(cluster, render(cluster, "--set=controller.replicas=1"));

    finished(cluster);
    assertThat(operator(cluster, "logs", "job/" + JOB))
        .contains("does nothing: this Job was not made by a helm uninstall", "kubectl");
    assertThat(
            operator(cluster, "get", "deployments", "--output=jsonpath={.items[*].spec.replicas}"))
        .isEqualTo("1");
    assertThat(cluster.kubectl("get", "nodebacklogs", "--output=name")).hasLineCount(2);
    assertThat(pod.backlogs(8080)).containsExactly(64);
    cluster.awaitOperator();
    var next = namespace.python("next", "", Programs.listen(8081));
    eventually(() -> assertThat(next.backlogs(8081)).containsExactly(64));
  }

  /**
   * The same Job created by hand, to remove the operator without Helm, as in docs/operations.md.
   */
  @Test
  void whoMeansItUninstallsByHand(TestCluster cluster, TestNamespace namespace) {
    var pod = namespace.python("web", "", Programs.listen(8080));
    namespace.fulfilledPolicy("web", "{mode: Enforce, minimum: 64}");
    String job =
        render(
            cluster,
            "--set=uninstall.onlyByHelm=false",
            "--show-only=templates/uninstall/rbac.yaml",
            "--show-only=templates/uninstall/job.yaml");

    apply(cluster, job);

    finished(cluster);
    assertThat(pod.backlogs(8080)).containsExactly(5);
    assertThat(cluster.kubectl("get", "nodebacklogs", "--output=name")).isEmpty();
    cluster.installOperator();
    eventually(() -> assertThat(pod.backlogs(8080)).containsExactly(64));
  }

  private static void finished(TestCluster cluster) {
    operator(cluster, "wait", "--for=condition=Complete", "--timeout=100s", "job/" + JOB);
  }

  private static String render(TestCluster cluster, String... more) {
    return cluster
        .helm("template", TestCluster.RELEASE, TestCluster.chart().toString())
        .and(List.of("--namespace", TestCluster.OPERATOR_NAMESPACE, "--skip-tests"))
        .and(cluster.imageValues())
        .and(List.of(more))
        .succeed();
  }

  private static void apply(TestCluster cluster, String yaml) {
    cluster
        .kubectlCommand("apply", "--filename", "-")
        .reading(yaml)
        .within(Duration.ofMinutes(2))
        .succeed();
  }

  private static String operator(TestCluster cluster, String... words) {
    return cluster
        .kubectlCommand("--namespace", TestCluster.OPERATOR_NAMESPACE)
        .and(List.of(words))
        .succeed();
  }
}
