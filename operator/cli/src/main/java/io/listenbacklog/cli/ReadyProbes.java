package io.listenbacklog.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Set;

/**
 * Which nodes have a probe that is ready. A NodeBacklog does not tell: one whose probe has died
 * stays as that left it.
 */
sealed interface ReadyProbes {

  /**
   * As the probes' own pods say.
   *
   * @param ready nodes with one that is ready
   * @param others by node, of those without: pods that are not ready, NAMESPACE/NAME
   */
  record Known(Set<String> ready, Map<String, String> others) implements ReadyProbes {
    public Known {
      ready = Set.copyOf(ready);
      others = Map.copyOf(others);
    }

    boolean isReadyOn(String node) {
      return ready.contains(node);
    }

    /** What there is on a node without a ready one. */
    String instead(String node) {
      String pod = others.get(node);
      return pod == null
          ? "there is no pod of a probe on this node"
          : "its pod %s is not ready".formatted(pod);
    }
  }

  /** The user may not see the probes' pods. */
  record NotKnown(String why) implements ReadyProbes {}

  /**
   * Asks the API server.
   *
   * @throws KubernetesClientException where it gives no answer, but for one that the user may not
   *     have
   */
  static ReadyProbes read(KubernetesClient client) {
    try {
      return Probes.find(client, null).ready();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) throw e;
      return new NotKnown(Refusal.text(e));
    }
  }
}
