package io.listenbacklog.controller.uninstall;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogSpec;
import io.listenbacklog.controller.ControllerSettings;
import io.listenbacklog.controller.LogKeys;
import io.listenbacklog.controller.Writer;
import io.listenbacklog.controller.cluster.PodView;
import io.listenbacklog.controller.cluster.ProbePods;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Undoes all remedies and removes the NodeBacklogs; policies and CustomResourceDefinitions stay. It
 * ends the controller, which would ask for the remedies again, asks for nothing on any node, and
 * waits until the probes have restored what they raised.
 *
 * <p>It does not wait for ever: nodes that have no probe to restore anything are named in a
 * warning, and their remedies end with their pods.
 */
public final class Uninstall {
  private static final long PAGE = 500;
  private static final int PARALLEL = 8;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /**
   * Three times what the chart lets the controller take to end: a kubelet has killed it by then.
   */
  private static final Duration KILLED_BY_THEN = Duration.ofSeconds(45);

  private static final Duration PROGRESS = Duration.ofSeconds(5);
  private static final int NAMED_NODES = 50;
  private static final int TOO_MANY_REQUESTS = 429;

  private static final Logger log = LoggerFactory.getLogger(Uninstall.class);

  private final KubernetesClient client;
  private final ControllerSettings settings;
  private final Writer writer;
  private final Duration killedByThen;

  /** The definition of NodeBacklogs was deleted, and they with it. */
  private boolean kindIsGone;

  public Uninstall(KubernetesClient client, ControllerSettings settings, Writer writer) {
    this(client, settings, writer, KILLED_BY_THEN);
  }

  Uninstall(
      KubernetesClient client, ControllerSettings settings, Writer writer, Duration killedByThen) {
    this.client = client;
    this.settings = settings;
    this.writer = writer;
    this.killedByThen = killedByThen;
  }

  /**
   * Does it all.
   *
   * @throws KubernetesClientException if the API server refuses something: nothing is removed then
   */
  public void run() throws InterruptedException {
    long deadline = System.nanoTime() + settings.uninstallTimeout().toNanos();
    if (!settings.deployment().isEmpty()) endController(deadline);
    var emptied = new ArrayList<Callable<Void>>();
    eachBacklog(
        backlog -> {
          NodeBacklogSpec spec = backlog.getSpec();
          if (spec != null && !spec.requirements().isEmpty()) emptied.add(() -> empty(backlog));
        });
    inParallel(emptied);
    log.atInfo().addKeyValue(LogKeys.NODES, emptied.size()).log("asks for nothing any more");
    awaitProbes(deadline);
    removeBacklogs();
  }

  private void endController(long deadline) throws InterruptedException {
    var deployments = client.apps().deployments().inNamespace(settings.namespace());
    Deployment controller = deployments.withName(settings.deployment()).get();
    if (controller == null) return;
    deployments
        .withName(settings.deployment())
        .subresource("scale")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"replicas\":0}}");
    log.atInfo().addKeyValue(LogKeys.OBJECT, settings.deployment()).log("ends the controller");
    LabelSelector selector = controller.getSpec().getSelector();
    long killed = System.nanoTime() + killedByThen.toNanos();
    while (true) {
      List<PodView> left = podsOf(selector);
      if (left.isEmpty()) return;
      long now = System.nanoTime();
      // A pod of a node that is gone or cut off stays, for only its kubelet can say that it ended.
      if (now - killed > 0 && left.stream().noneMatch(pod -> pod.pod().ready())) {
        log.atWarn()
            .addKeyValue(LogKeys.PODS, left.stream().map(pod -> pod.pod().facts().name()).toList())
            .log("goes on without these pods of the controller: they are not ready, and not ended");
        return;
      }
      if (now - deadline > 0) {
        throw new IllegalStateException(
            "the pods of Deployment "
                + settings.namespace()
                + "/"
                + settings.deployment()
                + " do not end; nothing was changed on the nodes");
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }

  private List<PodView> podsOf(LabelSelector selector) {
    return client
        .resources(PodView.class)
        .inNamespace(settings.namespace())
        .withLabelSelector(selector)
        .list()
        .getItems()
        .stream()
        .filter(pod -> !pod.pod().facts().finished())
        .toList();
  }

  private Void empty(NodeBacklog backlog) {
    var fresh = new NodeBacklog();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(backlog.getMetadata().getName())
            // As the controller has them: a field it no longer applies would go.
            .withOwnerReferences(backlog.getMetadata().getOwnerReferences())
            .build());
    fresh.setSpec(new NodeBacklogSpec(List.of()));
    writer.apply(fresh);
    return null;
  }

  private void awaitProbes(long deadline) throws InterruptedException {
    long progress = System.nanoTime();
    while (true) {
      List<Remains> remains;
      try {
        remains = remains();
      } catch (KubernetesClientException e) {
        if (!mayPass(e) || System.nanoTime() - deadline > 0) throw e;
        log.atWarn().addKeyValue(LogKeys.CAUSE, e.getMessage()).log("cannot look, tries again");
        Thread.sleep(LOOK_AGAIN);
        continue;
      }
      if (kindIsGone) {
        // The probes keep to what they were told last.
        log.warn(
            "nothing is undone: there is no kind NodeBacklog any more, by which the probes could be"
                + " told to; what was raised stays until its pods restart. To undo it install the"
                + " chart once more, and then uninstall it before its CustomResourceDefinitions");
        return;
      }
      if (remains.isEmpty()) {
        log.info("all remedies are undone");
        return;
      }
      long now = System.nanoTime();
      if (now - deadline > 0) {
        warnOf(remains);
        return;
      }
      if (now - progress >= 0) {
        progress = now + PROGRESS.toNanos();
        log.atInfo()
            .addKeyValue(LogKeys.NODES, remains.size())
            .addKeyValue(LogKeys.REMAINING, remedies(remains))
            .log("waits for probes to undo their remedies");
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }

  /** The API server is away, has too much to do or is in trouble itself: it refuses nothing. */
  private static boolean mayPass(KubernetesClientException e) {
    return e.getCode() == 0 || e.getCode() == TOO_MANY_REQUESTS || e.getCode() >= 500;
  }

  private List<Remains> remains() {
    Set<String> ready = nodesWithProbe();
    var remains = new ArrayList<Remains>();
    eachBacklog(
        backlog -> {
          var each = Remains.of(backlog, ready.contains(backlog.getMetadata().getName()));
          if (!each.isDone()) remains.add(each);
        });
    return remains;
  }

  private Set<String> nodesWithProbe() {
    var nodes = new HashSet<String>();
    for (PodView each :
        client
            .resources(PodView.class)
            .inNamespace(settings.namespace())
            .withLabel(ProbePods.COMPONENT, ProbePods.PROBE)
            .list()
            .getItems()) {
      String node = each.pod().facts().nodeName();
      if (node != null && each.pod().ready()) nodes.add(node);
    }
    return nodes;
  }

  private static void warnOf(List<Remains> remains) {
    log.atWarn()
        .addKeyValue(LogKeys.REMAINING, remedies(remains))
        .addKeyValue(
            LogKeys.NODES,
            remains.stream()
                .sorted((one, other) -> one.node().compareTo(other.node()))
                .limit(NAMED_NODES)
                .map(Remains::toString)
                .toList())
        .log("gives up waiting: remedies on these nodes stay until their pods restart");
  }

  private static int remedies(List<Remains> remains) {
    return remains.stream().mapToInt(Remains::remedies).sum();
  }

  private void removeBacklogs() throws InterruptedException {
    var removals = new ArrayList<Callable<Void>>();
    eachBacklog(
        backlog ->
            removals.add(
                () -> {
                  client
                      .resources(NodeBacklog.class)
                      .withName(backlog.getMetadata().getName())
                      .delete();
                  return null;
                }));
    inParallel(removals);
    log.atInfo().addKeyValue(LogKeys.NODES, removals.size()).log("removed the NodeBacklogs");
  }

  /** Page by page; where the kind is not installed there are none. */
  private void eachBacklog(Consumer<NodeBacklog> consumer) {
    String next = null;
    do {
      var options = new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
      try {
        var page = client.resources(NodeBacklog.class).list(options);
        page.getItems().forEach(consumer);
        next = page.getMetadata().getContinue();
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) throw e;
        kindIsGone = true;
        return;
      }
    } while (next != null && !next.isEmpty());
  }

  private static void inParallel(List<Callable<Void>> tasks) throws InterruptedException {
    try (var threads = Executors.newFixedThreadPool(PARALLEL)) {
      for (var each : threads.invokeAll(tasks)) each.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KubernetesClientException refused) throw refused;
      throw new IllegalStateException(e.getCause());
    }
  }
}
