package io.listenbacklog.controller.appconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.controller.MockApi;
import io.listenbacklog.policy.event.Ticking;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A kind that the cluster may not have, or comes to have. */
class WorkloadResourcesTest {
  private static final String PATH =
      "/apis/argoproj.io/v1alpha1/rollouts?labelSelector=listenbacklog.io%2Fapp-config";

  private static final String ONE =
      """
      {"apiVersion": "argoproj.io/v1alpha1", "kind": "RolloutList", "metadata": {}, "items": [
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout",
         "metadata": {"namespace": "shop", "name": "web"}}]}
      """;

  private final MockApi api = MockApi.answering();
  private final Ticking clock = new Ticking(Instant.parse("2026-11-29T12:00:00Z"));
  private final WorkloadResources resources = new WorkloadResources(api.client(), List.of(), clock);

  @AfterEach
  void close() {
    api.close();
  }

  private void answers(int status, String body) {
    api.server().expect().get().withPath(PATH).andReturn(status, body).once();
  }

  private List<?> rollouts() {
    return resources.labelled(WorkloadKind.ROLLOUT, KubernetesWorkloads.LABEL);
  }

  @Test
  void aKindThatIsNotThereIsAskedForOnceAMinute() {
    answers(404, "");
    for (int i = 0; i < 6; i++) {
      assertThat(rollouts()).isEmpty();
      clock.pass(Duration.ofSeconds(9));
    }
    assertThat(api.server().getRequestCount()).isEqualTo(1);

    clock.pass(Duration.ofMinutes(1));
    answers(200, ONE);
    assertThat(rollouts()).hasSize(1);
  }

  @Test
  void aPodOfItTellsThatItHasCome() {
    answers(404, "");
    assertThat(rollouts()).isEmpty();
    resources.seen(WorkloadKind.ROLLOUT);
    answers(200, ONE);
    assertThat(rollouts()).hasSize(1);
  }

  @Test
  void whatMayNotBeListedIsNone() {
    answers(403, "");
    assertThat(rollouts()).isEmpty();
    answers(200, ONE);
    assertThat(rollouts()).hasSize(1);
  }

  /** Each cluster has those: their absence is something else's, such as of a proxy's. */
  @ParameterizedTest
  @ValueSource(strings = {"deployments", "statefulsets", "daemonsets"})
  void thatABuiltInKindIsNotThereIsAFault(String plural) {
    api.server()
        .expect()
        .get()
        .withPath("/apis/apps/v1/" + plural + "?labelSelector=listenbacklog.io%2Fapp-config")
        .andReturn(404, "")
        .once();
    WorkloadKind kind =
        List.of(WorkloadKind.values()).stream()
            .filter(each -> each.plural().equals(plural))
            .findFirst()
            .orElseThrow();
    assertThatThrownBy(() -> resources.labelled(kind, KubernetesWorkloads.LABEL))
        .isInstanceOf(KubernetesClientException.class);
  }
}
