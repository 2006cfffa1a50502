package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/**
 * What a policy asks of the listeners on one port, on a range of ports or on a UNIX path: a backlog
 * of their own, or nothing at all.
 *
 * @param port 1 to 65535, a range of such numbers ({@code 30000-32767}), or the name of a container
 *     port; null: the rule has a path
 * @param path of UNIX listeners: the path or the abstract name ({@code @…}) that they are bound to;
 *     one that ends in {@code *} is what it begins with; null: the rule has a port
 * @param minimum the backlog they need, 1 to 65535; null: as the policy says
 * @param maximum how far it may grow, 1 to 65535; null: as the policy says, or it has a path
 * @param exempt true: these listeners need nothing and are never changed
 */
@ValidationRule(
    value = "has(self.port) != has(self.path)",
    message = "an entry of ports has either a port or a path",
    messageExpression =
        "'an entry of ports has either a port or a path' + (has(self.port) && has(self.path) ?"
            + " ', and not both port ' + string(self.port) + ' and path ' + self.path : '')",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "(has(self.minimum) || has(self.maximum)) != (has(self.exempt) && self.exempt)",
    message = "a port has either a minimum, a maximum or both, or exempt: true",
    messageExpression =
        "(has(self.port) ? 'port ' + string(self.port) : has(self.path) ? 'path ' + self.path : 'a port')"
            + " + ' has either a minimum, a maximum or both, or exempt: true'",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = Docs.MAXIMUM_RULE,
    message = Docs.MAXIMUM_MESSAGE,
    messageExpression = Docs.MAXIMUM_VALUES,
    reason = "FieldValueInvalid",
    fieldPath = ".maximum")
@ValidationRule(
    value = "!has(self.path) || !has(self.maximum)",
    message = "a path has no maximum: UNIX listeners do not grow",
    messageExpression =
        "'path %s cannot have maximum %s: UNIX listeners do not grow'.format([self.path, string(self.maximum)])",
    reason = "FieldValueInvalid",
    fieldPath = ".maximum")
public record PortRule(
    @JsonPropertyDescription(
            "The port, by number (1 to 65535), by the name it has in a container's ports, or a range (30000-32767).")
        @Nullable IntOrString port,
    @JsonPropertyDescription(
            "UNIX listeners, by the path or abstract name (@...) they are bound to, as ss -xl shows it; at the end, *"
                + " stands for anything. A minimum needs unix: Govern.")
        @Size(min = 1, max = 109)
        @Pattern("^[^*\\x00-\\x1f\\x7f]*[*]?$")
        @Nullable String path,
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

  /** For a port. */
  public PortRule(
      IntOrString port,
      @Nullable Integer minimum,
      @Nullable Integer maximum,
      @Nullable Boolean exempt) {
    this(port, null, minimum, maximum, exempt);
  }

  /** Whether listeners on this port are left alone. */
  public boolean isExempt() {
    return Boolean.TRUE.equals(exempt);
  }
}
