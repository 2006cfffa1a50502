package io.listenbacklog.cli;

import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodeRequirement;
import java.util.List;
import java.util.Optional;

/** A requirement that holds for a pod, as the controller wrote it for the probe of a node. */
record PodRequirement(NodeBacklog node, NodeRequirement requirement, NodePod pod) {

  /** What holds for a pod; empty: nothing does. */
  static Optional<PodRequirement> find(String namespace, String pod, List<NodeBacklog> nodes) {
    for (NodeBacklog node : nodes) {
      var spec = node.getSpec();
      if (spec == null) continue;
      for (NodeRequirement requirement : spec.requirements()) {
        for (NodePod each : requirement.pods()) {
          if (each.namespace().equals(namespace) && each.name().equals(pod)) {
            return Optional.of(new PodRequirement(node, requirement, each));
          }
        }
      }
    }
    return Optional.empty();
  }
}
