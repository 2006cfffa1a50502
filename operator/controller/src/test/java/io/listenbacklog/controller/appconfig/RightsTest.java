package io.listenbacklog.controller.appconfig;

import static org.assertj.core.api.Assertions.assertThat;

import io.listenbacklog.controller.MockApi;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Of a controller that may do nothing. */
class RightsTest {
  private final MockApi api = MockApi.answering();
  private final Rights rights = new Rights(api.client(), List.of(), Clock.systemUTC());

  RightsTest() {
    api.server()
        .expect()
        .post()
        .withPath("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        .andReturn(201, "{\"status\": {\"allowed\": false}}")
        .always();
  }

  @AfterEach
  void close() {
    api.close();
  }

  /** A role of one's own, without Argo Rollouts, needs none of theirs. */
  @Test
  void whatNotEachClusterHasIsNeededForThatAlone() {
    assertThat(rights.missing("shop"))
        .contains("create configmaps", "patch deployments", "list statefulsets", "get daemonsets")
        .noneMatch(each -> each.contains("rollouts"));
    assertThat(rights.missing("shop", WorkloadKind.ROLLOUT))
        .containsExactly("get rollouts", "list rollouts", "patch rollouts");
    assertThat(rights.missing("shop", WorkloadKind.DEPLOYMENT)).isEmpty();
  }
}
