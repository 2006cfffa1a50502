package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * How many listeners there are, by what was found of them. {@code remedied}, {@code undersized} and
 * {@code exempt} are parts of {@code total}; {@code unobservable} counts pods' listeners that could
 * not be judged and are not in it.
 */
public record ListenerCounts(
    @JsonPropertyDescription("All listeners seen.") int total,
    @JsonPropertyDescription("Listeners below their required backlog.") int undersized,
    @JsonPropertyDescription("Listeners whose backlog the operator raised.") int remedied,
    @JsonPropertyDescription("Listeners on exempt ports.") int exempt,
    @JsonPropertyDescription("Pods whose listeners cannot be seen on their node.")
        int unobservable) {

  /** No listener at all. */
  public static final ListenerCounts NONE = new ListenerCounts(0, 0, 0, 0, 0);

  /** The sum of both. */
  public ListenerCounts plus(ListenerCounts other) {
    return new ListenerCounts(
        total + other.total,
        undersized + other.undersized,
        remedied + other.remedied,
        exempt + other.exempt,
        unobservable + other.unobservable);
  }
}
