package io.listenbacklog.e2e.appconfig;

import static io.listenbacklog.e2e.appconfig.Application.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.listenbacklog.e2e.appconfig.Application.Habit;
import io.listenbacklog.e2e.harness.OnTestCluster;
import io.listenbacklog.e2e.harness.TestCluster;
import io.listenbacklog.e2e.harness.TestNamespace;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The operator may change workloads where the chart says so, and nowhere else. */
@OnTestCluster
class GrantIT {
  private static final String DEPLOYMENTS = "deployments.apps";
  private static final String ROLLOUTS = "rollouts.argoproj.io";

  private static final String ROLE = TestCluster.RELEASE + "-app-config";

  @Test
  void unlessTheChartGrantsItNothingIsAllowedAndAllElseWorks(
      TestCluster cluster, TestNamespace namespace) {
    cluster.installOperator();
    assertThat(roles(cluster)).isEmpty();
    for (String each : List.of(DEPLOYMENTS, "statefulsets.apps", "daemonsets.apps", ROLLOUTS)) {
      assertThat(may(cluster, "patch", each, namespace)).as(each).isFalse();
    }
    assertThat(may(cluster, "create", "configmaps", namespace)).isFalse();
    assertThat(may(cluster, "get", "configmaps", namespace)).isFalse();

    assertOnlyRaised(cluster, namespace, "appConfig.enabled");
  }

  @Test
  void theGrantOfOneNamespaceEndsThere(TestCluster cluster, TestNamespace namespace) {
    cluster.installOperator(
        List.of("appConfig.enabled=true", "appConfig.namespaces={" + namespace.name() + "}"));
    try (var other = TestNamespace.create(cluster)) {
      assertThat(roles(cluster))
          .containsExactlyInAnyOrder("Role " + namespace.name(), "RoleBinding " + namespace.name());
      assertThat(may(cluster, "patch", DEPLOYMENTS, namespace)).isTrue();
      assertThat(may(cluster, "patch", DEPLOYMENTS, other)).isFalse();
      assertThat(may(cluster, "patch", ROLLOUTS, namespace)).isTrue();
      assertThat(may(cluster, "delete", ROLLOUTS, namespace)).isFalse();
      assertThat(may(cluster, "patch", ROLLOUTS, other)).isFalse();
      var app = new Application(cluster, namespace, "web").create(Habit.OBEDIENT).policy();

      assertOnlyRaised(cluster, other, "appConfig.namespaces");

      app.awaitPhase("APPLIED Native");
    }
  }

  @Test
  void aRightThatIsMissingIsNamed(TestCluster cluster, TestNamespace namespace) {
    cluster.installOperator(List.of("appConfig.enabled=true"));
    assertThat(roles(cluster)).containsExactlyInAnyOrder("ClusterRole ", "ClusterRoleBinding ");
    cluster.kubectl("delete", "clusterrolebinding", ROLE);
    cluster.replaceController();

    assertOnlyRaised(cluster, namespace, "patch deployments");
    assertThat(namespace.condition("web", "Accepted"))
        .contains("create configmaps", "in namespace " + namespace.name());
  }

  /** What is missing is said, nothing is written, and the listeners are raised all the same. */
  private static void assertOnlyRaised(
      TestCluster cluster, TestNamespace namespace, String missing) {
    var app = new Application(cluster, namespace, "web").create(Habit.OBEDIENT).policy();
    patiently(
        () ->
            assertThat(namespace.condition("web", "Accepted"))
                .startsWith("True ")
                .contains(missing, "All else holds"));
    assertThat(namespace.condition("web", "Configured")).startsWith("Unknown AppConfigNotGranted");
    patiently(
        () ->
            assertThat(app.pods())
                .allSatisfy(each -> assertThat(each.backlogs(8080)).containsExactly(64)));
    assertThat(app.revision()).isEqualTo(1);
    assertThat(app.isMarked()).isFalse();
  }

  /** The chart's roles and bindings for this, each with its namespace. */
  private static List<String> roles(TestCluster cluster) {
    return cluster
        .kubectl(
            "get",
            "clusterroles,clusterrolebindings,roles,rolebindings",
            "-A",
            "-o",
            "jsonpath={range .items[?(@.metadata.name==\""
                + ROLE
                + "\")]}{.kind} {.metadata.namespace}{\"\\n\"}{end}")
        .lines()
        .toList();
  }

  /**
   * By the API server's own word: rights go by names, and kubectl asks for no kind that the cluster
   * does not have.
   *
   * @param resource with its group, such as {@code deployments.apps}
   */
  private static boolean may(
      TestCluster cluster, String verb, String resource, TestNamespace namespace) {
    String[] parts = resource.split("\\.", 2);
    var review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(
                "system:serviceaccount:%s:%s-controller"
                    .formatted(TestCluster.OPERATOR_NAMESPACE, TestCluster.RELEASE))
            .withNewResourceAttributes()
            .withNamespace(namespace.name())
            .withVerb(verb)
            .withResource(parts[0])
            .withGroup(parts.length == 1 ? "" : parts[1])
            .endResourceAttributes()
            .endSpec()
            .build();
    var answer = cluster.client().authorization().v1().subjectAccessReview().create(review);
    return answer.getStatus().getAllowed();
  }
}
