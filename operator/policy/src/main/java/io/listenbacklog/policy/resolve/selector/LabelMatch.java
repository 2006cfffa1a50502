package io.listenbacklog.policy.resolve.selector;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A {@code metav1.LabelSelector}, with its exact meaning, compiled for frequent use. */
public sealed interface LabelMatch {

  /** Whether an object with these labels is selected. */
  boolean matches(Map<String, String> labels);

  /** What an absent or empty selector means here. */
  record Everything() implements LabelMatch {
    @Override
    public boolean matches(Map<String, String> labels) {
      return true;
    }
  }

  /** The label is there and has one of the values. */
  record In(String key, Set<String> values) implements LabelMatch {
    @Override
    public boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      return value != null && values.contains(value);
    }
  }

  /** The label is absent or has none of the values. */
  record NotIn(String key, Set<String> values) implements LabelMatch {
    @Override
    public boolean matches(Map<String, String> labels) {
      String value = labels.get(key);
      return value == null || !values.contains(value);
    }
  }

  /** The label is there. */
  record Exists(String key) implements LabelMatch {
    @Override
    public boolean matches(Map<String, String> labels) {
      return labels.containsKey(key);
    }
  }

  /** The label is absent. */
  record DoesNotExist(String key) implements LabelMatch {
    @Override
    public boolean matches(Map<String, String> labels) {
      return !labels.containsKey(key);
    }
  }

  /** Every one of these matches. */
  record All(List<LabelMatch> parts) implements LabelMatch {
    @Override
    public boolean matches(Map<String, String> labels) {
      for (LabelMatch part : parts) {
        if (!part.matches(labels)) return false;
      }
      return true;
    }
  }

  /**
   * An invalid selector, which selects nothing.
   *
   * @param problem such as {@code matchExpressions[0].operator: "Near" is not In, NotIn, Exists or
   *     DoesNotExist}
   */
  record Invalid(String problem) implements LabelMatch {
    @Override
    public boolean matches(Map<String, String> labels) {
      return false;
    }
  }

  /** Never throws: what is invalid becomes {@link Invalid}. */
  static LabelMatch of(@Nullable LabelSelector selector) {
    if (selector == null) return new Everything();
    var parts = new ArrayList<LabelMatch>();
    requireNonNullElse(selector.getMatchLabels(), Map.<String, String>of())
        .forEach((key, value) -> parts.add(label(key, value)));
    var expressions =
        requireNonNullElse(selector.getMatchExpressions(), List.<LabelSelectorRequirement>of());
    for (int i = 0; i < expressions.size(); i++) {
      parts.add(of("matchExpressions[" + i + "]", expressions.get(i)));
    }
    for (LabelMatch part : parts) {
      if (part instanceof Invalid) return part;
    }
    return parts.isEmpty() ? new Everything() : new All(List.copyOf(parts));
  }

  private static LabelMatch of(String path, LabelSelectorRequirement expression) {
    String key = requireNonNullElse(expression.getKey(), "");
    String operator = requireNonNullElse(expression.getOperator(), "");
    var values = List.copyOf(requireNonNullElse(expression.getValues(), List.<String>of()));
    if (!LabelSyntax.isKey(key)) {
      return new Invalid("%s.key: \"%s\" is not a label key".formatted(path, key));
    }
    for (String value : values) {
      if (!LabelSyntax.isValue(value)) return notAValue(path + ".values", value);
    }
    return switch (operator) {
      case "In", "NotIn" ->
          values.isEmpty()
              ? new Invalid("%s.values: %s needs at least one".formatted(path, operator))
              : operator.equals("In")
                  ? new In(key, Set.copyOf(values))
                  : new NotIn(key, Set.copyOf(values));
      case "Exists", "DoesNotExist" ->
          !values.isEmpty()
              ? new Invalid("%s.values: %s takes none".formatted(path, operator))
              : operator.equals("Exists") ? new Exists(key) : new DoesNotExist(key);
      default ->
          new Invalid(
              "%s.operator: \"%s\" is not In, NotIn, Exists or DoesNotExist"
                  .formatted(path, operator));
    };
  }

  private static LabelMatch label(String key, String value) {
    if (!LabelSyntax.isKey(key)) {
      return new Invalid("matchLabels: \"%s\" is not a label key".formatted(key));
    }
    return LabelSyntax.isValue(value)
        ? new In(key, Set.of(value))
        : notAValue("matchLabels." + key, value);
  }

  private static Invalid notAValue(String path, String value) {
    return new Invalid("%s: \"%s\" is not a label value".formatted(path, value));
  }
}
