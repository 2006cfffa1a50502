package io.listenbacklog.e2e.chart;

import static io.listenbacklog.e2e.harness.TestNamespace.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.Programs;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import io.listenbacklog.e2e.harness.TestPod;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the chart's limits clamp what namespaces ask for. */
@OnTestCluster
class LimitsIT {
  @AfterEach
  void bringBack(TestCluster cluster) {
    cluster.installOperator();
  }

  @Test
  void annotationsThatMayOnlyObserveLeadToNoRemedy(TestCluster cluster, TestNamespace namespace) {
    cluster.installOperator(List.of("limits.annotations=Observe", "limits.maxBacklog=128"));
    var alone = pod(namespace, "alone", "mode: Enforce", "minimum: '256'");
    namespace.policy(
        "web", "{mode: Enforce, minimum: 64, selector: {matchLabels: {app: governed}}}");
    var governed = pod(namespace, "governed", "minimum: '256'");

    // The policy may enforce, and the annotation may say how much, up to the limit.
    eventually(() -> assertThat(governed.backlogs(8080)).containsExactly(128));
    clamped(namespace, governed, "minimum 256 (128 holds)", "limits.maxBacklog");
    clamped(
        namespace,
        alone,
        "mode Enforce (Observe holds)",
        "minimum 256 (128 holds)",
        "limits.annotations: Observe");
    eventually(() -> assertThat(namespace.reasons(alone)).contains("BacklogTooSmall"));
    assertThat(alone.backlogs(8080)).containsExactly(5);
  }

  @Test
  void annotationsThatDoNotCountChangeNothing(TestCluster cluster, TestNamespace namespace) {
    cluster.installOperator(List.of("limits.annotations=Ignore"));
    var alone = pod(namespace, "alone", "mode: Enforce", "minimum: '256'");
    namespace.policy(
        "web", "{mode: Enforce, minimum: 64, selector: {matchLabels: {app: governed}}}");
    var governed = pod(namespace, "governed", "minimum: '256'", "ports: 8080=exempt");

    eventually(() -> assertThat(governed.backlogs(8080)).containsExactly(64));
    for (var each : List.of(governed, alone)) {
      clamped(namespace, each, "do not count", "limits.annotations: Ignore");
    }
    assertThat(alone.backlogs(8080)).containsExactly(5);
    assertThat(namespace.reasons(alone)).containsOnly("RequirementClamped");
  }

  /** A pod that listens with 5 on port 8080, with annotations of ours. */
  private static TestPod pod(TestNamespace namespace, String name, String... annotations) {
    var keys = List.of(annotations).stream().map("listenbacklog.io/"::concat).toList();
    return namespace.python(
        name, "annotations: {%s}".formatted(String.join(", ", keys)), Programs.listen(8080));
  }

  private static void clamped(TestNamespace namespace, TestPod pod, String... words) {
    eventually(
        () ->
            assertThat(namespace.events(pod))
                .filteredOn(event -> event.getReason().equals("RequirementClamped"))
                .singleElement()
                .satisfies(event -> assertThat(event.getNote()).contains(words)));
  }
}
