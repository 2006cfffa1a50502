package io.listenbacklog.probe.cluster;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.probe.engine.Keys;
import io.listenbacklog.probe.report.StatusWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The NodeBacklog of this node: watched by its name alone, its status written by server-side apply.
 * Outlives the API server, and a cluster in which the custom resource is not defined yet.
 */
public final class NodeBacklogClient implements StatusWriter.Sink, Runnable, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeBacklogClient.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

  private final KubernetesClient client;
  private final String node;
  private final Receiver receiver;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean reached;
  private boolean failing;

  /** Who wants to know of the NodeBacklog; called on threads of the client. */
  public interface Receiver {
    /**
     * It is there, or has changed.
     *
     * @param status null: it has none
     */
    void arrived(
        String objectUid,
        long generation,
        NodeBacklogSpec spec,
        @Nullable NodeBacklogStatus status);

    /** It was deleted. That is not the same as an empty spec: nothing is to be undone. */
    void deleted();
  }

  public NodeBacklogClient(KubernetesClient client, String node, Receiver receiver) {
    this.client = client;
    this.node = node;
    this.receiver = receiver;
  }

  /** Whether the API server has answered since the start. */
  public boolean reached() {
    return reached;
  }

  @Override
  public void run() {
    var retry = FIRST_RETRY;
    try {
      do {
        if (watch()) retry = FIRST_RETRY;
        else if (retry.compareTo(LONGEST_RETRY) < 0) retry = retry.multipliedBy(2);
      } while (!closed.await(retry.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Watches until the watch breaks for good; false if it could not even begin. */
  private boolean watch() throws InterruptedException {
    var over = new CountDownLatch(1);
    try (var _ = client.resources(NodeBacklog.class).withName(node).watch(watcher(over))) {
      reached = true;
      if (failing) log.atInfo().addKeyValue(Keys.NODE, node).log("NodeBacklog is watched again");
      failing = false;
      while (!over.await(1, TimeUnit.SECONDS)) {
        if (closed.getCount() == 0) break;
      }
      return true;
    } catch (KubernetesClientException e) {
      if (!failing) {
        String why =
            e.getCode() == 404
                ? "the custom resource is not defined yet"
                : String.valueOf(e.getMessage());
        log.atWarn()
            .addKeyValue(Keys.NODE, node)
            .addKeyValue(Keys.WHY, why)
            .log("NodeBacklog cannot be watched, will be tried again");
      }
      failing = true;
      return false;
    }
  }

  private Watcher<NodeBacklog> watcher(CountDownLatch over) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, NodeBacklog object) {
        switch (action) {
          case ADDED, MODIFIED -> arrived(object);
          case DELETED -> receiver.deleted();
          case BOOKMARK, ERROR -> {}
        }
      }

      @Override
      public void onClose(WatcherException cause) {
        // Too old a resource version, most often: the next watch starts from what is there.
        over.countDown();
      }

      @Override
      public void onClose() {
        over.countDown();
      }
    };
  }

  private void arrived(NodeBacklog object) {
    var spec = object.getSpec();
    Long generation = object.getMetadata().getGeneration();
    receiver.arrived(
        String.valueOf(object.getMetadata().getUid()),
        generation == null ? 0 : generation,
        spec == null ? new NodeBacklogSpec(List.of()) : spec,
        object.getStatus());
  }

  @Override
  public void write(NodeBacklogStatus status) {
    var object = new NodeBacklog();
    object.setMetadata(new ObjectMetaBuilder().withName(node).build());
    object.setStatus(status);
    client
        .resource(object)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(ApiGroup.PROBE)
                .withForce(true)
                .build());
  }

  /** Ends the watch. */
  @Override
  public void close() {
    closed.countDown();
  }
}
