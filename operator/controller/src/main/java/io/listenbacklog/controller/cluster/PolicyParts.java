package io.listenbacklog.controller.cluster;

import io.listenbacklog.api.NodeBacklog;
import io.listenbacklog.api.NodeBacklogStatus;
import io.listenbacklog.api.NodeListener;
import io.listenbacklog.api.PolicyCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a node reports of each policy. Where that is unchanged, its status need not be computed
 * again: among many pods one always has some change.
 */
final class PolicyParts {
  /**
   * The policies, by uid, of which a node reports something else than before.
   *
   * @param old null: there was no NodeBacklog
   * @param now null: there is none any more
   */
  static Predicate<String> changed(@Nullable NodeBacklog old, @Nullable NodeBacklog now) {
    if (old == null || now == null) return _ -> true;
    var before = old.getStatus();
    var after = now.getStatus();
    boolean isSameWork =
        Objects.equals(old.getMetadata().getGeneration(), now.getMetadata().getGeneration())
            && old.getSpec().equals(now.getSpec());
    if (!isSameWork || before == null || after == null) return _ -> true;
    if (!Objects.equals(before.observedGeneration(), after.observedGeneration())) return _ -> true;
    var partsBefore = parts(before);
    var partsAfter = parts(after);
    return uid -> !Objects.equals(partsBefore.get(uid), partsAfter.get(uid));
  }

  private static Map<String, List<Object>> parts(NodeBacklogStatus status) {
    var parts = new HashMap<String, List<Object>>();
    for (PolicyCounts each : status.policies()) add(parts, each.policy().uid(), each);
    for (NodeListener each : status.listeners()) {
      if (each.policy() != null) add(parts, each.policy().uid(), each);
    }
    return parts;
  }

  private static void add(Map<String, List<Object>> parts, String uid, Object part) {
    parts.computeIfAbsent(uid, _ -> new ArrayList<>()).add(part);
  }

  private PolicyParts() {}
}
