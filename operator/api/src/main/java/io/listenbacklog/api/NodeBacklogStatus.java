package io.listenbacklog.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the probe of a node found and did: written by that probe alone, when a verdict changes and
 * not at every sweep.
 *
 * @param observedGeneration the generation of the spec that the rest is about; null before the
 *     first sweep
 * @param bootId of the node's kernel: remedies of an earlier boot are gone with their sockets
 * @param capabilities what the probe can do on this node, as conditions: {@code Births}, {@code
 *     Relisten}, {@code Sysctl}, {@code KernelLog}, {@code Visibility}, {@code Clock} where it is
 *     wrong
 * @param listeners those that are undersized, remedied or have a symptom
 * @param pods those whose requirement says {@link NodeRequirement#appConfig}, and that can be
 *     looked at; null: there are none, or the probe is of a version that does not tell
 * @param omitted null: nothing
 */
@JsonClassDescription("What the probe of this node found and did, written by that probe.")
public record NodeBacklogStatus(
    @JsonPropertyDescription("The generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "The node's boot: remedies of an earlier one are gone with their sockets.")
        @Nullable String bootId,
    @JsonPropertyDescription("What the probe can do on this node, and why not.")
        List<Condition> capabilities,
    @JsonPropertyDescription("Pods and listeners of each policy.") List<PolicyCounts> policies,
    @JsonPropertyDescription("Listeners that are undersized, remedied or have a symptom.")
        List<NodeListener> listeners,
    @JsonPropertyDescription("Sysctls that were raised, or may be but cannot.")
        List<NodeSysctl> sysctls,
    @JsonPropertyDescription("Remedies undone in the last ten minutes.")
        List<Restoration> restorations,
    @JsonPropertyDescription(
            "What applications gave their listeners by themselves, of pods whose policy has appConfig; absent: there are none.")
        @Nullable List<PodBacklogs> pods,
    @JsonPropertyDescription(
            "How much is left out above, for each pod has a share of it; absent: nothing.")
        @Nullable Omitted omitted) {

  public NodeBacklogStatus {
    capabilities = List.copyOf(requireNonNullElse(capabilities, List.of()));
    policies = List.copyOf(requireNonNullElse(policies, List.of()));
    listeners = List.copyOf(requireNonNullElse(listeners, List.of()));
    sysctls = List.copyOf(requireNonNullElse(sysctls, List.of()));
    restorations = List.copyOf(requireNonNullElse(restorations, List.of()));
    if (pods != null) pods = List.copyOf(pods);
  }

  /** With nothing left out, of a node that no policy with {@code appConfig} concerns. */
  public NodeBacklogStatus(
      @Nullable Long observedGeneration,
      @Nullable String bootId,
      List<Condition> capabilities,
      List<PolicyCounts> policies,
      List<NodeListener> listeners,
      List<NodeSysctl> sysctls,
      List<Restoration> restorations) {
    this(
        observedGeneration,
        bootId,
        capabilities,
        policies,
        listeners,
        sysctls,
        restorations,
        null,
        null);
  }
}
