package io.listenbacklog.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentListBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.policy.resolve.NamespaceFacts;
import io.listenbacklog.policy.resolve.PodFacts;
import io.listenbacklog.policy.resolve.PolicyFacts;
import io.listenbacklog.policy.resolve.limit.Limits;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read from the API server, and what becomes of what it refuses. */
class ClampExplanationFromApiTest {
  private static final String POD = "/api/v1/namespaces/shop/pods/web-1";
  private static final String POLICY =
      "/apis/listenbacklog.io/v1alpha1/namespaces/shop/backlogpolicies/web";
  private static final String CLUSTER_POLICY =
      "/apis/listenbacklog.io/v1alpha1/clusterbacklogpolicies/all";
  private static final String CONTROLLERS =
      "/apis/apps/v1/deployments?labelSelector=app.kubernetes.io%2Fname%3Dlisten-backlog-operator%2Capp.kubernetes.io%2Fcomponent%3Dcontroller";

  private final KubernetesMockServer server = new KubernetesMockServer(false);

  @BeforeEach
  void start() {
    server.init();
  }

  @AfterEach
  void stop() {
    server.destroy();
  }

  @Test
  void podPolicyAndLimitsAreRead() {
    var policy = Given.policy(1, "minimum: 8192");
    answer(POD, 200, Given.pod(""));
    answer(POLICY, 200, policy);
    limitsAre("1024");

    assertThat(cutsOf(PolicyFacts.of(policy)))
        .singleElement()
        .asString()
        .contains("minimum 8192 (1024 holds)");
  }

  @Test
  void theNamespaceIsReadWhereItsLabelsDecide() {
    var policy = Given.clusterPolicy("minimum: 64, namespaceSelector: {matchLabels: {team: a}}");
    answer(POD, 200, Given.pod("listenbacklog.io/minimum: '2048'"));
    answer(CLUSTER_POLICY, 200, policy);
    answer(
        "/api/v1/namespaces/shop",
        200,
        new NamespaceBuilder()
            .withNewMetadata()
            .withName("shop")
            .addToLabels("team", "a")
            .endMetadata()
            .build());
    limitsAre("1024");

    assertThat(cutsOf(PolicyFacts.of(policy)))
        .singleElement()
        .asString()
        .contains("minimum 2048 (1024 holds)");
  }

  @Test
  void whoMayNotReadDeploymentsIsToldSo() {
    var policy = Given.policy(1, "minimum: 8192");
    answer(POD, 200, Given.pod(""));
    answer(POLICY, 200, policy);
    refuse(CONTROLLERS, "deployments.apps is forbidden");

    assertThat(cutsOf(PolicyFacts.of(policy)))
        .containsExactly(
            "not known what they cut: what holds is not what is asked for, and the limits cannot be"
                + " read: deployments.apps is forbidden");
  }

  @Test
  void whoMayNotReadThePodOrThePolicyIsToldSo() {
    var policy = Given.policy(1, "minimum: 8192");
    answer(POD, 200, Given.pod(""));
    refuse(POLICY, "backlogpolicies is forbidden");

    assertThat(cutsOf(PolicyFacts.of(policy)))
        .containsExactly("not known what they cut: backlogpolicies is forbidden");
  }

  @Test
  void aPodThatIsGoneByNowIsSaidToBe() {
    assertThat(cutsOf(PolicyFacts.of(Given.policy(1, "minimum: 8192"))))
        .containsExactly("not known what they cut: the pod is gone by now");
  }

  @Test
  void ofAPodForWhichNothingHoldsAndNothingIsKnownNothingIsSaid() {
    refuse(POD, "pods is forbidden");

    try (var client = server.createClient()) {
      assertThat(new ClampExplanation(client).ofAll(PodRead.of(client, "shop", "web-1"))).isEmpty();
    }
  }

  /** Of what a controller with 1024 as its limit wrote for the pod. */
  private List<String> cutsOf(PolicyFacts policy) {
    String annotations = policy.isClusterWide() ? "listenbacklog.io/minimum: '2048'" : "";
    var asked =
        new PodInputs(
            PodFacts.of(Given.pod(annotations)),
            List.of(policy),
            List.of(new NamespaceFacts("shop", Map.of("team", "a"))));
    var requirement =
        requireNonNull(asked.within(new Limits(1024, Limits.Annotations.ENFORCE)).requirement());
    var pod = new NodePod("uid-web-1", "shop", "web-1", false, null);
    try (var client = server.createClient()) {
      return new ClampExplanation(client)
          .of(
              new PodRequirement(new NodeBacklog(), requirement, pod),
              PodRead.of(client, pod.namespace(), pod.name()));
    }
  }

  private void limitsAre(String maxBacklog) {
    var controller =
        Given.controller(
            "{name: LIMITS_MAX_BACKLOG, value: '%s'}, {name: LIMITS_ANNOTATIONS, value: Enforce}"
                .formatted(maxBacklog));
    answer(CONTROLLERS, 200, new DeploymentListBuilder().withItems(controller).build());
  }

  private void refuse(String path, String message) {
    answer(
        path,
        403,
        new StatusBuilder().withStatus("Failure").withCode(403).withMessage(message).build());
  }

  private void answer(String path, int code, Object body) {
    server.expect().get().withPath(path).andReturn(code, body).always();
  }
}
