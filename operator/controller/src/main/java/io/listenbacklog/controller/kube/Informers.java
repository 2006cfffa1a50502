package io.listenbacklog.controller.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.controller.cluster.Cluster;
import io.listenbacklog.controller.cluster.json.NamespaceView;
import io.listenbacklog.controller.cluster.json.PodView;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The informers that fill the {@link Cluster} with the objects that are no reconciler's primary
 * ones: pods, namespaces and NodeBacklogs. They share its stores, list in pages, and retry forever.
 */
public final class Informers implements AutoCloseable {
  /**
   * Objects a page, of those that nobody but the cluster's own parts makes. Measured with 150,000
   * pods: 500 needs 321 MiB and 62 s, 2000 421 MiB and 49 s; without pages one list is 1.2 GB.
   */
  public static final long PAGE = 500;

  /** Pods a page: anybody may give one 256 KiB of annotations, and a page is read as a whole. */
  static final long PAGE_OF_PODS = 150;

  /** NodeBacklogs a page: one may be 1.5 MB. */
  static final long PAGE_OF_BACKLOGS = 20;

  /** Policies a page, of which one may be 1 MB. */
  public static final long PAGE_OF_POLICIES = 20;

  private final List<SharedIndexInformer<?>> all;

  public Informers(KubernetesClient client, Cluster cluster) {
    var livePods =
        client
            .resources(PodView.class)
            .inAnyNamespace()
            // What has finished has no listeners, and there can be very many of them.
            .withoutField("status.phase", "Succeeded")
            .withoutField("status.phase", "Failed");
    all =
        List.of(
            informer(livePods, cluster.pods(), PAGE_OF_PODS),
            informer(client.resources(NamespaceView.class), cluster.namespaces(), PAGE),
            informer(client.resources(NodeBacklog.class), cluster.backlogs(), PAGE_OF_BACKLOGS));
  }

  private static <T extends HasMetadata> SharedIndexInformer<T> informer(
      Informable<T> of, ItemStore<T> store, long page) {
    return of.withLimit(page)
        .runnableInformer(0)
        .removeNamespaceIndex()
        .itemStore(store)
        // Whatever the error: there is nothing better to do than to retry.
        .exceptionHandler((started, problem) -> true);
  }

  /** Starts all; done when everything has been read once. */
  public CompletableFuture<Void> start() {
    return CompletableFuture.allOf(
        all.stream()
            .map(each -> each.start().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  /** Which of them have stopped for good. */
  public List<String> stopped() {
    return all.stream()
        .filter(each -> each.stopped().toCompletableFuture().isDone())
        .map(each -> "the informer of " + each.getApiTypeClass().getSimpleName() + " has stopped")
        .toList();
  }

  @Override
  public void close() {
    all.forEach(SharedIndexInformer::stop);
  }
}
