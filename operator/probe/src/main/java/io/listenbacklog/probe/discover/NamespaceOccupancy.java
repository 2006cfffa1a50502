package io.listenbacklog.probe.discover;

import io.listenbacklog.probe.spec.NodeSpec;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is in a network namespace.
 *
 * @param pods the watched ones
 * @param sole the one pod whose alone it is; null: it is shared
 * @param nodes whether it is the node's own
 * @param sharedWith for people; empty where it is not shared
 */
public record NamespaceOccupancy(
    Set<String> pods, @Nullable String sole, boolean nodes, String sharedWith) {

  /** Nobody that is watched. */
  public static final NamespaceOccupancy NOBODY = new NamespaceOccupancy(Set.of(), null, false, "");

  /**
   * Only a namespace in which processes of one pod are, and of no other pod, governed or not, is
   * that pod's: a debugging pod that has entered another's is a second one.
   */
  public static NamespaceOccupancy of(
      long namespace,
      ProcessIndex discovery,
      Set<String> watched,
      @Nullable NodeSpec spec,
      HostNamespaces nodeNamespaces) {
    var all = new HashSet<>(discovery.members(namespace).values());
    boolean nodes = nodeNamespaces.contains(namespace);
    var pods = new HashSet<String>();
    for (String uid : all) {
      if (watched.contains(uid)) pods.add(uid);
      var governed = spec == null ? null : spec.pods().get(uid);
      nodes |= governed != null && governed.pod().hostNetwork();
    }
    if (nodes) {
      pods.removeIf(uid -> passesThrough(uid, spec));
      return new NamespaceOccupancy(Set.copyOf(pods), null, true, "the node");
    }
    if (all.size() != 1 || pods.isEmpty()) {
      return new NamespaceOccupancy(Set.copyOf(pods), null, false, "others");
    }
    return new NamespaceOccupancy(Set.copyOf(pods), pods.iterator().next(), false, "");
  }

  /**
   * Whether a pod that has a namespace of its own was met in the node's: its first process is there
   * until the runtime has moved it, and nothing that is found there is about the pod.
   */
  private static boolean passesThrough(String uid, @Nullable NodeSpec spec) {
    var governed = spec == null ? null : spec.pods().get(uid);
    return governed != null && !governed.pod().hostNetwork();
  }
}
