package io.listenbacklog.controller.appconfig;

import io.listenbacklog.api.Mode;
import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.PolicyCounts;
import io.listenbacklog.api.Verdict;
import io.listenbacklog.appconfig.plan.Situation.Listeners;
import io.listenbacklog.appconfig.plan.Situation.Native;
import io.listenbacklog.appconfig.plan.Situation.Undersized;
import io.listenbacklog.appconfig.plan.Situation.Unseen;
import io.listenbacklog.controller.cluster.NodeState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
   * Whether the listeners of these pods have what they need by themselves.
   *
   * @param pods uids; all must be seen
   * @param containers whose listeners count; empty: those of all
   */
  Listeners listeners(Collection<String> pods, Set<String> containers) {
    if (pods.isEmpty()) return new Unseen("it has no pods");
    var left = new HashSet<>(pods);
    int listening = 0;
    for (NodeState node : nodes) {
      var here = new HashSet<String>();
      int ofPolicy = 0;
      for (NodeRequirement each : node.resolution().spec().requirements()) {
        if (!isOurs(each)) continue;
        ofPolicy += each.pods().size();
        each.pods().stream().map(NodePod::uid).filter(left::contains).forEach(here::add);
      }
      if (here.isEmpty()) continue;
      left.removeAll(here);
      NodeBacklog backlog = node.backlog();
      NodeBacklogStatus status = backlog == null ? null : backlog.getStatus();
      if (!node.probeReady() || backlog == null || status == null) {
        return new Unseen("node %s has no ready probe".formatted(node.node()));
      }
      boolean takenUp =
          node.resolution().spec().equals(backlog.getSpec())
              && backlog.getMetadata().getGeneration().equals(status.observedGeneration());
      if (!takenUp) {
        return new Unseen(
            "the probe of node %s has not yet taken up what holds now".formatted(node.node()));
      }
      int seen = 0;
      int unobservable = 0;
      for (PolicyCounts each : status.policies()) {
        if (!each.policy().uid().equals(policy)) continue;
        seen += each.pods();
        unobservable += each.listeners().unobservable();
        listening += each.listeners().total();
      }
      if (seen < ofPolicy || unobservable > 0) {
        return new Unseen(
            "the probe of node %s does not see all pods of the policy there"
                .formatted(node.node()));
      }
      if (status.omitted() != null && status.omitted().listeners() > 0) {
        return new Unseen("the probe of node %s leaves listeners out".formatted(node.node()));
      }
      for (NodeListener each : status.listeners()) {
        if (here.contains(each.pod().uid()) && counts(each, containers) && isShort(each)) {
          return new Undersized(text(each));
        }
      }
    }
    if (!left.isEmpty()) {
      return new Unseen("%d of its pods are not yet governed".formatted(left.size()));
    }
    // Of listeners that have all they need a probe tells only how many the policy has.
    return listening == 0 ? new Unseen("nothing in its pods listens yet") : new Native();
  }

  private static boolean counts(NodeListener listener, Set<String> containers) {
    return containers.isEmpty()
        || listener.container().isEmpty()
        || containers.contains(listener.container());
  }

  /** By itself, that is: what another remedy gave it does not count. */
  private static boolean isShort(NodeListener listener) {
    return listener.verdict() != Verdict.NOT_OF_POD
        && listener.required() > 0
        && listener.requested() < listener.required();
  }

  private static String text(NodeListener listener) {
    return "listener %s of pod %s (container %s) asks for %d of %d"
        .formatted(
            listener.address(),
            listener.pod().name(),
            listener.container().isEmpty() ? "unknown" : listener.container(),
            listener.requested(),
            listener.required());
  }
}
