package io.listenbacklog.controller.event;

import io.listenbacklog.policy.event.EventDraft;
import io.listenbacklog.policy.event.Regarding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * How many Events there may be, whatever applications do: a limit for one object and reason in any
 * hour, and one for a namespace in any minute. Not thread-safe.
 */
final class Quota {
  /** Of one object and reason, and one more that counts the rest. */
  static final int EVENTS_AN_HOUR = 10;

  /**
   * Of one namespace, each that says again what lasts included, and one more that counts the rest.
   */
  static final int WRITES_A_MINUTE = 49;

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** How often expired entries are removed. */
  private static final Duration CLEANING = Duration.ofMinutes(1);

  /** What may be done. */
  enum Answer {
    YES,
    /** There are enough of its object and reason. */
    ENOUGH_OF_THAT,
    /** There are enough of its namespace for now. */
    NOT_NOW
  }

  /** What the limit of an hour is for. */
  record Subject(String uid, String reason) {
    static Subject of(EventDraft occurrence) {
      return new Subject(occurrence.regarding().uid(), occurrence.reason());
    }
  }

  /** When those were written that count, the oldest first. */
  private final Map<Subject, ArrayDeque<Instant>> written = new HashMap<>();

  private final Map<String, ArrayDeque<Instant>> writtenByNamespace = new HashMap<>();
  private Instant nextCleaning = Instant.MIN;

  /** Whether an Event may be written that nobody has written before. */
  Answer ask(EventDraft occurrence, Instant now) {
    if (count(Subject.of(occurrence), now) >= EVENTS_AN_HOUR) return Answer.ENOUGH_OF_THAT;
    return isRoomIn(occurrence.regarding(), now) ? Answer.YES : Answer.NOT_NOW;
  }

  /** Whether one more write may be made in the namespace of an object. */
  boolean isRoomIn(Regarding regarding, Instant now) {
    String namespace = regarding.namespace();
    if (namespace == null) return true; // of those who administer the cluster
    var there = writtenByNamespace.get(namespace);
    return there == null || countSince(there, now.minus(MINUTE)) < WRITES_A_MINUTE;
  }

  /** How many of it were written in the last hour. */
  int count(Subject subject, Instant now) {
    var there = written.get(subject);
    return there == null ? 0 : countSince(there, now.minus(HOUR));
  }

  /** An Event was written. */
  void wrote(EventDraft occurrence, Instant now) {
    written.computeIfAbsent(Subject.of(occurrence), _ -> new ArrayDeque<>(2)).addLast(now);
    repeated(occurrence, now);
  }

  /** An Event that was there was written again. */
  void repeated(EventDraft occurrence, Instant now) {
    String namespace = occurrence.regarding().namespace();
    if (namespace != null) {
      writtenByNamespace.computeIfAbsent(namespace, _ -> new ArrayDeque<>()).addLast(now);
    }
    clean(now);
  }

  /** Somebody has written enough of it before. */
  void fill(Subject subject, Instant now) {
    var there = written.computeIfAbsent(subject, _ -> new ArrayDeque<>());
    while (there.size() < EVENTS_AN_HOUR) there.addLast(now);
  }

  private void clean(Instant now) {
    if (now.isBefore(nextCleaning)) return;
    nextCleaning = now.plus(CLEANING);
    written.values().removeIf(each -> countSince(each, now.minus(HOUR)) == 0);
    writtenByNamespace.values().removeIf(each -> countSince(each, now.minus(MINUTE)) == 0);
  }

  private static int countSince(ArrayDeque<Instant> all, Instant since) {
    while (!all.isEmpty() && !all.getFirst().isAfter(since)) all.removeFirst();
    return all.size();
  }
}
