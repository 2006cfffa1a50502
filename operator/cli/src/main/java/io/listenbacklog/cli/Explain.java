package io.listenbacklog.cli;

import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.NodePod;
import io.listenbacklog.api.NodePort;
import io.listenbacklog.api.NodeRequirement;
import io.listenbacklog.api.PolicyReference;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What holds for a pod, where it comes from, and how its listeners stand to it. */
final class Explain {
  private Explain() {}

  static String report(String namespace, String pod, List<NodeBacklog> nodes) {
    for (NodeBacklog node : nodes) {
      var spec = node.getSpec();
      if (spec == null) continue;
      for (NodeRequirement requirement : spec.requirements()) {
        for (NodePod each : requirement.pods()) {
          if (each.namespace().equals(namespace) && each.name().equals(pod)) {
            return text(node, requirement, each);
          }
        }
      }
    }
    return ("No requirement holds for pod %s/%s: no policy selects it and it has no annotation of ours, it has ended,"
            + " or there is no such pod.\n")
        .formatted(namespace, pod);
  }

  private static String text(NodeBacklog node, NodeRequirement requirement, NodePod pod) {
    var text = new StringBuilder();
    text.append(
        "Pod %s/%s on node %s\n"
            .formatted(pod.namespace(), pod.name(), node.getMetadata().getName()));
    text.append("Governed by:  %s\n".formatted(source(requirement.policy())));
    text.append("Mode:         %s\n".formatted(capitalised(requirement.mode().name())));
    text.append("Minimum:      %s\n".formatted(orNone(requirement.minimum())));
    if (requirement.maximum() != null) {
      text.append("Maximum:      %d, after overflows\n".formatted(requirement.maximum()));
    }
    if (!requirement.ports().isEmpty()) {
      text.append(
          "Ports:        %s\n"
              .formatted(
                  requirement.ports().stream()
                      .map(Explain::port)
                      .collect(Collectors.joining(", "))));
    }
    text.append(
        "Remedies:     %s\n"
            .formatted(
                requirement.remedies().stream()
                    .map(each -> capitalised(each.name()))
                    .collect(Collectors.joining(", "))));
    if (requirement.somaxconn() != null) {
      text.append("somaxconn:    at least %d\n".formatted(requirement.somaxconn()));
    }
    if (requirement.tcpMaxSynBacklog() != null) {
      text.append("SYN backlog:  at least %d\n".formatted(requirement.tcpMaxSynBacklog()));
    }
    if (requirement.allowNodeSysctls() && pod.hostNetwork()) {
      text.append("Node sysctls: may be raised\n");
    }
    text.append("Stall after:  %d ms\n".formatted(requirement.stallAfterMillis()));
    return text.append('\n').append(listeners(node, pod)).toString();
  }

  /** As an annotation would have it. */
  private static String port(NodePort port) {
    if (port.exempt()) return port.port() + "=exempt";
    String growth = port.maximum() == null ? "" : "-" + port.maximum();
    return port.port() + "=" + orNone(port.minimum()) + growth;
  }

  private static String listeners(NodeBacklog node, NodePod pod) {
    var status = node.getStatus();
    if (status == null) return "No probe has reported on this node.\n";
    var of =
        status.listeners().stream().filter(each -> each.pod().uid().equals(pod.uid())).toList();
    if (of.isEmpty()) return "None of its listeners is undersized or remedied.\n";
    var table =
        new Table("LISTENER", "CONTAINER", "PROCESS", "BACKLOG", "REQUESTED", "REQUIRED", "STATE");
    for (NodeListener each : of) {
      table.row(
          each.address(),
          each.container(),
          "%s (pid %d)".formatted(each.process(), each.pid()),
          each.backlog(),
          each.requested(),
          each.required(),
          state(each));
    }
    return table.toString();
  }

  private static String state(NodeListener listener) {
    if (listener.hindrance() != null) {
      return listener.hindrance().reason() + ": " + listener.hindrance().message();
    }
    if (listener.verdict().undersized()) return "undersized";
    return listener.remedy() == null ? "sufficient" : "raised";
  }

  private static String source(@Nullable PolicyReference policy) {
    if (policy == null) return "its own annotations";
    return policy.namespace() == null
        ? policy.kind() + " " + policy.name()
        : policy.kind() + " " + policy.namespace() + "/" + policy.name();
  }

  private static String orNone(@Nullable Integer value) {
    return value == null ? "none" : value.toString();
  }

  private static String capitalised(String name) {
    return name.charAt(0) + name.substring(1).toLowerCase(java.util.Locale.ROOT);
  }
}
