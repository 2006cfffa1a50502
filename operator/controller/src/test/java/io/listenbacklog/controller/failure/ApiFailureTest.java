package io.listenbacklog.controller.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiFailureTest {
  /** As the client tells it, whatever its code for that is. */
  @Test
  void whereNobodyListensThereIsNoAnswerAndThatMayPass() {
    var nowhere =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:1")
            .withRequestRetryBackoffLimit(0)
            .build();
    try (var client = new KubernetesClientBuilder().withConfig(nowhere).build()) {
      var failure =
          catchThrowableOfType(
              KubernetesClientException.class, () -> client.nodes().withName("node-1").get());

      assertThat(ApiFailure.isUnanswered(failure)).isTrue();
      assertThat(ApiFailure.mayPass(failure)).isTrue();
    }
  }

  @Test
  void aTimeoutHasWordsThoughTheClientHasNone() {
    var late = new KubernetesClientException((String) null, new TimeoutException());

    assertThat(ApiFailure.mayPass(late)).isTrue();
    assertThat(ApiFailure.text(late)).isEqualTo("the API server did not answer in time");
    assertThat(ApiFailure.text(new IllegalStateException("the pods do not end")))
        .isEqualTo("the pods do not end");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503, 504})
  void whatMayPassMayPass(int code) {
    var failure = new KubernetesClientException("busy", code, null);

    assertThat(ApiFailure.mayPass(failure)).isTrue();
    assertThat(ApiFailure.isUnanswered(failure)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 409, 422})
  void aRefusalStays(int code) {
    assertThat(ApiFailure.mayPass(new KubernetesClientException("no", code, null))).isFalse();
  }

  @Test
  void whatWeSayOurselvesIsAnAnswer() {
    var ours = new KubernetesClientException("it came back otherwise");

    assertThat(ApiFailure.isUnanswered(ours)).isFalse();
    assertThat(ApiFailure.mayPass(ours)).isFalse();
  }
}
