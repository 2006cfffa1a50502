package io.listenbacklog.cli;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.listenbacklog.api.NodeBacklog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The NodeBacklogs of a cluster. One that a newer probe wrote, or an invalid one, does not prevent
 * reading the others: what cannot be read is left out and reported.
 *
 * @param all each without what cannot be read
 * @param unreadable by the name of the node what cannot be read, and why
 */
record Nodes(List<NodeBacklog> all, Map<String, String> unreadable) {
  private static final KubernetesSerialization STRICT = new KubernetesSerialization();

  Nodes {
    all = List.copyOf(all);
    unreadable = Map.copyOf(unreadable);
  }

  /** Of nodes that can all be read. */
  static Nodes of(List<NodeBacklog> all) {
    return new Nodes(all, Map.of());
  }

  /** Those with these names alone. */
  Nodes of(Set<String> names) {
    var unreadable = new LinkedHashMap<>(this.unreadable);
    unreadable.keySet().retainAll(names);
    return new Nodes(
        all.stream().filter(each -> names.contains(each.getMetadata().getName())).toList(),
        unreadable);
  }

  /** Asks the API server. */
  static Nodes read(KubernetesClient client) {
    var context = ResourceDefinitionContext.fromResourceType(NodeBacklog.class);
    var all = new ArrayList<NodeBacklog>();
    var unreadable = new LinkedHashMap<String, String>();
    for (var each :
        Refusal.answered(client.genericKubernetesResources(context).list()).getItems()) {
      all.add(readable(each, unreadable));
    }
    return new Nodes(all, unreadable);
  }

  private static NodeBacklog readable(
      GenericKubernetesResource node, Map<String, String> unreadable) {
    String name = node.getMetadata().getName();
    for (String part : List.of("status", "spec")) {
      try {
        return STRICT.convertValue(node, NodeBacklog.class);
      } catch (IllegalArgumentException e) {
        unreadable.putIfAbsent(name, "its %s cannot be read: %s".formatted(part, firstLine(e)));
        node.getAdditionalProperties().remove(part);
      }
    }
    unreadable.put(name, "neither its status nor its spec can be read");
    return STRICT.convertValue(node, NodeBacklog.class);
  }

  /** Jackson tells where it was in further ones. */
  private static String firstLine(IllegalArgumentException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
