package io.listenbacklog.policy.resolve.limit;

import io.listenbacklog.api.PodReference;
import io.listenbacklog.api.PolicyReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the installation's limits cut of what is asked for a pod; at least one thing.
 *
 * @param policy that governs it; null: none does
 */
public record PodClamps(PodReference pod, @Nullable PolicyReference policy, List<Clamp> clamps) {
  public PodClamps {
    clamps = List.copyOf(clamps);
  }
}
