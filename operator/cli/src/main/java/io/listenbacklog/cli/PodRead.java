package io.listenbacklog.cli;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** A pod that is asked for, as far as the API server shows it. */
sealed interface PodRead {

  /** Its name. */
  String name();

  /** It is there. */
  record There(Pod pod) implements PodRead {
    @Override
    public String name() {
      return pod.getMetadata().getName();
    }
  }

  /** There is no such pod. */
  record Gone(String name) implements PodRead {}

  /** It is not shown, and perhaps there. */
  record NotShown(String name, KubernetesClientException why) implements PodRead {}

  /** Asks for it once. */
  static PodRead of(KubernetesClient client, String namespace, String name) {
    try {
      var pod = client.pods().inNamespace(namespace).withName(name).get();
      return pod == null ? new Gone(name) : new There(pod);
    } catch (KubernetesClientException e) {
      return new NotShown(name, e);
    }
  }
}
