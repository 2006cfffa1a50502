package io.listenbacklog.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the pods of a policy need. Absent lists and enums take their defaults here, so nobody sees a
 * null.
 *
 * @param mode Observe unless set
 * @param priority −1,000,000 to 1,000,000; the higher governs
 * @param selector null: every pod of the namespace
 * @param minimum backlog of every listener, 1 to 65535; null: no requirement but for {@code ports}
 * @param maximum how far an overflow may make the backlog grow, 1 to 65535; null: it never grows
 * @param ports at most 64, each port once
 * @param loopback Govern unless set
 * @param unix Observe unless set
 * @param remedies not empty; both unless set
 * @param sysctls null: no floors
 * @param stall null: after five seconds
 * @param onDelete Restore unless set
 * @param appConfig at most 16; several for one workload are one change
 * @param rollout null: as {@link Rollout#DEFAULT} says
 */
@JsonClassDescription("Which pods, what they need, and what may be done about it.")
@ValidationRule(
    value = Docs.MAXIMUM_RULE,
    message = Docs.MAXIMUM_MESSAGE,
    messageExpression = Docs.MAXIMUM_VALUES,
    reason = "FieldValueInvalid",
    fieldPath = ".maximum")
@ValidationRule(
    value = Docs.PATHS_GOVERNED,
    message = Docs.PATHS_GOVERNED_MESSAGE,
    messageExpression = Docs.PATHS_GOVERNED_VALUES,
    reason = "FieldValueInvalid",
    fieldPath = ".ports")
@ValidationRule(
    value = Docs.APP_CONFIG_NAMED,
    message = Docs.APP_CONFIG_NAMED_MESSAGE,
    reason = "FieldValueInvalid",
    fieldPath = ".appConfig")
public record BacklogPolicySpec(
    @JsonPropertyDescription(Docs.MODE) @Default("Observe") Mode mode,
    @JsonPropertyDescription(Docs.PRIORITY) @Default("0") @Min(-1000000) @Max(1000000)
        Integer priority,
    @JsonPropertyDescription(Docs.SELECTOR) @Nullable LabelSelector selector,
    @JsonPropertyDescription(Docs.MINIMUM) @Min(1) @Max(65535) @Nullable Integer minimum,
    @JsonPropertyDescription(Docs.MAXIMUM) @Min(1) @Max(65535) @Nullable Integer maximum,
    @JsonPropertyDescription(Docs.PORTS)
        @Size(max = 64)
        @ValidationRule(
            value = Docs.PORTS_UNIQUE,
            message = Docs.PORTS_UNIQUE_MESSAGE,
            messageExpression = Docs.PORTS_UNIQUE_VALUES,
            reason = "FieldValueInvalid")
        @ValidationRule(
            value = Docs.PATHS_UNIQUE,
            message = Docs.PATHS_UNIQUE_MESSAGE,
            messageExpression = Docs.PATHS_UNIQUE_VALUES,
            reason = "FieldValueInvalid")
        List<PortRule> ports,
    @JsonPropertyDescription(Docs.LOOPBACK) @Default("Govern") Loopback loopback,
    @JsonPropertyDescription(Docs.UNIX) @Default("Observe") UnixListeners unix,
    @JsonPropertyDescription(Docs.REMEDIES)
        @Default("[\"Sysctl\",\"Relisten\"]")
        @Size(min = 1, max = 3)
        List<Remedy> remedies,
    @JsonPropertyDescription(Docs.SYSCTLS) @Nullable Sysctls sysctls,
    @JsonPropertyDescription(Docs.STALL) @Nullable StallRule stall,
    @JsonPropertyDescription(Docs.ON_DELETE) @Default("Restore") OnDelete onDelete,
    @JsonPropertyDescription(Docs.APP_CONFIG) @Size(max = 16) List<AppConfigRule> appConfig,
    @JsonPropertyDescription(Docs.ROLLOUT) @Nullable Rollout rollout) {

  /** Both remedies: what a policy allows that names none. */
  static final List<Remedy> ALL_REMEDIES = List.of(Remedy.SYSCTL, Remedy.RELISTEN);

  /** What holds where nothing is said: observe, and ask for nothing. */
  public static final BacklogPolicySpec DEFAULTS =
      new BacklogPolicySpec(
          Mode.OBSERVE,
          0,
          null,
          null,
          null,
          List.of(),
          Loopback.GOVERN,
          UnixListeners.OBSERVE,
          ALL_REMEDIES,
          null,
          null,
          OnDelete.RESTORE);

  /** Without anything of the application's configuration. */
  public BacklogPolicySpec(
      Mode mode,
      Integer priority,
      @Nullable LabelSelector selector,
      @Nullable Integer minimum,
      @Nullable Integer maximum,
      List<PortRule> ports,
      Loopback loopback,
      UnixListeners unix,
      List<Remedy> remedies,
      @Nullable Sysctls sysctls,
      @Nullable StallRule stall,
      OnDelete onDelete) {
    this(
        mode, priority, selector, minimum, maximum, ports, loopback, unix, remedies, sysctls, stall,
        onDelete, List.of(), null);
  }

  public BacklogPolicySpec {
    mode = requireNonNullElse(mode, Mode.OBSERVE);
    priority = requireNonNullElse(priority, 0);
    ports = List.copyOf(requireNonNullElse(ports, List.of()));
    loopback = requireNonNullElse(loopback, Loopback.GOVERN);
    unix = requireNonNullElse(unix, UnixListeners.OBSERVE);
    remedies = List.copyOf(requireNonNullElse(remedies, ALL_REMEDIES));
    onDelete = requireNonNullElse(onDelete, OnDelete.RESTORE);
    appConfig = List.copyOf(requireNonNullElse(appConfig, List.of()));
  }
}
