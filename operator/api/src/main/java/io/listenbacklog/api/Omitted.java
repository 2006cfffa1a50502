package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * What a status leaves out because it would be too large: each pod has a share of it. All of it is
 * counted in {@link PolicyCounts}, and what undoes a remedy stands in the journal of the probe.
 *
 * @param listeners undersized, remedied or with a symptom
 * @param pods null: none
 */
public record Omitted(
    @JsonPropertyDescription("Listeners that are undersized, remedied or have a symptom.")
        int listeners,
    @JsonPropertyDescription("Sysctls that were raised, or may be but cannot.") int sysctls,
    @JsonPropertyDescription("Remedies undone in the last ten minutes.") int restorations,
    @JsonPropertyDescription("Pods whose policy has appConfig; absent: none.")
        @Nullable Integer pods) {

  /** Of pods none. */
  public Omitted(int listeners, int sysctls, int restorations) {
    this(listeners, sysctls, restorations, null);
  }
}
