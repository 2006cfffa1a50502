package io.listenbacklog.controller;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.listenbacklog.controller.kube.KubernetesClients;
import java.util.HashMap;

/** An API server of a test's own, and a client of it as the controller has one. */
public final class MockApi implements AutoCloseable {
  private final KubernetesMockServer server;
  private final KubernetesClient client;

  private MockApi(KubernetesMockServer server) {
    this.server = server;
    server.init();
    client =
        KubernetesClients.of(
            new ConfigBuilder(Config.empty())
                .withMasterUrl("http://" + server.getHostName() + ":" + server.getPort())
                // The server mixes up what it sends after an upgrade to HTTP/2 if it is more than
                // one frame.
                .withHttp2Disable(true)
                .build());
  }

  /** One that gives the answers that a test expects of it. */
  public static MockApi answering() {
    return new MockApi(new KubernetesMockServer(false));
  }

  /** One that keeps what is written to it. */
  public static MockApi keeping() {
    return new MockApi(
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), new WithDryRuns(), false));
  }

  /** What is only tried leaves all as it was. */
  private static final class WithDryRuns extends KubernetesCrudDispatcher {
    @Override
    public MockResponse handlePatch(RecordedRequest request) {
      if (!request.getPath().contains("dryRun=All")) return super.handlePatch(request);
      var before = new HashMap<>(getMap());
      MockResponse response = super.handlePatch(request);
      getMap().clear();
      getMap().putAll(before);
      return response;
    }
  }

  public KubernetesMockServer server() {
    return server;
  }

  public KubernetesClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }
}
