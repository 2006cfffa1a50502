package io.listenbacklog.controller.appconfig;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.listenbacklog.appconfig.plan.ConfigMapFacts;
import io.listenbacklog.controller.MockApi;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesWorkloadsTest {
  private final MockApi api = MockApi.keeping();
  private final KubernetesWorkloads workloads =
      new KubernetesWorkloads(
          api.client(), new Rights(api.client(), List.of(), Clock.systemUTC()), Clock.systemUTC());

  @AfterEach
  void close() {
    api.close();
  }

  /**
   * @param allowed pods that may be away by the budget's status
   * @param taken pods that the Deployment's rollout takes away at a time
   */
  @ParameterizedTest
  @CsvSource({"0,0", "0,1", "1,2", "2,5"})
  void aBudgetThatAllowsFewerPodsToBeAwayThanARolloutTakesBlocks(int allowed, int taken) {
    budget("api", allowed, 1);
    assertThat(workloads.blockedBy(deployment(taken))).containsExactly("api");
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,0", "2,2", "5,2"})
  void aBudgetThatAllowsAsManyDoesNot(int allowed, int taken) {
    budget("api", allowed, 1);
    assertThat(workloads.blockedBy(deployment(taken))).isEmpty();
  }

  /** Somebody has just written a stricter one, and its controller has not counted yet. */
  @Test
  void aBudgetWhoseStatusIsOfAnEarlierSpecBlocks() {
    budget("api", 2, 0);
    assertThat(workloads.blockedBy(deployment(1))).containsExactly("api");
  }

  @Test
  void aBudgetOfOtherPodsBlocksNothing() {
    budget("web", 0, 1);
    assertThat(workloads.blockedBy(deployment(1))).isEmpty();
  }

  @Test
  void aConfigMapThatIsGoneIsMadeAnewAndOneThatIsThereIsLeft() {
    var made = new ConfigMapFacts(Map.of("a", "1"), Map.of());
    var other = new ConfigMapFacts(Map.of("a", "2"), Map.of());
    workloads.keep(deployment(1), Map.of("ours", made));
    assertThat(workloads.configMap("shop", "ours")).contains(made);
    var found = api.client().configMaps().inNamespace("shop").withName("ours").get();
    assertThat(found.getImmutable()).isTrue();
    assertThat(found.getMetadata().getOwnerReferences())
        .extracting(OwnerReference::getUid)
        .containsExactly("uid-api");

    workloads.keep(deployment(1), Map.of("ours", other));
    assertThat(workloads.configMap("shop", "ours")).contains(made);
  }

  /**
   * A budget as it was just made.
   *
   * @param observed the generation that its status is of; the API server makes it 1
   */
  private void budget(String app, int allowed, long observed) {
    api.client()
        .resource(
            new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(app)
                .endMetadata()
                .withNewSpec()
                .withNewSelector()
                .addToMatchLabels("app", app)
                .endSelector()
                .endSpec()
                .withNewStatus()
                .withDisruptionsAllowed(allowed)
                .withObservedGeneration(observed)
                .endStatus()
                .build())
        .create();
  }

  private static LiveWorkload deployment(int takenAway) {
    Deployment deployment =
        new DeploymentBuilder()
            .withNewMetadata()
            .withNamespace("shop")
            .withName("api")
            .withUid("uid-api")
            .endMetadata()
            .withNewSpec()
            .withReplicas(10)
            .withNewStrategy()
            .withType("RollingUpdate")
            .withNewRollingUpdate()
            .withMaxUnavailable(new IntOrString(takenAway))
            .withMaxSurge(new IntOrString(1))
            .endRollingUpdate()
            .endStrategy()
            .withNewTemplate()
            .withNewMetadata()
            .addToLabels("app", "api")
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("api")
            .endContainer()
            .endSpec()
            .endTemplate()
            .endSpec()
            .build();
    return LiveWorkloads.of(new WorkloadId(WorkloadKind.DEPLOYMENT, "shop", "api"), deployment);
  }
}
