package io.listenbacklog.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * How many listeners there are, by what was found of them. All are parts of {@code total}, but for
 * {@code unobservable}, which counts pods' listeners that could not be judged and are not in it.
 */
public record ListenerCounts(
    @JsonPropertyDescription("All listeners seen.") int total,
    @JsonPropertyDescription("Listeners below their required backlog.") int undersized,
    @JsonPropertyDescription("Listeners whose backlog the operator raised.") int remedied,
    @JsonPropertyDescription("Listeners on exempt ports.") int exempt,
    @JsonPropertyDescription("Pods whose listeners cannot be seen on their node.") int unobservable,
    @JsonPropertyDescription("Listeners that dropped connection attempts in the last five minutes.")
        int overflowing,
    @JsonPropertyDescription(
            "Listeners whose application did not accept, in the last five minutes.")
        int stalled,
    @JsonPropertyDescription("Listeners whose SYN queue overflowed in the last five minutes.")
        int flooded) {

  /** No listener at all. */
  public static final ListenerCounts NONE = new ListenerCounts(0, 0, 0, 0, 0, 0, 0, 0);

  /** Pods whose listeners cannot be judged. */
  public static ListenerCounts unobservable(int pods) {
    return new ListenerCounts(0, 0, 0, 0, pods, 0, 0, 0);
  }

  /** So many of that kind. */
  public ListenerCounts times(int many) {
    return new ListenerCounts(
        total * many,
        undersized * many,
        remedied * many,
        exempt * many,
        unobservable * many,
        overflowing * many,
        stalled * many,
        flooded * many);
  }

  /** The sum of both. */
  public ListenerCounts plus(ListenerCounts other) {
    return new ListenerCounts(
        total + other.total,
        undersized + other.undersized,
        remedied + other.remedied,
        exempt + other.exempt,
        unobservable + other.unobservable,
        overflowing + other.overflowing,
        stalled + other.stalled,
        flooded + other.flooded);
  }
}
