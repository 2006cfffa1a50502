package io.listenbacklog.controller.appconfig;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Workloads of each kind in the API, as far as the cluster has the kind. */
final class WorkloadResources {
  /**
   * So long a kind that the cluster does not have is not asked for again, unless a pod is of it.
   */
  private static final Duration ABSENT_FOR = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final List<String> namespaces;
  private final Clock clock;
  private final Map<WorkloadKind, Instant> absent = new EnumMap<>(WorkloadKind.class);

  /**
   * @param namespaces where workloads may be listed; empty: everywhere
   */
  WorkloadResources(KubernetesClient client, List<String> namespaces, Clock clock) {
    this.client = client;
    this.namespaces = List.copyOf(namespaces);
    this.clock = clock;
  }

  /** A workload as it is to be. */
  Resource<HasMetadata> of(HasMetadata wanted) {
    return client.resource(wanted);
  }

  Resource<? extends HasMetadata> at(WorkloadId id) {
    return of(id.kind()).inNamespace(id.namespace()).withName(id.name());
  }

  private MixedOperation<
          ? extends HasMetadata,
          ? extends KubernetesResourceList<? extends HasMetadata>,
          ? extends Resource<? extends HasMetadata>>
      of(WorkloadKind kind) {
    return switch (kind) {
      case DEPLOYMENT -> client.resources(Deployment.class);
      case STATEFUL_SET -> client.resources(StatefulSet.class);
      case DAEMON_SET -> client.resources(DaemonSet.class);
      case ROLLOUT -> client.genericKubernetesResources(context(kind));
    };
  }

  private static ResourceDefinitionContext context(WorkloadKind kind) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(kind.group())
        .withVersion(kind.version())
        .withKind(kind.kind())
        .withPlural(kind.plural())
        .withNamespaced(true)
        .build();
  }

  /** There is a pod of it, so the cluster has it. */
  void seen(WorkloadKind kind) {
    absent.remove(kind);
  }

  /** Those with a label; none where the cluster has no such kind, or they may not be listed. */
  List<HasMetadata> labelled(WorkloadKind kind, String label) {
    Instant since = absent.get(kind);
    if (since != null && clock.instant().isBefore(since.plus(ABSENT_FOR))) return List.of();
    absent.remove(kind);
    var all = new ArrayList<HasMetadata>();
    if (namespaces.isEmpty()) {
      all.addAll(listed(kind, () -> of(kind).inAnyNamespace().withLabel(label).list()));
    }
    for (String each : namespaces) {
      all.addAll(listed(kind, () -> of(kind).inNamespace(each).withLabel(label).list()));
    }
    return all;
  }

  /** None where they may not be listed: of that, {@link Rights} tells. */
  private List<? extends HasMetadata> listed(
      WorkloadKind kind, Supplier<? extends KubernetesResourceList<? extends HasMetadata>> list) {
    try {
      return list.get().getItems();
    } catch (KubernetesClientException e) {
      boolean unknown = e.getCode() == HttpURLConnection.HTTP_NOT_FOUND && !kind.isBuiltIn();
      if (unknown) absent.put(kind, clock.instant());
      if (unknown || e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) return List.of();
      throw e;
    }
  }
}
