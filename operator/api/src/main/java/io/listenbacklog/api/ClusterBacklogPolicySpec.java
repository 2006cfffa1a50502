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
 * What the pods of a cluster-wide policy need: as in {@link BacklogPolicySpec}, and in which
 * namespaces.
 *
 * @param namespaceSelector null or empty: every namespace
 * @param allowNodeSysctls whether remedies for hostNetwork pods may raise sysctls of the node
 *     itself
 * @param appConfig as in a BacklogPolicy
 * @param rollout as in a BacklogPolicy
 */
@JsonClassDescription(
    "Which pods of which namespaces, what they need, and what may be done about it.")
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
public record ClusterBacklogPolicySpec(
    @JsonPropertyDescription(
            "The namespaces this policy is for, by label. Absent or empty: all namespaces.")
        @Nullable LabelSelector namespaceSelector,
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
    @JsonPropertyDescription(
            "Whether sysctls of the node itself may be raised for pods on the host network (mode Enforce, remedy"
                + " Sysctl). They hold for every process of the node's network namespace. Default: false.")
        @Default("false")
        Boolean allowNodeSysctls,
    @JsonPropertyDescription(Docs.APP_CONFIG) @Size(max = 16) List<AppConfigRule> appConfig,
    @JsonPropertyDescription(Docs.ROLLOUT) @Nullable Rollout rollout) {

  /** Without anything of the application's configuration. */
  public ClusterBacklogPolicySpec(
      @Nullable LabelSelector namespaceSelector,
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
      OnDelete onDelete,
      Boolean allowNodeSysctls) {
    this(
        namespaceSelector,
        mode,
        priority,
        selector,
        minimum,
        maximum,
        ports,
        loopback,
        unix,
        remedies,
        sysctls,
        stall,
        onDelete,
        allowNodeSysctls,
        List.of(),
        null);
  }

  public ClusterBacklogPolicySpec {
    mode = requireNonNullElse(mode, Mode.OBSERVE);
    priority = requireNonNullElse(priority, 0);
    ports = List.copyOf(requireNonNullElse(ports, List.of()));
    loopback = requireNonNullElse(loopback, Loopback.GOVERN);
    unix = requireNonNullElse(unix, UnixListeners.OBSERVE);
    remedies = List.copyOf(requireNonNullElse(remedies, BacklogPolicySpec.ALL_REMEDIES));
    onDelete = requireNonNullElse(onDelete, OnDelete.RESTORE);
    allowNodeSysctls = requireNonNullElse(allowNodeSysctls, false);
    appConfig = List.copyOf(requireNonNullElse(appConfig, List.of()));
  }

  /** All but the namespaces: the part that works as in a BacklogPolicy. */
  public BacklogPolicySpec namespaced() {
    return new BacklogPolicySpec(
        mode, priority, selector, minimum, maximum, ports, loopback, unix, remedies, sysctls, stall,
        onDelete, appConfig, rollout);
  }
}
