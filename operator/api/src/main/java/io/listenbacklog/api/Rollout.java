package io.listenbacklog.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/**
 * With what care a change of an application's configuration is rolled out.
 *
 * @param maxUnavailablePods as many of a workload's pods may be away while it is rolled out by its
 *     own strategy, 0 to 1000; 1 unless set
 * @param minReplicas workloads with fewer replicas are left alone, 1 to 1000; 2 unless set
 * @param observeFor how long the policy must have existed before the first change, and how long a
 *     changed workload is watched: {@code 0s} to {@code 24h}; {@code 5m} unless set
 * @param onConflict Report unless set
 */
@ValidationRule(
    value =
        "!has(self.observeFor) || self.observeFor.matches('^([0-9]{1,7}(ms|s|m|h)){1,4}$') &&"
            + " !self.observeFor.matches('[1-9][0-9]{5,6}h') &&"
            + " duration(self.observeFor) <= duration('24h')",
    message = "observeFor must be a duration up to 24h, such as 5m or 1h30m",
    messageExpression =
        "'observeFor \"' + (self.observeFor.size() <= 40 ? self.observeFor : self.observeFor.substring(0, 40) + '...')"
            + " + '\" must be a duration up to 24h, such as 5m or 1h30m'",
    reason = "FieldValueInvalid",
    fieldPath = ".observeFor")
public record Rollout(
    @JsonPropertyDescription(
            "How many of a workload's pods may be away while its own strategy rolls it out; one that lets more go is not changed. Default: 1.")
        @Default("1")
        @Min(0)
        @Max(1000)
        Integer maxUnavailablePods,
    @JsonPropertyDescription("Workloads with fewer replicas are not changed. Default: 2.")
        @Default("2")
        @Min(1)
        @Max(1000)
        Integer minReplicas,
    @JsonPropertyDescription(
            "How long the policy must have existed before the first change, and how long a changed workload is watched: up to 24h. Default: 5m.")
        @Default("5m")
        String observeFor,
    @JsonPropertyDescription(
            "Where GitOps, Helm, kubectl apply or an operator owns the pod template. Report (default): the patch is shown in status, nothing is written. Force: it is written, and left alone after it was set back twice.")
        @Default("Report")
        OnConflict onConflict) {

  /** What holds where nothing is said. */
  public static final Rollout DEFAULT = new Rollout(1, 2, "5m", OnConflict.REPORT);

  public Rollout {
    maxUnavailablePods = requireNonNullElse(maxUnavailablePods, 1);
    minReplicas = requireNonNullElse(minReplicas, 2);
    observeFor = requireNonNullElse(observeFor, "5m");
    onConflict = requireNonNullElse(onConflict, OnConflict.REPORT);
  }

  /**
   * {@code observeFor} as a duration.
   *
   * @throws IllegalArgumentException if it is none, which the API server refuses
   */
  public Duration observation() {
    return Durations.parse("rollout.observeFor", observeFor);
  }
}
