package io.listenbacklog.api;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/**
 * When an application counts as stalled.
 *
 * @param after how long a connection waits at least while nothing is accepted: such as {@code 5s},
 *     {@code 1m30s} or {@code 1500ms}, from one second to one hour; {@code 5s} unless set
 */
@ValidationRule(
    value =
        "!has(self.after) || self.after.matches('^([0-9]{1,7}(ms|s|m|h)){1,4}$') &&"
            + " !self.after.matches('[1-9][0-9]{5,6}h') &&"
            + " duration(self.after) >= duration('1s') && duration(self.after) <= duration('1h')",
    message = "after must be a duration from 1s to 1h, such as 5s or 1m30s",
    messageExpression =
        "'after \"' + (self.after.size() <= 40 ? self.after : self.after.substring(0, 40) + '...')"
            + " + '\" must be a duration from 1s to 1h, such as 5s or 1m30s'",
    reason = "FieldValueInvalid",
    fieldPath = ".after")
public record StallRule(
    @JsonPropertyDescription(
            "A connection that has waited this long for accept() while nothing was accepted is a stall: a duration from"
                + " 1s to 1h such as 5s or 1m30s. Default: 5s.")
        @Default("5s")
        String after) {

  /** What holds where nothing is said. */
  public static final StallRule DEFAULT = new StallRule("5s");

  public StallRule {
    after = requireNonNullElse(after, "5s");
  }

  /**
   * {@code after} as a duration.
   *
   * @throws IllegalArgumentException if it is none, which the API server refuses
   */
  public Duration duration() {
    return Durations.parse("stall.after", after);
  }
}
