package io.listenbacklog.controller.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.controller.cluster.json.NamespaceView;
import io.listenbacklog.controller.cluster.json.NodeBacklogDeserializer;
import io.listenbacklog.controller.cluster.json.NodeView;
import io.listenbacklog.controller.cluster.json.PodView;
import io.listenbacklog.management.trust.RenewedTrust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javax.net.ssl.TrustManager;

/** The client of the API server, which reads pods, nodes and namespaces into their slim types. */
public final class KubernetesClients {
  private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount/";

  /** From a kubeconfig, or from the service account inside of a cluster. */
  public static KubernetesClient fromEnvironment() {
    return of(Config.autoConfigure(null));
  }

  /** For the server of a configuration. */
  public static KubernetesClient of(Config config) {
    // Few retries of a single request: the caller retries what failed.
    var patient = new ConfigBuilder(config).withRequestRetryBackoffLimit(2).build();
    return new KubernetesClientBuilder()
        .withConfig(patient)
        .withHttpClientBuilderConsumer(http -> trust(http, config))
        .withKubernetesSerialization(serialization())
        .build();
  }

  /**
   * In a pod: as {@code ca.crt} is at each handshake, for the kubelet replaces it when the
   * cluster's authority is rotated, and the client reads it once. A pod has no certificate of its
   * own.
   */
  private static void trust(HttpClient.Builder http, Config config) {
    String file = config.getCaCertFile();
    if (file == null || !file.startsWith(ACCOUNT)) return;
    try {
      http.sslContext(null, new TrustManager[] {RenewedTrust.in(Path.of(file))});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the slim types also where only kind and version tell what to read: in watch events. */
  public static KubernetesSerialization serialization() {
    var lenient =
        new SimpleModule("NodeBacklog")
            .addDeserializer(NodeBacklog.class, new NodeBacklogDeserializer());
    var serialization =
        new KubernetesSerialization(new ObjectMapper().registerModule(lenient), true);
    serialization.registerKubernetesResource("v1", "Pod", PodView.class);
    serialization.registerKubernetesResource("v1", "Node", NodeView.class);
    serialization.registerKubernetesResource("v1", "Namespace", NamespaceView.class);
    return serialization;
  }

  private KubernetesClients() {}
}
