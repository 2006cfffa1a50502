package io.listenbacklog.controller.uninstall;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.controller.cluster.ProbePods;
import io.listenbacklog.controller.cluster.json.PodView;
import io.listenbacklog.controller.failure.ApiFailure;
import io.listenbacklog.controller.settings.ControllerSettings;
import io.listenbacklog.controller.telemetry.LogKeys;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Undoes all remedies and removes the NodeBacklogs; policies and CustomResourceDefinitions stay. It
 * ends the controller, which would ask for the remedies again, asks for nothing on any node, and
 * waits until the probes have restored what they raised.
 *
 * <p>It does not wait forever: nodes that have no probe to restore anything are named in a warning,
 * and their remedies end with their pods.
 */
public final class Uninstall {
  /** Each NodeBacklog may be a megabyte, and the client holds the bytes of a page as a whole. */
  static final long PAGE = 10;

  private static final int PARALLEL = 4;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /**
   * Three times what the chart lets the controller take to end: a kubelet has killed it by then.
   */
  private static final Duration KILLED_BY_THEN = Duration.ofSeconds(45);

  /** For the last request of a failed run, with an API server that may be overloaded. */
  private static final Duration BRINGS_BACK = Duration.ofSeconds(60);

  private static final Duration PROGRESS = Duration.ofSeconds(5);
  private static final int NAMED_NODES = 50;

  private static final Logger log = LoggerFactory.getLogger(Uninstall.class);

  private final KubernetesClient client;
  private final ControllerSettings settings;
  private final Duration killedByThen;
  private volatile long deadline;

  /** Replicas that the controller had, and is to have again if this fails; 0: nothing to do. */
  private final AtomicInteger ended = new AtomicInteger();

  /** The definition of NodeBacklogs was deleted, and they with it. */
  private boolean kindIsGone;

  /** Nodes whose probe has not reported yet that all is undone. */
  private final Set<String> unfinished = new TreeSet<>();

  public Uninstall(KubernetesClient client, ControllerSettings settings) {
    this(client, settings, KILLED_BY_THEN);
  }

  Uninstall(KubernetesClient client, ControllerSettings settings, Duration killedByThen) {
    this.client = client;
    this.settings = settings;
    this.killedByThen = killedByThen;
  }

  /**
   * Does it all, if something is being uninstalled. If it fails, the controller is brought back.
   *
   * @throws KubernetesClientException if the API server refuses something: nothing is removed then
   */
  public void run() throws InterruptedException {
    deadline = System.nanoTime() + settings.uninstallTimeout().toNanos();
    if (!isWanted()) return;
    boolean done = false;
    try {
      if (!settings.deployment().isEmpty()) endController();
      var asking = backlogs(each -> each.isAsking() ? Optional.of(each) : Optional.empty());
      asking.forEach(each -> unfinished.add(each.name()));
      inParallel(asking.stream().<Callable<Void>>map(each -> () -> empty(each)).toList());
      log.atInfo()
          .addKeyValue(LogKeys.NODES, asking.size())
          .log("cleared the requirements of all nodes");
      awaitProbes();
      removeBacklogs();
      done = true;
    } finally {
      if (done) ended.set(0);
      else bringBack();
    }
  }

  private boolean isWanted() throws InterruptedException {
    if (settings.uninstallJob().isEmpty()) return true;
    var jobs = client.batch().v1().jobs().inNamespace(settings.namespace());
    var made = MadeByHelm.of(patiently(() -> jobs.withName(settings.uninstallJob()).get()));
    if (made.is()) return true;
    log.atWarn()
        .addKeyValue(LogKeys.OBJECT, settings.uninstallJob())
        .addKeyValue(LogKeys.CAUSE, String.join(", ", made.managers()))
        .log(
            "does nothing: this Job was not made by a helm uninstall, so nothing is being"
                + " uninstalled; who removes the operator otherwise finds what to do in"
                + " docs/operations.md, Uninstall");
    return false;
  }

  /**
   * Gives the controller back the replicas that it had, unless all is done: nodes that are half
   * emptied are not left alone. Also when the Job is stopped.
   */
  public void bringBack() {
    int replicas = ended.getAndSet(0);
    if (replicas == 0) return;
    long until = System.nanoTime() + BRINGS_BACK.toNanos();
    while (true) {
      try {
        scale(replicas);
        log.atWarn()
            .addKeyValue(LogKeys.OBJECT, settings.deployment())
            .log("the uninstallation failed; scaled the controller up again");
        return;
      } catch (KubernetesClientException e) {
        if (!ApiFailure.mayPass(e) || System.nanoTime() - until > 0) {
          log.atError()
              .addKeyValue(LogKeys.OBJECT, settings.deployment())
              .addKeyValue(LogKeys.CAUSE, ApiFailure.text(e))
              .log("the uninstallation failed, and the controller is still scaled to zero");
          return;
        }
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      }
    }
  }

  private void scale(int replicas) {
    client
        .apps()
        .deployments()
        .inNamespace(settings.namespace())
        .withName(settings.deployment())
        .subresource("scale")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"replicas\":%d}}".formatted(replicas));
  }

  private void endController() throws InterruptedException {
    var deployments = client.apps().deployments().inNamespace(settings.namespace());
    Deployment controller = patiently(() -> deployments.withName(settings.deployment()).get());
    if (controller == null) return;
    Integer replicas = controller.getSpec().getReplicas();
    // 0 also where an uninstallation before this one was killed: then it had what the chart
    // says.
    ended.set(replicas == null || replicas == 0 ? settings.controllerReplicas() : replicas);
    patiently(
        () -> {
          scale(0);
          return true;
        });
    log.atInfo()
        .addKeyValue(LogKeys.OBJECT, settings.deployment())
        .log("scaled the controller to zero");
    LabelSelector selector = controller.getSpec().getSelector();
    long killed = System.nanoTime() + killedByThen.toNanos();
    while (true) {
      List<PodView> left = patiently(() -> podsOf(selector));
      if (left.isEmpty()) return;
      long now = System.nanoTime();
      // A pod of a node that is gone or partitioned stays: only its kubelet can report that it
      // ended.
      if (now - killed > 0 && left.stream().noneMatch(pod -> pod.pod().ready())) {
        log.atWarn()
            .addKeyValue(LogKeys.PODS, left.stream().map(pod -> pod.pod().facts().name()).toList())
            .log(
                "not waiting for these pods of the controller any longer: they are not ready and do"
                    + " not terminate");
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

  private Void empty(BacklogSummary backlog) throws InterruptedException {
    // Not a textual patch: for that the client reads the whole object first.
    var applying = client.resource(backlog).fieldManager(ApiGroup.CONTROLLER).forceConflicts();
    patiently(applying::serverSideApply);
    return null;
  }

  /** Retries while the API server is unavailable or overloaded, until the deadline. */
  private <T extends @Nullable Object> T patiently(Supplier<T> request)
      throws InterruptedException {
    while (true) {
      try {
        return request.get();
      } catch (KubernetesClientException e) {
        if (!ApiFailure.mayPass(e) || System.nanoTime() - deadline > 0) throw e;
        log.atWarn()
            .addKeyValue(LogKeys.CAUSE, ApiFailure.text(e))
            .log("the API server did not answer, retrying");
        Thread.sleep(LOOK_AGAIN);
      }
    }
  }

  private void awaitProbes() throws InterruptedException {
    long progress = System.nanoTime();
    while (true) {
      Set<String> ready = patiently(this::nodesWithProbe);
      var there = new HashSet<String>();
      List<PendingRestorations> remains = remains(ready, there);
      if (kindIsGone) {
        // The probes keep to what they were told last.
        log.warn(
            "nothing is undone: there is no kind NodeBacklog any more, by which the probes could be"
                + " told to; what was raised stays until its pods restart. To undo it install the"
                + " chart once more, and then uninstall it before its CustomResourceDefinitions");
        return;
      }
      remains.forEach(each -> unfinished.add(each.node()));
      unfinished.removeIf(
          node -> there.contains(node) && remains.stream().noneMatch(it -> it.node().equals(node)));
      if (remains.isEmpty()) {
        sayWhatIsUndone(unfinished.stream().filter(ready::contains).toList());
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
            .log("waiting for probes to undo their remedies");
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }

  /**
   * @param ready nodes with a ready probe
   * @param there gets the nodes that have a NodeBacklog
   */
  private List<PendingRestorations> remains(Set<String> ready, Set<String> there)
      throws InterruptedException {
    return backlogs(
        backlog -> {
          there.add(backlog.name());
          return Optional.of(PendingRestorations.of(backlog, ready.contains(backlog.name())))
              .filter(each -> !each.isDone());
        });
  }

  /**
   * A NodeBacklog that somebody deletes meanwhile (with its CustomResourceDefinition, which the API
   * server empties before it goes) is no report of its probe. With a node that went away went what
   * was raised there.
   *
   * @param deleted nodes with a ready probe
   */
  private static void sayWhatIsUndone(List<String> deleted) {
    if (deleted.isEmpty()) {
      log.info("all remedies are undone");
      return;
    }
    log.atWarn()
        .addKeyValue(LogKeys.NODES, deleted.stream().limit(NAMED_NODES).toList())
        .log(
            "not all is undone: the NodeBacklogs of these nodes were deleted before their probes"
                + " reported; what was raised there stays until its pods restart");
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

  private static void warnOf(List<PendingRestorations> remains) {
    log.atWarn()
        .addKeyValue(LogKeys.REMAINING, remedies(remains))
        .addKeyValue(
            LogKeys.NODES,
            remains.stream()
                .sorted((one, other) -> one.node().compareTo(other.node()))
                .limit(NAMED_NODES)
                .map(PendingRestorations::toString)
                .toList())
        .log("timed out: remedies on these nodes stay until their pods restart");
  }

  private static int remedies(List<PendingRestorations> remains) {
    return remains.stream().mapToInt(PendingRestorations::remedies).sum();
  }

  private void removeBacklogs() throws InterruptedException {
    // The deadline may have passed while waiting for the probes.
    deadline = System.nanoTime() + BRINGS_BACK.toNanos();
    var names = backlogs(backlog -> Optional.of(backlog.name()));
    inParallel(names.stream().<Callable<Void>>map(each -> () -> remove(each)).toList());
    log.atInfo().addKeyValue(LogKeys.NODES, names.size()).log("removed the NodeBacklogs");
  }

  private Void remove(String name) throws InterruptedException {
    patiently(() -> client.resources(BacklogSummary.class).withName(name).delete());
    return null;
  }

  /**
   * What is wanted of each, page by page; where the kind is not installed there are none. A list
   * whose continue token has expired is started again.
   */
  private <T> List<T> backlogs(Function<BacklogSummary, Optional<T>> wanted)
      throws InterruptedException {
    var found = new ArrayList<T>();
    String next = "";
    while (true) {
      var options =
          new ListOptionsBuilder()
              .withLimit(PAGE)
              .withContinue(next.isEmpty() ? null : next)
              .build();
      try {
        var page = patiently(() -> client.resources(BacklogSummary.class).list(options));
        page.getItems().forEach(each -> wanted.apply(each).ifPresent(found::add));
        next = Objects.requireNonNullElse(page.getMetadata().getContinue(), "");
        if (next.isEmpty()) return found;
      } catch (KubernetesClientException e) {
        if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
          kindIsGone = true;
          return List.of();
        }
        if (e.getCode() != HttpURLConnection.HTTP_GONE || System.nanoTime() - deadline > 0) throw e;
        found.clear();
        next = "";
      }
    }
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
