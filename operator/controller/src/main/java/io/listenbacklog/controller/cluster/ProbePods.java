package io.listenbacklog.controller.cluster;

import io.listenbacklog.controller.cluster.json.SlimPod;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which nodes have a probe that is ready: from the conditions of the probes' own pods. */
public final class ProbePods {
  /** Probes are identified by this label and their namespace. */
  public static final String COMPONENT = "app.kubernetes.io/component";

  /** The value of that label. */
  public static final String PROBE = "probe";

  private final String namespace;

  /** Names of ready probe pods, by node: for a moment a node can have two. */
  private final Map<String, Set<String>> readyByNode = new HashMap<>();

  /**
   * @param namespace that the probes run in
   */
  public ProbePods(String namespace) {
    this.namespace = namespace;
  }

  boolean readyOn(String node) {
    return readyByNode.containsKey(node);
  }

  /** Applies a change; returns the node whose probe became ready or not by it; null: none. */
  @Nullable String changed(@Nullable SlimPod old, @Nullable SlimPod now) {
    String node = nodeOf(now == null ? old : now);
    if (node == null) return null;
    boolean before = readyOn(node);
    if (old != null && isReadyProbe(old)) remove(node, old.facts().name());
    if (now != null && isReadyProbe(now)) {
      readyByNode.computeIfAbsent(node, _ -> new HashSet<>()).add(now.facts().name());
    }
    return readyOn(node) == before ? null : node;
  }

  private static @Nullable String nodeOf(@Nullable SlimPod pod) {
    return pod == null ? null : pod.facts().nodeName();
  }

  private void remove(String node, String name) {
    Set<String> ready = readyByNode.get(node);
    if (ready == null) return;
    ready.remove(name);
    if (ready.isEmpty()) readyByNode.remove(node);
  }

  private boolean isReadyProbe(SlimPod pod) {
    return pod.ready()
        && pod.facts().namespace().equals(namespace)
        && PROBE.equals(pod.facts().labels().get(COMPONENT));
  }
}
