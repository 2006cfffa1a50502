package io.listenbacklog.controller.kube;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.listenbacklog.api.ApiGroup;
import io.listenbacklog.api.BacklogPolicy;
import io.listenbacklog.api.ClusterBacklogPolicy;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.controller.failure.ApiFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code helm test} asks: whether the operator's kinds are served, a controller is ready, and
 * a probe on each node that is to have one; of what is not ready, where and why not. It reads these
 * things and changes nothing.
 */
public final class InstallationCheck {
  private static final String NAME = "app.kubernetes.io/name";
  private static final String COMPONENT = "app.kubernetes.io/component";
  private static final String OPERATOR = "listen-backlog-operator";

  private static final Duration RETRY = Duration.ofSeconds(2);

  /** Pods that are named: on a thousand nodes they have the same trouble. */
  private static final int MOST_NAMED = 10;

  private final KubernetesClient client;
  private final String namespace;
  private final LongSupplier nanoTime;

  /**
   * @param namespace where the operator is installed
   * @param nanoTime never goes back
   */
  public InstallationCheck(KubernetesClient client, String namespace, LongSupplier nanoTime) {
    this.client = client;
    this.namespace = namespace;
    this.nanoTime = nanoTime;
  }

  /**
   * Looks until nothing is wrong, for it may have been installed a moment ago.
   *
   * @param patience how long at most
   * @return what is wrong still, a sentence each; empty: nothing
   */
  public List<String> await(Duration patience) throws InterruptedException {
    long until = nanoTime.getAsLong() + patience.toNanos();
    while (true) {
      List<String> wrong = look();
      if (wrong.isEmpty() || nanoTime.getAsLong() - until >= 0) return wrong;
      Thread.sleep(RETRY);
    }
  }

  private List<String> look() {
    var wrong = new ArrayList<String>();
    try {
      for (String each : unserved()) wrong.add(each + " are not served: apply the chart's crds/");
      lookAtController(wrong);
      lookAtProbes(wrong);
    } catch (KubernetesClientException e) {
      wrong.add("the API server: " + ApiFailure.text(e));
    }
    return wrong;
  }

  /** Discovery is for everybody who is known to the API server. */
  private Set<String> unserved() {
    var missing = new TreeSet<String>();
    for (var kind : List.of(BacklogPolicy.class, ClusterBacklogPolicy.class, NodeBacklog.class)) {
      missing.add(HasMetadata.getPlural(kind));
    }
    var served = client.getApiResources(ApiGroup.NAME + "/" + ApiGroup.VERSION);
    if (served == null) return missing;
    missing.removeAll(
        served.getResources().stream().map(APIResource::getName).collect(Collectors.toSet()));
    return missing;
  }

  private void lookAtController(List<String> wrong) {
    var found =
        client
            .apps()
            .deployments()
            .inNamespace(namespace)
            .withLabel(NAME, OPERATOR)
            .withLabel(COMPONENT, "controller")
            .list()
            .getItems();
    if (found.isEmpty()) wrong.add("no controller is installed in namespace " + namespace);
    for (Deployment each : found) {
      int ready = each.getStatus() == null ? 0 : orZero(each.getStatus().getReadyReplicas());
      if (ready == 0) {
        wrong.add("no replica of %s is ready%s".formatted(nameOf(each), whyNot("controller")));
      }
    }
  }

  private void lookAtProbes(List<String> wrong) {
    var found =
        client
            .apps()
            .daemonSets()
            .inNamespace(namespace)
            .withLabel(NAME, OPERATOR)
            .withLabel(COMPONENT, "probe")
            .list()
            .getItems();
    if (found.isEmpty()) wrong.add("no probe is installed in namespace " + namespace);
    for (DaemonSet each : found) {
      var status = each.getStatus();
      int wanted = status == null ? 0 : orZero(status.getDesiredNumberScheduled());
      int ready = status == null ? 0 : orZero(status.getNumberReady());
      if (wanted == 0) {
        wrong.add("%s has no node to run on".formatted(nameOf(each)));
      } else if (ready < wanted) {
        wrong.add(
            "%s is ready on %d of %d nodes%s"
                .formatted(nameOf(each), ready, wanted, whyNot("probe")));
      }
    }
  }

  /**
   * The pods of a component that are not ready, each with its node and the reason, after a colon.
   */
  private String whyNot(String component) {
    var pods =
        client
            .pods()
            .inNamespace(namespace)
            .withLabel(NAME, OPERATOR)
            .withLabel(COMPONENT, component)
            .list()
            .getItems();
    var reasons =
        pods.stream()
            .filter(each -> each.getMetadata().getDeletionTimestamp() == null)
            .filter(each -> !Readiness.isPodReady(each))
            .map(InstallationCheck::whyNot)
            .sorted()
            .toList();
    if (reasons.isEmpty()) {
      return pods.isEmpty() ? ": it has no pod, kubectl describe says why none is made" : "";
    }
    String more =
        reasons.size() > MOST_NAMED ? ", and %d more".formatted(reasons.size() - MOST_NAMED) : "";
    return ": " + String.join(", ", reasons.stream().limit(MOST_NAMED).toList()) + more;
  }

  private static String whyNot(Pod pod) {
    String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
    return node == null
        ? "pod %s is not scheduled%s".formatted(pod.getMetadata().getName(), unscheduled(pod))
        : "pod %s on node %s: %s".formatted(pod.getMetadata().getName(), node, trouble(pod));
  }

  private static String unscheduled(Pod pod) {
    return conditions(pod)
        .filter(each -> "PodScheduled".equals(each.getType()) && each.getMessage() != null)
        .map(each -> " (" + each.getMessage() + ")")
        .findFirst()
        .orElse("");
  }

  /** Such as CrashLoopBackOff, ImagePullBackOff, OOMKilled; "not ready" where nobody says more. */
  private static String trouble(Pod pod) {
    return statuses(pod)
        .flatMap(each -> Stream.of(each.getState(), each.getLastState()))
        .map(InstallationCheck::reason)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> Optional.ofNullable(pod.getStatus()).map(PodStatus::getReason))
        .orElse("not ready");
  }

  private static Optional<String> reason(@Nullable ContainerState state) {
    if (state == null) return Optional.empty();
    if (state.getWaiting() != null) return Optional.ofNullable(state.getWaiting().getReason());
    if (state.getTerminated() == null) return Optional.empty();
    return Optional.ofNullable(state.getTerminated().getReason());
  }

  private static Stream<ContainerStatus> statuses(Pod pod) {
    return pod.getStatus() == null
        ? Stream.empty()
        : pod.getStatus().getContainerStatuses().stream();
  }

  private static Stream<PodCondition> conditions(Pod pod) {
    return pod.getStatus() == null ? Stream.empty() : pod.getStatus().getConditions().stream();
  }

  private static int orZero(@Nullable Integer number) {
    return Objects.requireNonNullElse(number, 0);
  }

  private static String nameOf(HasMetadata object) {
    return object.getKind() + " " + object.getMetadata().getName();
  }
}
