package io.listenbacklog.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * One flag of a container's arguments, set or replaced.
 *
 * @param container null: the pod has but one
 * @param flag such as {@code --backlog}
 * @param form how it is written where it is not there yet; Equals unless set
 */
public record ArgsChange(
    @JsonPropertyDescription("The container; absent: the pod has but one.") @Size(max = 63)
        @Nullable String container,
    @Required @JsonPropertyDescription("The flag, such as --backlog.") @Size(min = 1, max = 128)
        String flag,
    @JsonPropertyDescription(
            "How it is written where it is not there yet. Equals (default): --backlog=64; Separate: two arguments.")
        @Default("Equals")
        ArgForm form) {

  public ArgsChange {
    form = requireNonNullElse(form, ArgForm.EQUALS);
  }
}
