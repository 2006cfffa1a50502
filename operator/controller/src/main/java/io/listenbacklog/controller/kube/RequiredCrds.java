package io.listenbacklog.controller.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.controller.failure.ApiFailure;
import io.listenbacklog.controller.telemetry.LogKeys;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until the API server knows the operator's kinds and lets the controller list them. */
public final class RequiredCrds {
  private static final Duration RETRY = Duration.ofSeconds(3);

  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(BacklogPolicy.class, ClusterBacklogPolicy.class, NodeBacklog.class);

  private static final Logger log = LoggerFactory.getLogger(RequiredCrds.class);

  private final KubernetesClient client;
  private volatile String missing = "";

  public RequiredCrds(KubernetesClient client) {
    this.client = client;
  }

  /** What is missing, for people; empty: nothing. */
  public String missing() {
    return missing;
  }

  /** Blocks until nothing is missing; logs what is, when that changes. */
  public void await() throws InterruptedException {
    while (true) {
      String now = look();
      if (now.equals(missing)) {
        if (now.isEmpty()) return;
      } else if (now.isEmpty()) {
        log.info("all CustomResourceDefinitions are served");
      } else {
        log.atWarn()
            .addKeyValue(LogKeys.CAUSE, now)
            .log("waiting for the operator's CustomResourceDefinitions");
      }
      missing = now;
      if (now.isEmpty()) return;
      Thread.sleep(RETRY);
    }
  }

  private String look() {
    for (Class<? extends HasMetadata> kind : KINDS) {
      String name = HasMetadata.getFullResourceName(kind);
      try {
        client
            .resources(kind)
            .inAnyNamespace()
            .list(new ListOptionsBuilder().withLimit(1L).build());
      } catch (KubernetesClientException e) {
        return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
            ? "the CustomResourceDefinition " + name + " is not installed"
            : "cannot list " + name + ": " + ApiFailure.text(e);
      }
    }
    return "";
  }
}
