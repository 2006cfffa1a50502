package io.listenbacklog.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was found of the pods that a policy governs. Both policy kinds have it. */
@JsonClassDescription("What was found of the pods that this policy governs.")
public record BacklogPolicyStatus(
    @JsonPropertyDescription("The generation of the spec that this status is about.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "Accepted: the spec makes sense and governs pods. Observed: a working probe sees all of them."
                + " Compliant: every listener has its backlog. Healthy: no overflow, stall or SYN flood in the last five"
                + " minutes. Configured: what appConfig asks for is in the applications' own configuration.")
        List<Condition> conditions,
    @JsonPropertyDescription("How many pods this policy governs.") int pods,
    @JsonPropertyDescription("How many listeners these pods have.") ListenerCounts listeners,
    @JsonPropertyDescription(
            "At most 20 listeners that have a symptom or are below their requirement: stalled ones first, then"
                + " overflowing, then flooded ones, then the widest gap.")
        @Size(max = 20)
        List<WorstListener> worst,
    @JsonPropertyDescription(
            "What became of the entries of appConfig, by workload: at most 20, those that need a look first.")
        @Size(max = 20)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<AppConfigStatus> appConfig) {

  /** With nothing of an application's configuration. */
  public BacklogPolicyStatus(
      @Nullable Long observedGeneration,
      List<Condition> conditions,
      int pods,
      ListenerCounts listeners,
      List<WorstListener> worst) {
    this(observedGeneration, conditions, pods, listeners, worst, List.of());
  }

  public BacklogPolicyStatus {
    conditions = List.copyOf(requireNonNullElse(conditions, List.of()));
    listeners = requireNonNullElse(listeners, ListenerCounts.NONE);
    worst = List.copyOf(requireNonNullElse(worst, List.of()));
    appConfig = List.copyOf(requireNonNullElse(appConfig, List.of()));
  }
}
