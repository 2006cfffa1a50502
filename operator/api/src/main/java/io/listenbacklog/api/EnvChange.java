package io.listenbacklog.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A variable of a container's environment.
 *
 * @param container null: the pod has but one
 * @param value {@code $(backlog)} in it stands for the number
 * @param combine Set unless set
 */
public record EnvChange(
    @JsonPropertyDescription("The container; absent: the pod has but one.") @Size(max = 63)
        @Nullable String container,
    @Required
        @JsonPropertyDescription("The variable's name.")
        @Size(min = 1, max = 128)
        @Pattern("^[A-Za-z_][A-Za-z0-9_]*$")
        String name,
    @Required
        @JsonPropertyDescription("Its value, in which $(backlog) stands for the number.")
        @Size(min = 1, max = 1024)
        @ValidationRule(
            value = "self.contains('$(backlog)')",
            message = "value must have $(backlog) in it",
            messageExpression =
                "'value \"' + (self.size() <= 64 ? self : self.substring(0, 64) + '...') + '\" must have $(backlog) in it'",
            reason = "FieldValueInvalid")
        String value,
    @JsonPropertyDescription(
            "Set (default): the whole value. Append: set within the value that is there, or appended to it.")
        @Default("Set")
        EnvCombine combine) {

  public EnvChange {
    combine = requireNonNullElse(combine, EnvCombine.SET);
  }
}
