package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/**
 * What a policy asks of the listeners on one port: a backlog of their own, or nothing at all.
 *
 * @param port 1 to 65535, or the name of a container port
 * @param minimum the backlog they need, 1 to 65535; null: as the policy says
 * @param maximum how far it may grow, 1 to 65535; null: as the policy says
 * @param exempt true: these listeners need nothing and are never changed
 */
@ValidationRule(
    value = "(has(self.minimum) || has(self.maximum)) != (has(self.exempt) && self.exempt)",
    message = "a port has either a minimum, a maximum or both, or exempt: true",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = Docs.MAXIMUM_RULE,
    message = Docs.MAXIMUM_MESSAGE,
    reason = "FieldValueInvalid",
    fieldPath = ".maximum")
@ValidationRule(
    value =
        "type(self.port) == int ? self.port >= 1 && self.port <= 65535 :"
            + " self.port.size() <= 15 && self.port.matches('^[a-z0-9]+(-[a-z0-9]+)*$') &&"
            + " self.port.matches('[a-z]')",
    message = "port must be 1 to 65535 or the name of a container port",
    reason = "FieldValueInvalid",
    fieldPath = ".port")
public record PortRule(
    @Required
        @JsonPropertyDescription(
            "The port, by number (1 to 65535) or by the name it has in a container's ports.")
        IntOrString port,
    @JsonPropertyDescription("The backlog that listeners on this port need, 1 to 65535.")
        @Min(1)
        @Max(65535)
        @Nullable Integer minimum,
    @JsonPropertyDescription(
            "How far the backlog of listeners on this port may grow, 1 to 65535. Absent: as far as the policy's maximum.")
        @Min(1)
        @Max(65535)
        @Nullable Integer maximum,
    @JsonPropertyDescription(
            "True: listeners on this port need nothing and are never changed. Excludes minimum and maximum.")
        @Nullable Boolean exempt) {

  /** Whether listeners on this port are left alone. */
  public boolean isExempt() {
    return Boolean.TRUE.equals(exempt);
  }
}
