package io.listenbacklog.controller.appconfig;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.listenbacklog.api.ContainerBacklogs;
import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.Omitted;
import io.listenbacklog.api.PodBacklogs;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.appconfig.plan.Listening;
import io.listenbacklog.controller.cluster.NodeState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pods that a policy governs, and what the probes say of their listeners.
 *
 * @param policy uid
 */
record GovernedPods(String policy, List<NodeState> nodes) {
  GovernedPods {
    nodes = List.copyOf(nodes);
  }

  /**
   * A pod that a policy governs.
   *
   * @param backlog the most that is asked of any of its listeners; 0: none
   * @param mode what holds for it, annotations included
   */
  record Governed(String uid, String namespace, String name, int backlog, Mode mode) {}

  /** All of them. */
  List<Governed> all() {
    var all = new ArrayList<Governed>();
    for (NodeState node : nodes) {
      for (NodeRequirement each : node.resolution().spec().requirements()) {
        if (!isOurs(each)) continue;
        for (NodePod pod : each.pods()) {
          all.add(new Governed(pod.uid(), pod.namespace(), pod.name(), backlog(each), each.mode()));
        }
      }
    }
    return all;
  }

  private boolean isOurs(NodeRequirement requirement) {
    return requirement.policy() != null && requirement.policy().uid().equals(policy);
  }

  private static int backlog(NodeRequirement requirement) {
    int most = requirement.minimum() == null ? 0 : requirement.minimum();
    for (NodePort each : requirement.ports()) {
      if (!each.exempt() && each.minimum() != null) most = Math.max(most, each.minimum());
    }
    return most;
  }

  /**
   * What the probes see of the listeners of these pods: those of each, for that others listen, of
   * this workload or another, proves nothing of it.
   *
   * @param pods uids
   * @param containers whose listeners count; empty: those of all
   * @param configured whether the configuration says what it is to say: what somaxconn cut is not
   *     the application's fault then
   */
  SeenPods seen(Collection<String> pods, Set<String> containers, boolean configured) {
    if (pods.isEmpty()) return SeenPods.unseen("it has no pods");
    var left = new HashSet<>(pods);
    var found = new Found(containers, configured);
    for (NodeState node : nodes) {
      var here = new ArrayList<NodePod>();
      for (NodeRequirement each : node.resolution().spec().requirements()) {
        if (!isOurs(each)) continue;
        each.pods().stream().filter(pod -> left.contains(pod.uid())).forEach(here::add);
      }
      if (here.isEmpty()) continue;
      here.forEach(each -> left.remove(each.uid()));
      String unseen = unseen(node);
      if (!unseen.isEmpty()) return SeenPods.unseen(unseen);
      NodeBacklog backlog = requireNonNull(node.backlog());
      found.look(node.node(), here, requireNonNull(backlog.getStatus()));
    }
    return left.isEmpty()
        ? found.seen()
        : SeenPods.unseen("%d of its pods are not yet governed".formatted(left.size()));
  }

  /** Why nothing of what a node's probe reports can be relied on; empty: it can. */
  private static String unseen(NodeState node) {
    NodeBacklog backlog = node.backlog();
    NodeBacklogStatus status = backlog == null ? null : backlog.getStatus();
    if (!node.probeReady() || backlog == null || status == null) {
      return "node %s has no ready probe".formatted(node.node());
    }
    boolean takenUp =
        node.resolution().spec().equals(backlog.getSpec())
            && backlog.getMetadata().getGeneration().equals(status.observedGeneration());
    if (!takenUp) {
      return "the probe of node %s has not yet taken up what holds now".formatted(node.node());
    }
    if (status.pods() == null) {
      return "the probe of node %s is of an earlier version, which does not tell what each pod's listeners have"
          .formatted(node.node());
    }
    return "";
  }

  /** What is found of the pods of a workload, a node at a time. */
  private static final class Found {
    private final Set<String> containers;
    private final boolean configured;
    private int capped;
    private int listening;
    private final List<String> silent = new ArrayList<>();

    /** The first that keeps it from being said; empty: nothing does. */
    private String unseen = "";

    /** The first that is too small by itself; empty: none is. */
    private String undersized = "";

    Found(Set<String> containers, boolean configured) {
      this.containers = containers;
      this.configured = configured;
    }

    void look(String node, List<NodePod> pods, NodeBacklogStatus status) {
      var told = new HashMap<String, PodBacklogs>();
      for (PodBacklogs each : requireNonNullElse(status.pods(), List.<PodBacklogs>of())) {
        told.put(each.pod().uid(), each);
      }
      for (NodePod each : pods) {
        PodBacklogs its = told.get(each.uid());
        if (its != null) look(its, status);
        else isUnseen(leftOut(node, each, status.omitted()));
      }
    }

    private void look(PodBacklogs pod, NodeBacklogStatus status) {
      int listeners = 0;
      for (ContainerBacklogs each : pod.containers()) {
        if (!counts(each.container())) continue;
        listeners += each.listeners();
        capped += each.capped();
        int own = each.sufficient() + (configured ? each.capped() : 0);
        if (own < each.listeners() && undersized.isEmpty()) {
          undersized = text(pod, each, own, status);
        }
      }
      if (listeners > 0) listening++;
      else silent.add(pod.pod().name());
    }

    private static String leftOut(String node, NodePod pod, @Nullable Omitted omitted) {
      return omitted != null && omitted.pods() != null && omitted.pods() > 0
          ? "the status of node %s has no room for all pods, and leaves out pod %s"
              .formatted(node, pod.name())
          : "the probe of node %s does not see all listeners of pod %s yet"
              .formatted(node, pod.name());
    }

    private void isUnseen(String why) {
      if (unseen.isEmpty()) unseen = why;
    }

    private boolean counts(String container) {
      return containers.isEmpty() || container.isEmpty() || containers.contains(container);
    }

    /** One of them, where it is told; those that are well by another remedy may not be. */
    private String text(
        PodBacklogs pod, ContainerBacklogs container, int own, NodeBacklogStatus status) {
      return status.listeners().stream()
          .filter(each -> each.pod().uid().equals(pod.pod().uid()))
          .filter(each -> each.container().equals(container.container()))
          .filter(this::isShort)
          .map(Found::text)
          .findFirst()
          .orElseGet(
              () ->
                  "%d of the %d listeners of pod %s (container %s) ask for less than they need"
                      .formatted(
                          container.listeners() - own,
                          container.listeners(),
                          pod.pod().name(),
                          name(container.container())));
    }

    /** By itself, that is: what another remedy gave it does not count. */
    private boolean isShort(NodeListener listener) {
      Integer most = listener.somaxconnAtListen();
      boolean excused = configured && most != null && listener.requested() >= most;
      return listener.verdict() != Verdict.NOT_OF_POD
          && listener.requested() < listener.required()
          && !excused;
    }

    private static String text(NodeListener listener) {
      return "listener %s of pod %s (container %s) asks for %d of %d"
          .formatted(
              listener.address(),
              listener.pod().name(),
              name(listener.container()),
              listener.requested(),
              listener.required());
    }

    private static String name(String container) {
      return container.isEmpty() ? "unknown" : container;
    }

    SeenPods seen() {
      return new SeenPods(unseen, undersized, capped, new Listening(listening, silent, containers));
    }
  }
}
