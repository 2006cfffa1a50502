package io.listenbacklog.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.controller.MockApi;
import io.listenbacklog.controller.telemetry.MetricNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerSideApplyTest {
  private static final String NODE_1 =
      "/apis/listenbacklog.io/v1alpha1/nodebacklogs/node-1?fieldManager=listenbacklog.io";

  private final MockApi api = MockApi.answering();
  private final KubernetesMockServer server = api.server();
  private final KubernetesClient client = api.client();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void whatIsWrittenIsAppliedUnderTheControllersNameAndNothingIsTakenByForce() throws Exception {
    server.expect().patch().withPath(NODE_1).andReturn(200, nodeBacklog()).once();

    new ServerSideApply(client, metrics).apply(nodeBacklog());

    var request = server.takeRequest();
    assertThat(request.getHeader("Content-Type")).startsWith("application/apply-patch+yaml");
    assertThat(request.getBody().readUtf8())
        .contains("\"requirements\":[]")
        .doesNotContain("status")
        .doesNotContain("null");
  }

  @Test
  void aFieldInSomebodyElsesHandsIsTakenBackAndCounted() {
    server.expect().patch().withPath(NODE_1).andReturn(409, status(409)).once();
    server.expect().patch().withPath(NODE_1 + "&force=true").andReturn(200, nodeBacklog()).once();

    new ServerSideApply(client, metrics).apply(nodeBacklog());

    assertThat(metrics.get(MetricNames.CONFLICTS).tag("kind", "NodeBacklog").counter().count())
        .isEqualTo(1);
  }

  @Test
  void aRefusalIsThrown() {
    server.expect().patch().withPath(NODE_1).andReturn(403, status(403)).always();

    assertThatThrownBy(() -> new ServerSideApply(client, metrics).apply(nodeBacklog()))
        .isInstanceOf(KubernetesClientException.class);
  }

  private static Status status(int code) {
    return new StatusBuilder().withStatus("Failure").withCode(code).withMessage("no").build();
  }

  private static NodeBacklog nodeBacklog() {
    var backlog = new NodeBacklog();
    backlog.setMetadata(new ObjectMetaBuilder().withName("node-1").build());
    backlog.setSpec(new NodeBacklogSpec(List.of()));
    return backlog;
  }
}
